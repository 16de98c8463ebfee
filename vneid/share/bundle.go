package share

import (
	"bytes"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// parts are the signed objects of an answer, none of which anybody has checked yet.
type parts struct {
	envelope, receipt string
	documents         []string
}

// open takes the encryption off, if there has to be one, and reads the parts.
func (v *Verifier) open(bundle []byte) (parts, error) {
	clear := bytes.HasPrefix(bytes.TrimLeft(bundle, " \t\r\n"), []byte("{"))
	switch {
	case len(bundle) > wire.MaxBundle:
		return parts{}, fault.New(vneid.ErrMalformed, "the answer is too large")
	case clear && len(v.Decrypt) > 0 && v.on("encrypted"):
		return parts{}, fault.New(vneid.ErrUntrusted, "the answer is not encrypted, and Verifier.Decrypt asks for that")
	case clear:
		return readParts(string(bundle))
	}
	plain, err := v.opener.Open(bundle)
	if err != nil {
		return parts{}, fault.New(vneid.ErrMalformed, "the answer cannot be decrypted")
	}
	return readParts(plain)
}

func readParts(text string) (p parts, err error) {
	o, err := jws.ParseObject(text)
	if err != nil {
		return p, malformed("the answer is not one strict JSON object")
	}
	if len(o.Names()) != 3 || !o.Has(wire.BundleEnvelope) || !o.Has(wire.BundleReceipt) || !o.Has(wire.BundleDocuments) {
		return p, malformed("the answer does not consist of envelope, receipt and documents")
	}
	p = parts{o.String(wire.BundleEnvelope), o.String(wire.BundleReceipt), o.Strings(wire.BundleDocuments)}
	if o.Err() != nil || !strings.HasPrefix(o.Raw(wire.BundleDocuments), "[") {
		return parts{}, malformed("a part of the answer is of another type")
	}
	if len(p.documents) > maxDocuments {
		return parts{}, malformed("the answer has too many documents")
	}
	return p, nil
}

func malformed(text string) error { return fault.New(vneid.ErrMalformed, "%s", text) }
func mismatch(text string) error  { return fault.New(vneid.ErrMismatch, "%s", text) }
