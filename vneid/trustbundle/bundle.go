package trustbundle

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Config says whose bundle to open. Maker and Keys are required.
type Config struct {
	// Maker is who makes the bundles, exactly their iss.
	Maker string

	// Keys are the maker's for Use, given out of band: jwks.Parse of a file that came
	// with the kiosk.
	Keys vneid.KeySet

	// Held is the sequence of the newest bundle seen so far; an older one is refused.
	// Keep Bundle.Sequence where a restart finds it.
	Held uint64

	// Now is the clock; nil is time.Now.
	Now func() time.Time

	// Skew is how far the maker's clock may differ. 0 is 60 s, at most 5 min.
	Skew time.Duration

	off string // a check that a test takes out
}

// Bundle is a verified bundle: a key set and a source of status lists, for as long as
// it holds. Only Open makes one; the zero value trusts nobody. It is safe for
// concurrent use.
type Bundle struct {
	o    *opened
	now  func() time.Time
	skew time.Duration
	off  string
}

var _ vneid.KeySet = (*Bundle)(nil)

// Open verifies the file and returns its bundle. The package comment lists what it
// checks and with which kinds it refuses.
func (c Config) Open(ctx context.Context, file []byte) (*Bundle, error) {
	b, err := c.open(ctx, file)
	if err != nil {
		return nil, fault.Prefix("trustbundle", err)
	}
	return b, nil
}

