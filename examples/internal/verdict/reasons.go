package verdict

import "github.com/vneid-sdk/vneid-go/examples/internal/ui"

// ChipReasons words the reason codes of package chip. A code that is not here, or a
// caller's own words, are shown as they are.
func ChipReasons() map[string]ui.Text { return chipReasons }

var chipReasons = map[string]ui.Text{
	"malformed":        {Vi: "sai định dạng", En: "malformed"},
	"unread":           {Vi: "chưa đọc được", En: "not read"},
	"unknown-form":     {Vi: "một phần có định dạng chưa biết", En: "a part has a form that is not known"},
	"no-signed-object": {Vi: "không có danh sách đã ký", En: "there is no signed list"},
	"nothing-signed":   {Vi: "chưa có gì được ký hợp lệ", En: "nothing is validly signed"},
	"not-authentic":    {Vi: "chưa rõ ai đã ký dữ liệu", En: "it is not established who signed"},

	"bad-signature":         {Vi: "chữ ký không khớp", En: "the signature does not match"},
	"bad-digest":            {Vi: "dữ liệu khác lúc ký", En: "data differs from what was signed"},
	"not-listed":            {Vi: "dữ liệu nằm ngoài danh sách đã ký", En: "data is not on the signed list"},
	"sha-1":                 {Vi: "dùng SHA-1 đã lỗi thời", En: "uses SHA-1, which is out of date"},
	"weak-key":              {Vi: "khóa quá ngắn", En: "the key is too short"},
	"unknown-algorithm":     {Vi: "thuật toán không được chấp nhận", En: "an algorithm that is not accepted"},
	"unknown-curve":         {Vi: "đường cong không được biết", En: "a curve that is not known"},
	"bad-key":               {Vi: "khóa không dùng được", En: "the key is not usable"},
	"dg1-unread":            {Vi: "chưa đọc vùng MRZ (DG1)", En: "the machine-readable zone (DG1) was not read"},
	"dg1-malformed":         {Vi: "vùng MRZ (DG1) sai định dạng", En: "the machine-readable zone (DG1) is malformed"},
	"lists-unsigned":        {Vi: "mục lục có dữ liệu chưa ký", En: "it lists data that is not signed"},
	"omits-signed":          {Vi: "mục lục thiếu dữ liệu đã ký", En: "it leaves out data that is signed"},
	"no-signing-time":       {Vi: "bên ký không ghi thời điểm", En: "the signer states no time"},
	"signed-in-future":      {Vi: "ký ở thời điểm chưa đến (kiểm tra giờ máy)", En: "signed at a time that is yet to come (check the clock)"},
	"signed-outside-period": {Vi: "ký ngoài thời hạn của chứng thư", En: "signed outside the certificate's period"},

	"no-anchor":                  {Vi: "chưa có chứng thư gốc để đối chiếu", En: "no trust anchor to check against"},
	"no-chain":                   {Vi: "chưa nối được đến chứng thư gốc", En: "no way to a trust anchor"},
	"anchor-for-other-documents": {Vi: "chứng thư gốc dành cho loại giấy tờ khác", En: "the anchor is for other documents"},
	"not-for-this-document":      {Vi: "chứng thư không dành cho giấy tờ này", En: "the certificates are not for this document"},
	"other-state":                {Vi: "quốc gia khác", En: "another State"},
	"other-type":                 {Vi: "loại giấy tờ khác", En: "another type of document"},
	"critical-extension":         {Vi: "chứng thư có phần mở rộng bắt buộc chưa biết", En: "a critical extension that is not known"},
	"key-usage":                  {Vi: "chứng thư dùng sai mục đích", En: "the certificate is for another use"},
	"not-a-ca":                   {Vi: "nơi ký chứng thư không có quyền cấp chứng thư", En: "its issuer may not issue certificates"},
	"path-length":                {Vi: "chuỗi chứng thư quá dài", En: "too many certificates in the chain"},
	"not-yet-valid":              {Vi: "chứng thư chưa có hiệu lực", En: "a certificate is not valid yet"},
	"expired":                    {Vi: "chứng thư hết hạn", En: "a certificate has expired"},
	"revoked":                    {Vi: "chứng thư đã bị thu hồi", En: "the certificate was revoked"},
	"no-crl":                     {Vi: "không có danh sách thu hồi", En: "no revocation list at hand"},
	"stale-crl":                  {Vi: "danh sách thu hồi đã cũ", En: "the revocation list is out of date"},

	"downgrade":      {Vi: "thẻ đưa ra mức bảo vệ thấp hơn mức đã ký", En: "the card offered less protection than is signed for it"},
	"unsigned-offer": {Vi: "thẻ đưa ra cách mở chưa được ký", En: "the card offered a way that is not signed"},
	"dg14-unread":    {Vi: "chưa đọc DG14", En: "DG14 was not read"},
	"dg15-unread":    {Vi: "chưa đọc DG15", En: "DG15 was not read"},

	"proprietary-encoding": {Vi: "thông tin chi tiết có định dạng riêng", En: "the details have a form of their own"},
	"number-differs":       {Vi: "số định danh khác nhau", En: "the numbers differ"},
	"birth-differs":        {Vi: "ngày sinh khác nhau", En: "the dates of birth differ"},
	"sex-differs":          {Vi: "giới tính khác nhau", En: "the sexes differ"},
	"expiry-differs":       {Vi: "ngày hết hạn khác nhau", En: "the dates of expiry differ"},
	"name-differs":         {Vi: "họ tên khác nhau", En: "the names differ"},

	"chip-unproven":           {Vi: "chưa chứng minh chip thật", En: "not proven"},
	"chip-cannot-prove":       {Vi: "thẻ không có cách nào để chứng minh", En: "the card has no way to prove it"},
	"no-answer":               {Vi: "chip không trả lời thử thách", En: "the chip did not answer the challenge"},
	"unknown-key":             {Vi: "khóa của chip chưa biết cách kiểm tra", En: "a key that cannot be checked here"},
	"other-challenge":         {Vi: "trả lời cho thử thách khác", En: "an answer to another challenge"},
	"challenge-expired":       {Vi: "thử thách đã hết hạn", En: "the challenge is too old"},
	"challenge-early":         {Vi: "thử thách chưa đến lúc (kiểm tra giờ máy)", En: "the challenge is from later (check the clock)"},
	"not-transferable":        {Vi: "chỉ có giá trị với chương trình đã đọc thẻ", En: "proves something only to the program that read the card"},
	"not-run":                 {Vi: "chưa thực hiện khi đọc", En: "was not run when the card was read"},
	"refused":                 {Vi: "chip từ chối", En: "the chip refused"},
	"too-long-ago":            {Vi: "đọc đã quá lâu", En: "the reading is too long ago"},
	"other-key":               {Vi: "khóa khác với khóa đã ký", En: "another key than the signed one"},
	"no-signed-key":           {Vi: "không có khóa đã ký để đối chiếu", En: "no signed key to compare with"},
	"card-security-untrusted": {Vi: "EF.CardSecurity chưa được tin cậy", En: "EF.CardSecurity is not trusted"},

	"card-expired":          {Vi: "thẻ đã hết hạn", En: "the card has expired"},
	"no-date":               {Vi: "không có ngày hết hạn", En: "there is no date"},
	"answer-without-status": {Vi: "câu trả lời không có kết quả", En: "an answer without a result"},
}
