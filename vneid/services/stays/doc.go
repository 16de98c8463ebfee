// Package stays notifies stays (thông báo lưu trú): what a hotel, a hospital or a
// household owes the commune's police for everybody who sleeps there. It is
// experimental, and its wire is a project format, not VNeID's.
//
//	desk, err := stays.New(stays.Config{Client: client, Secret: secret})
//	answers, err := desk.Submit(ctx, []stays.Stay{{
//		Facility: "hotel-1", Room: "302", Guest: stays.FromChip(document), Arrive: now, Leave: friday,
//	}})
//
// # Who, until when
//
//	who          citizens, and children without a card with the adult they came with
//	not here     foreigners: declared by another procedure (khai báo tạm trú cho người
//	             nước ngoài, Law 47/2014/QH13 Art. 33). A *ForeignerError refuses them
//	             before anything is sent; WriteForeigners makes their list
//	             stays of 30 days and more: đăng ký tạm trú
//	until when   before 23:00 of the day of arrival, before 08:00 of the next for who
//	             comes at 23:00 or later, in UTC+7 (Law 68/2020/QH14 Art. 30, from
//	             2021-07-01, as the press reports it). What comes later is taken, and
//	             Late: a late notice is better than none
//	once         close family of a household, however often they come
//	             (Stay.Family; Art. 30)
//
// # What is told of a guest
//
// Name, number, birth, sex, residence, room, arrival, day of leaving, reason: what
// Art. 30 asks for and nothing else that the evidence said. Source says for each row
// whether somebody signed it (SourceCode, SourceChip, SourceLogin) or it is text
// (SourceTyped, SourcePrinted): it is the hotel's word to the police, which no signature
// covers. No picture of a card is taken or kept: that is sensitive personal data
// (Decree 356/2025 Art. 4).
//
// # Once per guest and night
//
// Each row has a key: HMAC-SHA-256 under Config.Secret over facility, day of arrival and
// guest. The same row sent again, after a lost answer or by another clerk, is answered
// as it was (Answer.Again); the same guest and night with other details is refused as
// key_reused: correct the notice. A notice that was cancelled by mistake is filed anew
// with its ID in Stay.After. The key tells nobody who it is; an unkeyed hash of a number
// would (there are few enough numbers to try).
//
// # Refusals of rows
//
//	code              kind                   what the desk does
//	malformed         vneid.ErrMalformed     correct the row
//	no_number         vneid.ErrMalformed     give the number, or the child's birth and adult
//	unknown_facility  vneid.ErrMismatch      check the code: it is not this client's
//	foreigner         vneid.ErrMismatch      *ForeignerError: declare elsewhere
//	residence         vneid.ErrMismatch      register a temporary residence
//	not_household     vneid.ErrMismatch      file each stay
//	future            vneid.ErrNotYetValid   wait for the guest; check the clock
//	too_old           vneid.ErrExpired       arrived over 30 days ago: ask the police
//	duplicate         vneid.ErrReplayed      there is a notice already: Error.ID
//	key_reused        vneid.ErrReplayed      correct that notice
//	unknown, changed, other_guest            of Correct and Cancel: vneid.ErrMismatch
//	cancelled         vneid.ErrRevoked
//	(not asked)       vneid.ErrUnavailable   submit the same rows again
//
// # Files
//
// ReadCSV reads an evening from a file that a spreadsheet wrote, with Vietnamese or
// English headings in any order; WriteCSV writes one, WriteAnswers what became of it,
// WriteForeigners the foreigners' list. All begin with a byte order mark, which Excel
// needs for Vietnamese letters, and no cell of theirs is a formula.
//
//	STT, Cơ sở, Phòng, Họ và tên, Số định danh, Số hộ chiếu, Quốc tịch, Ngày sinh,
//	Giới tính, Nơi cư trú, Giờ đến, Ngày đi, Lý do, Đi cùng, Nguồn
//	No., Facility, Room, Full name, Number, Passport, Nationality, Birth,
//	Sex, Residence, Arrival, Leaving, Reason, With, Source
//
// Needed are name, arrival and leaving; Đi cùng is the row of a child's adult. Dates are
// dd/MM/yyyy or yyyy-MM-dd, arrivals have HH:mm behind, in UTC+7. A row of a file is
// SourceTyped, whatever its Nguồn says. A number that lost its leading zeros to the
// spreadsheet is refused, not guessed.
//
// # Limits
//
// 1,000 rows in a call, sent 100 at a time; files of 1 MiB, 1,000 rows, 40 columns, cells
// of 500 letters.
package stays
