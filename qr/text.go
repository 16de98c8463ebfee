package qr

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Form says what sort of text a QR code holds. The zero value is Unknown.
type Form uint8

// The forms that Classify tells apart.
const (
	Unknown  Form = iota // none of the others: a link, a payment code, any text
	CardText             // the unsigned text printed on a card: for ParseCard
	Signed               // one of our two signed codes: for Verifier.Verify
	Opaque               // looks like a code of the VNeID app, which only VNeID's own system can check
)

// Classify says what text looks like, so that a program knows which function to
// call. It proves nothing, and never follows a link. Text that was damaged on its
// way (input methods, wrong character sets, white space) keeps its form, so that
// the function which refuses it can say why.
//
// VNeID's app codes are not public: Opaque is a guess, inferred from their being
// one long run of base64, hexadecimal or decimal characters.
func Classify(text string) Form {
	if len(text) > maxText {
		return Unknown
	}
	switch s := trim(text); {
	case hasPrefixFold(s, wire.PrefixVN1), looksLikeJWS(s):
		return Signed
	case looksLikeCard(s):
		return CardText
	case looksOpaque(s):
		return Opaque
	}
	return Unknown
}

// trim removes what scanners put around a text: a byte order mark, line ends,
// tabs, spaces. Base45 never ends in a space (see internal/base45), so a signed
// code loses nothing.
func trim(s string) string {
	return strings.Trim(strings.TrimPrefix(s, "\ufeff"), " \t\r\n\x00")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// looksLikeJWS accepts Vietnamese letters too: an input method put them there.
func looksLikeJWS(s string) bool {
	return len(s) >= 100 && strings.Count(s, ".") == 2 &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < 0x80 && r != '.' && !isBase64(r) && r != '=' }) &&
		(strings.HasPrefix(s, "e") || !isASCII(s))
}

func isBase64(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '+' || r == '/'
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// looksLikeCard asks for twelve digits and separators, of which a wrong character
// set may have swallowed some.
func looksLikeCard(s string) bool {
	return len(s) > 12 && isDigits(s[:12], 12) && s[12] == '|' && strings.Count(s, "|") >= 4
}

// looksOpaque leaves out payment codes (EMV: VietQR and others begin with the
// field 00, length 02, value 01).
func looksOpaque(s string) bool {
	return len(s) >= 32 && !strings.HasPrefix(s, "000201") &&
		!strings.ContainsFunc(s, func(r rune) bool { return !isBase64(r) && r != '=' })
}

// read takes a signed code apart. It verifies nothing.
func (v *Verifier) read(code string) (*details, vneid.Signed, error) {
	if len(code) > maxText {
		return nil, vneid.Signed{}, malformed("the text is too long for a QR code")
	}
	s := trim(code)
	d, signed, err := v.readSigned(s)
	if err != nil && viet.Accented(s) && Classify(s) == Signed {
		err = errInputMethod
	}
	return d, signed, err
}

func (v *Verifier) readSigned(s string) (*details, vneid.Signed, error) {
	if body, ok := strings.CutPrefix(s, wire.PrefixVN1); ok {
		return readVN1(body)
	}
	if hasPrefixFold(s, wire.PrefixVN1) {
		return nil, vneid.Signed{}, errCapitals
	}
	switch Classify(s) {
	case Signed:
		return readJWS(v.parser, s)
	case CardText:
		return nil, vneid.Signed{}, malformed("the text printed on a card is not signed")
	case Opaque:
		return nil, vneid.Signed{}, errOpaque
	}
	return nil, vneid.Signed{}, malformed("not a signed citizen code")
}

// advised is a refusal whose advice is more exact than its kind's:
// vneid.Advice asks for it.
type advised struct {
	error
	vi, en string
}

func (e advised) Unwrap() error { return e.error }

// Advice says in Vietnamese and English what to do at the counter.
func (e advised) Advice() (vi, en string) { return e.vi, e.en }

var (
	errInputMethod = advised{
		malformed("a Vietnamese input method has changed the code"),
		"Bộ gõ tiếng Việt đã làm hỏng mã khi máy quét nhập vào. Hãy tắt bộ gõ tiếng Việt hoặc đặt máy quét ở chế độ cổng COM, rồi quét lại.",
		"A Vietnamese input method damaged the code as the scanner typed it. Turn the input method off, or set the scanner to COM port mode, and scan again.",
	}
	errCapitals = advised{
		malformed("the code is not in capitals"),
		"Mã bị đổi thành chữ thường, thường do phím Caps Lock đang bật. Hãy tắt Caps Lock rồi quét lại.",
		"The code's letters have changed their case, mostly because Caps Lock is on. Turn it off and scan again.",
	}
	// errUnchecked is of a kind whose advice, to try again later, would never help.
	errUnchecked = advised{
		fault.New(vneid.ErrUnavailable, "the card code's status was not checked: Config.Status is nil"),
		"Hệ thống này chưa tra cứu được mã căn cước còn hiệu lực hay đã thu hồi; quét lại không thay đổi kết quả. Mời công dân mở mã QR định danh dùng một lần, hoặc kiểm tra thẻ căn cước và người cầm thẻ.",
		"This system cannot look up whether a card code was revoked, and scanning again changes nothing. Ask for a one-time code, or examine the identity card and its holder.",
	}
	errOpaque = advised{
		malformed("perhaps a code of the VNeID app, which only VNeID can check"),
		"Mã trong ứng dụng VNeID: bên thứ ba không kiểm tra được khi chưa kết nối chính thức. Hãy dùng hình thức xác thực khác.",
		"A code of the VNeID app: third parties cannot check it without an official connection. Use another kind of evidence.",
	}
)
