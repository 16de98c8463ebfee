package cms

import (
	"bytes"
	"slices"
)

// maxAttributes bounds the signed attributes.
const maxAttributes = 32

// readAttributes reads SignedAttributes and keeps what the signature is over:
// their DER encoding as a SET OF (RFC 5652 §5.4), which means sorted (X.690
// §11.6), in whatever order they arrived.
func (d *SignedData) readAttributes(content []byte) error {
	var all [][]byte
	var types [][]byte
	list := cursor{rest: content}
	for list.more() {
		whole := list.whole(tagSequence)
		attr := open(whole, tagSequence)
		oid := attr.take(tagOID)
		values := attr.into(tagSet)
		if list.bad || !attr.end() || !values.more() {
			return at("signed attributes", Malformed)
		}
		if len(all) == maxAttributes {
			return at("signed attributes", TooLarge)
		}
		if slices.ContainsFunc(types, func(t []byte) bool { return bytes.Equal(t, oid) }) {
			return at("signed attributes", Attribute) // RFC 5652 §5.3: one instance of each
		}
		all, types = append(all, whole), append(types, oid)
		if err := d.readAttribute(string(oid), &values); err != nil {
			return err
		}
	}
	seen := func(want string) bool {
		return slices.ContainsFunc(types, func(t []byte) bool { return string(t) == want })
	}
	if list.bad || !seen(oidContentType) || !seen(oidMessageDigest) {
		return at("signed attributes", Attribute)
	}
	if !slices.IsSortedFunc(all, bytes.Compare) {
		slices.SortFunc(all, bytes.Compare)
		content = bytes.Join(all, nil)
	}
	d.signer.attrs = wrap(make([]byte, 0, len(content)+4), tagSet, content)
	return nil
}

// readAttribute reads the single value of an attribute that matters here.
func (d *SignedData) readAttribute(oid string, values *cursor) error {
	switch oid {
	case oidContentType:
		if !bytes.Equal(values.take(tagOID), d.contentType) {
			return at("signed content type", ContentType)
		}
	case oidMessageDigest:
		d.signer.message = values.take(tagOctets)
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