func (c Config) open(ctx context.Context, file []byte) (*Bundle, error) {
	if c.Skew == 0 {
		c.Skew = time.Minute
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	switch {
	case c.Maker == "":
		return nil, errors.New("Config.Maker is empty")
	case c.Keys == nil:
		return nil, errors.New("Config.Keys is nil")
	case c.Skew < 0 || c.Skew > 5*time.Minute:
		return nil, errors.New("Config.Skew is not between 0 and 5 min")
	case len(file) > maxFile:
		return nil, malformed("the bundle is larger than 16 MiB")
	}
	payload, err := c.signed(ctx, string(bytes.TrimSpace(file)))
	if err != nil {
		return nil, err
	}
	o, err := read(payload, c.off)
	if err != nil {
		return nil, err
	}
	b := &Bundle{o, c.Now, c.Skew, c.off}
	if err := b.holds(); err != nil {
		return nil, err
	}
	if o.Sequence < c.Held && c.off != "held" {
		return nil, fault.New(vneid.ErrUntrusted, "a newer bundle was seen before")
	}
	return b, nil
}

// signed returns the payload once its signature has been found good. Of the payload it
// reads nothing before but the maker's name.
func (c Config) signed(ctx context.Context, file string) (string, error) {
	parser := jws.NewParser(jws.Rules{Algs: []string{"ES256", "ES384", "EdDSA"}, Types: []string{typ}, MaxSize: maxFile})
	token, err := parser.Parse(file)
	switch {
	case errors.Is(err, jws.ErrAlgorithm):
		return "", fault.New(vneid.ErrUntrusted, "%s", err.Error())
	case err != nil:
		return "", malformed(err.Error())
	case token.KeyID == "" || token.Header("cty") != "" || token.Header("x5t#S256") != "":
		return "", malformed("the header is not exactly algorithm, key and type")
	}
	defer token.Free()
	claims, err := token.Claims()
	if err != nil {
		return "", malformed("the bundle is not one strict JSON object")
	}
	if claims.String("iss") != c.Maker && c.off != "maker" {
		return "", fault.New(vneid.ErrUntrusted, "the bundle is another maker's")
	}
	err = c.Keys.Verify(ctx, vneid.Signed{Use: Use, Issuer: c.Maker, Alg: token.Alg, KeyID: token.KeyID, Input: token.Input, Signature: token.Signature})
	if err != nil && c.off != "signature" {
		return "", refusal(err)
	}
	return token.Payload, nil
}

// refusal words an error of the pinned keys, whose text may be anybody's.
func refusal(err error) error {
	var kind vneid.Kind
	if !errors.As(err, &kind) {
		kind = vneid.ErrUnavailable
	}
	text, own := fault.Own(err)
	if !own {
		text = kind.Error()
	}
	return fault.New(kind, "the bundle's signature: %s", text)
}

// holds checks the bundle's own time, now.
func (b *Bundle) holds() error {
	if b == nil || b.o == nil {
		return fault.New(vneid.ErrUntrusted, "the bundle was not opened")
	}
	now := b.now()
	switch {
	case now.Before(b.o.Made.Add(-b.skew)) && b.off != "early":
		return &vneid.TimeError{NotBefore: b.o.Made, NotAfter: b.o.Until, Now: now}
	case !now.Before(b.o.Until.Add(b.skew)) && b.off != "late":
		return old{fault.New(vneid.ErrUnavailable, "the trust bundle is too old")}
	}
	return nil
}

// old is the refusal of a bundle that nobody has renewed: to try again later would
// not help.
type old struct{ error }

func (e old) Unwrap() error { return e.error }

// Advice says in Vietnamese and English what to do.
func (e old) Advice() (vi, en string) {
	return "Gói tin cậy của máy này đã quá hạn nên chưa kiểm tra được; hãy nạp gói mới rồi thử lại. Nếu cần ngay, dùng cách xác minh khác.",
		"This machine's trust bundle is too old, so nothing can be checked; load a new one and try again. If it is urgent, verify in another way."
}

// Verify implements vneid.KeySet with the keys of the bundle.
func (b *Bundle) Verify(ctx context.Context, s vneid.Signed) error {
	if err := b.holds(); err != nil {
		return fault.Prefix("trustbundle", err)
	}
	for _, k := range b.o.sets {
		if k.Name == s.Issuer && (slices.Contains(k.Uses, s.Use) || b.off == "use") {
			if b.off == "use" {
				s.Use = k.Uses[0]
			}
			return k.set.Verify(ctx, s)
		}
	}
	return fault.Prefix("trustbundle", fault.New(vneid.ErrUntrusted, "the bundle has no such issuer for this use"))
}

// Fetch returns the signed status list of an address as its issuer made it: nothing
// but its own signature vouches for it. One that the bundle does not carry is
// vneid.ErrUnavailable.
func (b *Bundle) Fetch(_ context.Context, uri string) ([]byte, error) {
	if err := b.holds(); err != nil {
		return nil, fault.Prefix("trustbundle", err)
	}
	for _, l := range b.o.Lists {
		if l.URI == uri {
			return bytes.Clone(l.Token), nil
		}
	}
	return nil, fault.Prefix("trustbundle", fault.New(vneid.ErrUnavailable, "the bundle does not carry this status list"))
}

// Issuers returns who has keys for the use, in the order of the bundle.
func (b *Bundle) Issuers(use vneid.Use) (names []string) {
	for _, i := range b.Contents().Issuers {
		if slices.Contains(i.Uses, use) {
			names = append(names, i.Name)
		}
	}
	return names
}

// Kinds returns which documents those may sign who have keys for the use.
func (b *Bundle) Kinds(use vneid.Use) map[string][]document.Kind {
	out := make(map[string][]document.Kind)
	for _, i := range b.Contents().Issuers {
		if slices.Contains(i.Uses, use) && len(i.Kinds) > 0 {
			out[i.Name] = slices.Clone(i.Kinds)
		}
	}
	return out
}

// Trust adds the anchors and lists for chips to a configuration. They stay in a
// chip.Verifier that was made with it: make a new one when Until has passed.
func (b *Bundle) Trust(cfg *chip.Config) error {
	if err := b.holds(); err != nil {
		return fault.Prefix("trustbundle", err)
	}
	c := b.Contents()
	cfg.Anchors = append(slices.Clone(cfg.Anchors), c.Anchors...)
	cfg.MasterLists = append(slices.Clone(cfg.MasterLists), c.MasterLists...)
	cfg.CRLs = append(slices.Clone(cfg.CRLs), c.CRLs...)
	return nil
}

// Sequence returns the bundle's number, for Config.Held of the next one.
func (b *Bundle) Sequence() uint64 { return b.Contents().Sequence }

// Contents returns all that the bundle says, to show it. Do not change it.
func (b *Bundle) Contents() Contents {
	if b == nil || b.o == nil {
		return Contents{}
	}
	return b.o.Contents
}
