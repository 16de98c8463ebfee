// Package requests hands in at the platform what people file at a relying party, and
// tells citizens what an authority has for them. It is experimental, and its wire is a
// project format, not VNeID's.
//
//	desk, err := requests.New(requests.Config{Client: client, Secret: secret})
//	ticket, err := desk.File(ctx, "case-4711", requests.Residence{
//		Kind: requests.Temporary, Applicant: identity.Citizen(), Address: "…", From: from, Until: until,
//	})
//	ticket, err = desk.Look(ctx, ticket.ID)
//
// # Filings
//
//	Residence       đăng ký thường trú, đăng ký tạm trú, khai báo tạm vắng     level 1
//	Report          phản ánh, kiến nghị về an ninh trật tự; also anonymous     level 1
//	JudicialRecord  Phiếu lý lịch tư pháp số 1; no. 2 is refused               level 2
//	Integration     a document into the account, to be verified                level 2
//
// The levels are account levels. To file a procedure of residence level 1 is enough, as
// the published texts say; to look into the household book is level 2 and a data
// request (package vneid/share). The applicant is a vneid.Citizen: somebody whom
// evidence has shown, a login above all. Whoever has no account of the level, or a lock,
// is answered as unknown: a relying party does not find out which.
//
// Judicial records: form no. 2 is for the person alone, and nobody may ask them for it
// (the law as amended, in force 2026-07-01): refused always. Form no. 1 is offered from
// the days in services.JudicialRecords.
//
// # Tickets
//
//	received → processing → needs-more → processing …     any number of times
//	         → done, verified (of an Integration) or refused, which are final
//
// Look writes an entry into the person's usage history, for it tells something about
// them; the basis is their own filing. Anonymous reports have no person and no entry.
//
// # Notifications
//
//	Birth          lienthong.birth: khai sinh, thường trú, thẻ BHYT of a child under 6
//	Death          lienthong.death: khai tử, xóa đăng ký thường trú, mai táng; when the
//	               death is registered, the electronic identity card of who died is
//	               locked (Luật Căn cước Art. 34, ground d), and the account
//	News           to everybody, warnings of crime among them
//	AccountLinked  a portal's account was joined to the person's
//
// All but the last are for clients that the platform registered as state bodies. Greetings
// on birthdays, warnings before a card ends and the result of a registration are the
// platform's own; who has no account is told nothing, and the sender is answered alike.
//
// # Once
//
// ref is the caller's own name for the case. What travels is its keyed hash under
// Config.Secret; the same call again is answered as before (Ticket.Again), another one
// under the same ref is ErrReplayed.
//
// # Limits
//
// Addresses of 300 letters, texts of 2,000, 50 members of a household, refs of 256 bytes.
package requests
