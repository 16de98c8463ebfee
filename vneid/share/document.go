package share

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Document is one verified document of an answer. It prints as its kind, whatever
// encloses it, and encoders refuse it: Reveal is the door to what it says. The zero
// value is none.
type Document struct{ p **paperFacts }

func (d Document) get() *paperFacts {
	if d.p == nil || *d.p == nil {
		return new(paperFacts)
	}
	return *d.p
}

// IsZero reports whether d is no document.
func (d Document) IsZero() bool { return d.p == nil || *d.p == nil }

// Kind returns which document it is.
func (d Document) Kind() document.Kind { return d.get().kind }

// Issuer returns who signed it.
func (d Document) Issuer() string { return d.get().issuer }

// State returns how far the issuer vouches for the paper, verified, pending or
// unverified, and since when.
func (d Document) State() (state string, since time.Time) { return d.get().state, d.get().stateAt }

// Verified reports whether the state is verified, which VNeID shows as "đã được xác
// thực". A document in another state is genuine, and yet no proof of what it says.
func (d Document) Verified() bool { return d.get().state == wire.StateVerified }

// Source returns where the issuer has it from, in its own words.
func (d Document) Source() string { return d.get().source }

// Issued returns when this statement was made for this client: not the date on the
// paper.
func (d Document) Issued() time.Time { return d.get().issued }

// Expires returns until when the statement may be relied on: not the date on the paper.
func (d Document) Expires() time.Time { return d.get().expires }

// StatusAt returns the moment of the status list in which the document was found to be
// neither revoked nor suspended; zero when nobody looked.
func (d Document) StatusAt() time.Time { return d.get().checked }

// Names lists the claims that it discloses.
func (d Document) Names() []string { return slices.Clone(d.get().names) }

// Claim returns the JSON of one claim, and whether it was disclosed.
func (d Document) Claim(name string) (json.RawMessage, bool) {
	p := d.get()
	if !slices.Contains(p.names, name) {
		return nil, false
	}
	return json.RawMessage(p.claims.Raw(name)), true
}

// Reveal returns what a document says as the type of vneid/document/paper for its kind.
// Claims that were not disclosed are zero, unknown ones are in Extra. It is the one door
// to the plain data, so that a search for it finds every place where personal data
// leaves the types. A document of another kind is refused as vneid.ErrMismatch.
func Reveal[T interface{ Kind() document.Kind }](d Document) (T, error) {
	var out, none T
	if d.IsZero() || d.Kind() != out.Kind() {
		return none, fault.Prefix("share", mismatch("the document is of another kind than the type"))
	}
	text := d.get().object(func(string) bool { return true })
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return none, fault.Prefix("share", fault.New(vneid.ErrMalformed, "a claim of the document is not of its type"))
	}
	return out, nil
}

// String shows the kind.
func (d Document) String() string {
	if d.IsZero() {
		return "no document"
	}
	return "document " + string(d.Kind())
}

// Format prints what String shows, whatever the verb and flags.
func (d Document) Format(f fmt.State, _ rune) { io.WriteString(f, d.String()) }

// LogValue logs what String shows.
func (d Document) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalText refuses: encode what Reveal returns, or the part of it you keep.
func (d Document) MarshalText() ([]byte, error) {
	return nil, errors.New("share: refusing to encode a Document; encode what Reveal returns")
}
