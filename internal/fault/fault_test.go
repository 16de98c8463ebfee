package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
)

// kind stands for vneid's kinds, which this package does not know.
type kind int

func (k kind) Error() string { return fmt.Sprintf("kind %d", int(k)) }

// detail is a typed error such as a caller asks for with errors.As.
type detail struct{ n int }

func (d *detail) Error() string { return "999090000001" } // what no text may repeat

func TestNewHasItsTextAndItsKind(t *testing.T) {
	err := New(kind(1), "%d parts, want %d", 2, 3)
	if err.Error() != "2 parts, want 3" {
		t.Errorf("the text is %q", err)
	}
	if !errors.Is(err, kind(1)) || errors.Is(err, kind(2)) {
		t.Error("the kind is not the one given")
	}
	var k kind
	if !errors.As(err, &k) || k != 1 {
		t.Errorf("errors.As finds %v", k)
	}
}

func TestMisconfigurationHasNoKind(t *testing.T) {
	err := New(nil, "Config.Issuer is empty")
	var k kind
	if errors.As(err, &k) || errors.Is(err, nil) || err.Error() != "Config.Issuer is empty" {
		t.Errorf("%v, kind %v", err, k)
	}
}

func TestWrapKeepsTheCauseAndNotItsText(t *testing.T) {
	cause := fmt.Errorf("%w and %w", &detail{7}, context.Canceled)
	err := Wrap(kind(1), cause, "no answer")
	var d *detail
	if !errors.Is(err, kind(1)) || !errors.Is(err, context.Canceled) || !errors.As(err, &d) || d.n != 7 {
		t.Error("the kind or the cause is lost")
	}
	if errors.Is(err, io.EOF) {
		t.Error("matches what it was not given")
	}
	if err.Error() != "no answer" {
		t.Errorf("the text is %q", err)
	}
	if err := Wrap(kind(1), nil, "no answer"); !errors.Is(err, kind(1)) || err.Error() != "no answer" {
		t.Errorf("without a cause: %v", err)
	}
}

func TestTheKindIsFoundBeforeTheCause(t *testing.T) {
	// errors.As takes the first: an error of another kind as a cause, against the
	// rule, must not outrank the kind that was chosen.
	var k kind
	if err := Wrap(kind(1), kind(2), "x"); !errors.As(err, &k) || k != 1 {
		t.Errorf("errors.As finds %v", k)
	}
}

func TestAPrefixStandsOnce(t *testing.T) {
	if Prefix("qr", nil) != nil {
		t.Error("no error became one")
	}
	err := Prefix("jwks", Wrap(kind(1), context.Canceled, "no key"))
	if err.Error() != "jwks: no key" || !errors.Is(err, kind(1)) || !errors.Is(err, context.Canceled) {
		t.Errorf("%q", err)
	}
	if err = Prefix("jwks", err); err.Error() != "jwks: no key" {
		t.Errorf("twice by one package: %q", err)
	}
	if err = Prefix("qr", err); err.Error() != "qr: no key" || !errors.Is(err, kind(1)) || !errors.Is(err, context.Canceled) {
		t.Errorf("the outer package's name stands: %q", err)
	}
	if err = Prefix("qr", io.EOF); err.Error() != "qr: EOF" || !errors.Is(err, io.EOF) {
		t.Errorf("a plain error: %q", err)
	}
}

func TestOwnTellsOurTextsFromOthers(t *testing.T) {
	ours := Wrap(kind(1), &detail{}, "no key")
	for how, err := range map[string]error{"bare": ours, "prefixed": Prefix("jwks", ours)} {
		if text, ok := Own(err); !ok || text != "no key" {
			t.Errorf("%s: %q, %v", how, text, ok)
		}
	}
	for how, err := range map[string]error{"nil": nil, "foreign": &detail{}, "ours, worded by another": fmt.Errorf("999090000001: %w", ours)} {
		if text, ok := Own(err); ok || text != "" {
			t.Errorf("%s: %q, %v", how, text, ok)
		}
	}
}
