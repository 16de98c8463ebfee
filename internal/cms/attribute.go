package cms

import (
	"bytes"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// maxAttributes bounds the signed attributes.
const maxAttributes = 32

// readAttributes reads SignedAttributes and keeps what the signature is over:
// their DER encoding as a SET OF (RFC 5652 §5.4), which means sorted (X.690
// §11.6), in whatever order they arrived.
func (d *SignedData) readAttributes(content []byte) error {
	var all [][]byte
	var types [][]byte
	list := read(content)
	for list.more() {
		whole := list.Whole(tlv.Sequence)
		one := read(whole)
		attr := one.into(tlv.Sequence)
		oid, values := attr.Read(tlv.OID), attr.Read(tlv.Set)
		attr.end()
		if !one.end() || len(values) == 0 {
			return at("signed attributes", Malformed)
		}
		if len(all) == maxAttributes {
			return at("signed attributes", TooLarge)
		}
		if slices.ContainsFunc(types, func(t []byte) bool { return bytes.Equal(t, oid) }) {
			return at("signed attributes", Attribute) // RFC 5652 §5.3: one instance of each
		}
		all, types = append(all, whole), append(types, oid)
		if err := d.readAttribute(string(oid), read(values)); err != nil {
			return err
		}
	}
	seen := func(want string) bool {
		return slices.ContainsFunc(types, func(t []byte) bool { return string(t) == want })
	}
	if !list.end() || !seen(oidContentType) || !seen(oidMessageDigest) {
		return at("signed attributes", Attribute)
	}
	if !slices.IsSortedFunc(all, bytes.Compare) {
		slices.SortFunc(all, bytes.Compare)
		content = bytes.Join(all, nil)
	}
	d.signer.attrs = tlv.New(tlv.Set, content)
	return nil
}

// readAttribute reads the single value of an attribute that matters here.
func (d *SignedData) readAttribute(oid string, values cursor) error {
	switch oid {
	case oidContentType:
		if !bytes.Equal(values.Read(tlv.OID), d.contentType) {
			return at("signed content type", ContentType)
		}
	case oidMessageDigest:
		d.signer.message = values.Read(tlv.OctetString)
	case oidSigningTime:
		d.SigningTime = values.time()
	default:
		return nil
	}
	if !values.end() {
		return at("signed attributes", Attribute)
	}
	return nil
}
