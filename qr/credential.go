package qr

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/cbor"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Kind says which of the signed codes a credential came from. It stands under the
// signature. The zero value is none.
type Kind uint8

const (
	// Dynamic is the one-time identification code (mã QR định danh), which lives
	// two minutes at most and passes once.
	Dynamic Kind = iota + 1
	// Static is the card code (mã QR căn cước), which lives up to 400 days and can
	// be shown, and copied, any number of times.
	Static
	// Document is the one-time code of a single paper, such as a driving licence
	// (xuất trình giấy tờ). It lives as long as a Dynamic one and says who somebody
	// is only as far as the paper does.
	Document
)

// Status is what the issuer's status list says about a credential.
type Status uint8

// The states of a credential. StatusUnchecked is the zero value.
const (
	StatusUnchecked Status = iota // nobody looked
	StatusValid
	StatusSuspended
	StatusRevoked
	StatusStale // the list at hand is too old to answer
)

// Holder says what the issuer knew about the one to whom it gave the code.
type Holder uint8

// What was proven when the code was made. HolderNone is the zero value.
const (
	HolderNone   Holder = iota // nothing: whoever shows the code may have copied it
	HolderDevice               // the registered device was unlocked by its owner
	HolderCard                 // the card's chip was present
	HolderLogin                // the citizen logged in just before
)

// Credential is what a signed code says, after every check. Only Verify makes
// one. It prints as its masked citizen, whatever encloses it, and encoders refuse
// it. The zero value is none: its citizen is nobody, its level satisfies nothing.
type Credential struct {
	// Two pointers, because fmt follows one from an unexported field (see
	// vneid.Citizen).
	d **details
}

// details are the claims of a code: unverified until Verify hands out the
// Credential inside, which shares their memory.
type details struct {
	self Credential
	me   *details // what self points to

	record          vneid.Record
	citizen         vneid.Citizen
	level           vneid.Level
	issuer          string
	id              string // 16 raw bytes
	kind            Kind
	issued, expires time.Time
	holder          Holder
	audience, nonce string // "" if absent
	statusURI       string // "" if absent
	statusIndex     uint64
	status          Status
	carried         *carried // of a Document code

	labels cbor.Value // all claims of a VN1 code
	names  jws.Object // all claims of a JWS code
}

func (c *Credential) details() *details {
	if c == nil || c.d == nil {
		return &details{}
	}
	return *c.d
}

// credential hands out the claims as verified.
func (d *details) credential() *Credential {
	d.me, d.self.d = d, &d.me
	return &d.self
}

// Citizen returns the verified person: nobody for the code of a document, which
// says whose it is (Reveal) and not who shows it.
func (c *Credential) Citizen() vneid.Citizen { return c.details().citizen }

// Level returns the level of the account from which the code was made.
func (c *Credential) Level() vneid.Level { return c.details().level }

// Issuer returns who signed: one of Config.Issuers.
func (c *Credential) Issuer() string { return c.details().issuer }

// ID returns the identifier of the code (cti, jti) in unpadded base64url. It is
// random and tells nothing about the person.
func (c *Credential) ID() string { return encodeID(c.details().id) }

// Kind returns which code this was.
func (c *Credential) Kind() Kind { return c.details().kind }

// Issued returns when the code was made.
func (c *Credential) Issued() time.Time { return c.details().issued }

// Expires returns when the code ends, without any skew.
func (c *Credential) Expires() time.Time { return c.details().expires }

// Holder returns what was proven about the one who received the code.
func (c *Credential) Holder() Holder { return c.details().holder }

// Document returns which document a Document code carries, "" for the codes of
// citizens. Reveal returns what it says.
func (c *Credential) Document() document.Kind {
	if p := c.details().carried; p != nil {
		return document.Kind(p.rule.Kind)
	}
	return ""
}

// Status returns what the status list says: StatusValid, or with
// Config.AcceptUnchecked why it says nothing.
func (c *Credential) Status() Status { return c.details().status }

// StatusList returns where the status of the code can be looked up; "" if it
// carries no place.
func (c *Credential) StatusList() (uri string, index uint64) {
	d := c.details()
	return d.statusURI, d.statusIndex
}

// Claim returns any signed claim as it was signed, known to this package or not;
// nil if there is none. For a JWS code, name is the claim's name and the answer
// is JSON. For a VN1 code, name is the text label or the integer label in
// decimal, and the answer is CBOR.
func (c *Credential) Claim(name string) []byte {
	d := c.details()
	if d.labels == "" {
		if raw := d.names.Raw(name); raw != "" {
			return []byte(raw)
		}
		return nil
	}
	return cborClaim(d.labels, name)
}

// String shows the masked citizen, or which document it is.
func (c Credential) String() string {
	if kind := c.Document(); kind != "" {
		return "qr credential with a " + string(kind)
	}
	return "qr credential of " + c.details().citizen.String()
}

// Format prints what String shows, whatever the verb and flags.
func (c Credential) Format(f fmt.State, _ rune) { io.WriteString(f, c.String()) }

// LogValue logs what String shows.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText refuses: encode what Citizen().Reveal() returns, or the part of it
// you keep.
func (c Credential) MarshalText() ([]byte, error) { return nil, errReveal }

var errReveal = errors.New("qr: refusing to encode personal data; call Reveal() and encode what it returns")
