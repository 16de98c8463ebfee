package qr_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// lists are status lists by their URI.
type lists map[string]string

var errNoList = errors.New("there is no list of 999190000001")

func (l lists) Fetch(ctx context.Context, uri string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if l[uri] == "" {
		return nil, errNoList
	}
	return []byte(l[uri]), nil
}

const statusURI = "https://status.vneid.example/1"

// list signs a list of 1,024 statuses in which the code's index has status s.
func list(t testing.TB, by sdjwt.Issuer, uri string, s sdjwt.Status, made time.Time) string {
	t.Helper()
	statuses, err := sdjwt.NewStatuses(2, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if err := statuses.Set(7, s); err != nil {
		t.Fatal(err)
	}
	raw, err := by.List(uri, statuses, made, 5*time.Minute, 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// forUses trusts one key for each use.
type forUses map[vneid.Use]oneKey

func (f forUses) Verify(ctx context.Context, s vneid.Signed) error {
	if k, ok := f[s.Use]; ok && s.Issuer == issuer {
		return k.Verify(ctx, s)
	}
	return vneid.ErrUntrusted
}

func TestAStatusListDecidesAboutACardCode(t *testing.T) {
	signer, stranger := sdjwt.Issuer{Alg: "ES256", Signer: ecKey, KeyID: "s"}, sdjwt.Issuer{Alg: "ES256", Signer: newEC(), KeyID: "s"}
	codeKey, named, other := sdjwt.Issuer{Alg: "EdDSA", Signer: edKey}, signer, signer
	named.Name, other.Name = issuer, "https://other.example"
	for name, v := range map[string]struct {
		list   string
		accept bool
		want   vneid.Kind // 0: passes
		status qr.Status
		attack bool // passes without the check of the list's signature
	}{
		"valid":                           {list(t, signer, statusURI, 0, noon), false, 0, qr.StatusValid, false},
		"valid, the list names its maker": {list(t, named, statusURI, 0, noon), false, 0, qr.StatusValid, false},
		"withdrawn":                       {list(t, signer, statusURI, sdjwt.Invalid, noon), false, vneid.ErrRevoked, 0, false},
		"withdrawn, unchecked accepted":   {list(t, signer, statusURI, sdjwt.Invalid, noon), true, vneid.ErrRevoked, 0, false},
		"suspended":                       {list(t, signer, statusURI, sdjwt.Suspended, noon), false, vneid.ErrRevoked, 0, false},
		"a status of another meaning":     {list(t, signer, statusURI, 3, noon), false, vneid.ErrRevoked, 0, false},
		"in its last second":              {list(t, signer, statusURI, 0, noon.Add(-24*time.Hour)), false, 0, qr.StatusValid, false},
		"too old":                         {list(t, signer, statusURI, 0, noon.Add(-24*time.Hour-time.Second)), false, vneid.ErrUnavailable, 0, false},
		"far too old":                     {list(t, signer, statusURI, 0, noon.AddDate(0, -1, 0)), false, vneid.ErrUnavailable, 0, false},
		"too old, unchecked accepted":     {list(t, signer, statusURI, 0, noon.AddDate(0, -1, 0)), true, 0, qr.StatusStale, false},
		"from the future":                 {list(t, signer, statusURI, 0, noon.Add(time.Minute)), false, vneid.ErrUnavailable, 0, false},
		"a stranger's":                    {list(t, stranger, statusURI, 0, noon), false, vneid.ErrUnavailable, 0, true},
		"a stranger's, and accepted":      {list(t, stranger, statusURI, sdjwt.Invalid, noon), true, 0, qr.StatusUnchecked, false},
		"by the key of codes":             {list(t, codeKey, statusURI, 0, noon), false, vneid.ErrUnavailable, 0, true},
		"in another issuer's name":        {list(t, other, statusURI, 0, noon), false, vneid.ErrUnavailable, 0, true},
		"another list":                    {list(t, signer, statusURI+"0", 0, noon), false, vneid.ErrUnavailable, 0, false},
		"no list":                         {"", false, vneid.ErrUnavailable, 0, false},
		"no list, unchecked accepted":     {"", true, 0, qr.StatusUnchecked, false},
		"no such thing":                   {"x", false, vneid.ErrUnavailable, 0, false},
	} {
		cfg := config()
		cfg.Keys = forUses{vneid.UseQR: {edKey.Public()}, vneid.UseStatus: {ecKey.Public()}}
		cfg.Status, cfg.AcceptUnchecked = lists{statusURI: v.list}, v.accept
		for spelling, text := range spellings(t, static(t), edKey) {
			verifier := newVerifier(t, cfg)
			c, err := verifier.Verify(context.Background(), text)
			switch {
			case v.want == 0 && (err != nil || c.Status() != v.status):
				t.Errorf("%s, %s: %v, status %v, want %v", name, spelling, err, c, v.status)
			case v.want != 0 && (err == nil || c != nil || kindOf(t, err) != v.want):
				t.Errorf("%s, %s: %v, want %v", name, spelling, err, v.want)
			}
			if _, err := qr.Without(verifier, "list").Verify(context.Background(), text); v.attack != (v.want != 0 && err == nil) {
				t.Errorf("%s, %s: without the list's signature: %v", name, spelling, err)
			}
			if _, err := qr.Without(verifier, "status").Verify(context.Background(), text); err != nil {
				t.Errorf("%s, %s: refused for something else: %v", name, spelling, err)
			}
		}
	}
}

func TestAnIndexBeyondTheListHasNoStatus(t *testing.T) {
	for _, index := range []uint64{1023, 1024, 1 << 32, 1<<32 + 7} {
		c := static(t)
		c.StatusIndex = index
		cfg := config()
		cfg.Keys, cfg.Status = oneKey{edKey.Public()}, lists{statusURI: list(t, sdjwt.Issuer{Alg: "EdDSA", Signer: edKey}, statusURI, 0, noon)}
		_, err := newVerifier(t, cfg).Verify(context.Background(), spellings(t, c, edKey)["VN1"])
		if index == 1023 && err != nil || index > 1023 && (err == nil || kindOf(t, err) != vneid.ErrUnavailable) {
			t.Errorf("%d: %v", index, err)
		}
	}
}

func TestADocumentsStatusIsLookedUpWhereItNamesOne(t *testing.T) {
	for _, s := range []sdjwt.Status{sdjwt.Valid, sdjwt.Suspended} {
		c := presented(t, "verified", licence(t))
		c.StatusURI, c.StatusIndex = statusURI, 7
		cfg := inspection()
		cfg.Status = lists{statusURI: list(t, sdjwt.Issuer{Alg: "EdDSA", Signer: edKey}, statusURI, s, noon)}
		for name, text := range spellings(t, c, edKey) {
			got, err := newVerifier(t, cfg).Verify(context.Background(), text)
			if s == sdjwt.Valid && (err != nil || got.Status() != qr.StatusValid) || s != sdjwt.Valid && kindOf(t, err) != vneid.ErrRevoked {
				t.Errorf("%s, %d: %v", name, s, err)
			}
		}
	}
}

func TestWhatASourceSaysOfItsTroubleIsNotRepeated(t *testing.T) {
	cfg := config()
	cfg.Keys = oneKey{edKey.Public()}
	text := spellings(t, static(t), edKey)["VN1"]
	for name, v := range map[string]error{"plain": errNoList, "another kind": vneid.ErrDenied, "two kinds": errors.Join(vneid.ErrDenied, vneid.ErrUnavailable)} {
		cfg.Status = failing{v}
		_, err := newVerifier(t, cfg).Verify(context.Background(), text)
		if kindOf(t, err) != vneid.ErrUnavailable || err.Error() != "qr: the status list cannot be had" {
			t.Errorf("%s: %v", name, err)
		}
	}
	api := &vneid.APIError{Status: 503}
	cfg.Status = failing{api}
	if _, err := newVerifier(t, cfg).Verify(context.Background(), text); !errors.As(err, &api) || kindOf(t, err) != vneid.ErrUnavailable {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Fetch(context.Context, string) ([]byte, error) { return nil, f.err }
