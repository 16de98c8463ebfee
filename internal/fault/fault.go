// Package fault builds the errors of every public package, so that each refusal
// matches exactly one kind and carries exactly one prefix.
//
// A fault has a text and a kind. The kind is any comparable error (package
// vneid's Kind constants, or nil for misconfiguration, which has no kind); this
// package knows no kinds itself, so that vneid can use it too.
//
// Rules of the texts: lower case, no prefix (the exported function that returns
// the error puts it on with Prefix), never a payload, a name, a key or digits
// that came from evidence.
package fault

import "fmt"

// fault is an error of one kind, with an optional cause that must carry no kind
// of its own.
type fault struct {
	text  string
	kind  error
	cause error
}

func (f *fault) Error() string { return f.text }

// Unwrap makes errors.Is find the kind and the cause.
func (f *fault) Unwrap() []error {
	out := make([]error, 0, 2)
	for _, e := range []error{f.kind, f.cause} {
		if e != nil {
			out = append(out, e)
		}
	}
	return out
}

// New returns an error of the kind. The arguments must not come from evidence.
func New(kind error, format string, args ...any) error {
	return &fault{text: fmt.Sprintf(format, args...), kind: kind}
}

// Wrap returns an error of the kind that keeps cause reachable for errors.Is
// and errors.As. The cause's text is not repeated: what the network or a parser
// said may quote personal data.
func Wrap(kind, cause error, format string, args ...any) error {
	return &fault{text: fmt.Sprintf(format, args...), kind: kind, cause: cause}
}

// Prefix puts "pkg: " before err's text, once, and keeps its kind; nil stays nil.
// Of two packages that prefix one error the outer one's name stands.
func Prefix(pkg string, err error) error {
	if err == nil {
		return nil
	}
	if p, ok := err.(*prefixed); ok {
		err = p.err
	}
	return &prefixed{pkg, err}
}

// Own returns the text of err without its prefix if this module wrote it. Such a
// text quotes no evidence, which nobody can promise of another's.
func Own(err error) (text string, ok bool) {
	switch err := err.(type) {
	case *fault:
		return err.text, true
	case *prefixed:
		return err.err.Error(), true
	}
	return "", false
}

type prefixed struct {
	pkg string
	err error
}

func (p *prefixed) Error() string { return p.pkg + ": " + p.err.Error() }
func (p *prefixed) Unwrap() error { return p.err }
