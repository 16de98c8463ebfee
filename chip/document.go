package chip

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Document is what a chip says, after every check. Only Verifier.Verify makes
// one. It prints as its masked citizen, whatever encloses it, and encoders refuse
// it. The zero value is none: its citizen is nobody and its chip not genuine.
type Document struct {
	// Two pointers, because fmt follows one from an unexported field (see
	// vneid.Citizen).
	d **document
}

type document struct {
	citizen  vneid.Citizen
	checks   []Check
	genuine  bool
	anchor   string
	signed   time.Time
	mrz      MRZ
	details  Details
	portrait []byte
	media    string
}

func (d *Document) document() *document {
	if d == nil || d.d == nil {
		return &document{}
	}
	return *d.d
}

// Citizen returns the verified person.
func (d *Document) Citizen() vneid.Citizen { return d.document().citizen }

// Genuine reports whether the chip itself proved that it is the one the data was
// issued to, and no copy. The checks active-authentication, chip-authentication
// and pace-cam tell how.
func (d *Document) Genuine() bool { return d.document().genuine }

// Checks returns every check, passed or not, in the order of the package comment.
func (d *Document) Checks() []Check { return slices.Clone(d.document().checks) }

// Check returns the check with the name, zero if there is none.
func (d *Document) Check(name string) Check { return find(d.document().checks, name) }

// Anchor returns the label of the anchor that the signature leads to.
func (d *Document) Anchor() string { return d.document().anchor }

// Signed returns when the signer says that the data was signed, zero if it does
// not say.
func (d *Document) Signed() time.Time { return d.document().signed }

// MRZ returns the machine-readable zone of DG1.
func (d *Document) MRZ() MRZ { return d.document().mrz }

// Details returns what DG13 says; zero if it was not read, and its bytes alone if
// it is not encoded as known cards encode it.
func (d *Document) Details() Details {
	details := d.document().details
	details.Raw = slices.Clone(details.Raw)
	return details
}

// Portrait returns the facial image of DG2 and its media type, image/jpeg or
// image/jp2; nil if DG2 was not read or has no known form. The bytes are signed but not decoded here:
// whoever decodes them should trust the issuer no further than its signature.
func (d *Document) Portrait() (image []byte, mediaType string) {
	in := d.document()
	return slices.Clone(in.portrait), in.media
}

// String shows the masked citizen.
func (d Document) String() string { return "chip document of " + d.document().citizen.String() }

// Format prints what String shows, whatever the verb and flags.
func (d Document) Format(f fmt.State, _ rune) { io.WriteString(f, d.String()) }

// LogValue logs what String shows.
func (d Document) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalText refuses: encode what Citizen().Reveal() returns, or the part of it
// you keep.
func (d Document) MarshalText() ([]byte, error) { return nil, errReveal }

var errReveal = errors.New("chip: refusing to encode personal data; call Reveal() and encode what it returns")
