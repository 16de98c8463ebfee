package sdjwt

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Defaults of ListRules.
const (
	DefaultMaxToken  = 2 << 20
	DefaultMaxLength = 8 << 20
	maxTTL           = 7 * 24 * time.Hour // what is older says nothing of today
)

// Status is what a list says of one document.
type Status uint8

// The registered values; all others are for the caller to refuse.
const (
	Valid     Status = 0
	Invalid   Status = 1
	Suspended Status = 2
)

// Reference is where a document's status stands.
type Reference struct {
	URI   string
	Index uint32
}

// Status returns the reference in status.status_list, and false if there is none.
func (d Document) Status() (ref Reference, there bool, err error) {
	status, text := d.claims.Raw("status"), d.claims.In("status", "status_list")
	if status == "" || status[0] == '{' && text == "" {
		return Reference{}, false, nil
	}
	list, err := jws.ParseObject(text)
	// Floats and signs have cost others wrong rows: the index is digits alone.
	index, bad := strconv.ParseUint(list.Raw("idx"), 10, 32)
	ref = Reference{list.String("uri"), uint32(index)}
	if err != nil || bad != nil || ref.URI == "" || list.Err() != nil {
		return Reference{}, false, malformed("status_list is not an index and a URI")
	}
	return ref, true, nil
}

// ListRules say which status lists a ListReader lets through.
type ListRules struct {
	Algs      []string // empty: ES256, ES384, ES512 and EdDSA
	MaxToken  int      // bytes of the JWT; 0: DefaultMaxToken
	MaxLength int      // bytes of the list; 0: DefaultMaxLength
}

// A ListReader reads status lists by fixed rules. It is safe for concurrent use.
type ListReader struct {
	parser *jws.Parser
	most   int
	rules
}

// NewListReader returns a ListReader. Do not change the slice of rules afterwards.
func NewListReader(want ListRules) *ListReader {
	if want.MaxToken <= 0 {
		want.MaxToken = DefaultMaxToken
	}
	if want.MaxLength <= 0 {
		want.MaxLength = DefaultMaxLength
	}
	if len(want.Algs) == 0 {
		want.Algs = curves
	}
	return &ListReader{
		parser: jws.NewParser(jws.Rules{Algs: want.Algs, Types: []string{ListType}, MaxSize: want.MaxToken}),
		most:   want.MaxLength,
	}
}

var errListExpect = errors.New("ListExpect: Verify, URI or Now is not set")

// List is a signed status list. The zero List has a status for nothing.
type List struct {
	uri    string
	bits   uint
	bytes  []byte
	issued time.Time
	until  time.Time
	exp    time.Time
	ttl    time.Duration
	rules
}

// ListExpect says which list it has to be.
type ListExpect struct {
	Verify func(Signed) error // as in Expect; Kind is the list's URI
	URI    string             // that of the documents' references
	Now    time.Time
	Skew   time.Duration // 0: one minute; negative: none
}

// Read checks a list that has just been fetched.
func (r *ListReader) Read(raw string, want ListExpect) (List, error) {
	claims, err := r.signed(raw, want)
	if err != nil {
		return List{}, err
	}
	sub, iat, exp, seconds := claims.String("sub"), claims.Time("iat"), claims.Time("exp"), claims.Int("ttl")
	status := claims.Object("status_list")
	bits, lst := status.Int("bits"), status.String("lst")
	if err := first(claims.Err(), status.Err()); err != nil {
		return List{}, err
	}
	if iat.IsZero() || exp.IsZero() || !exp.After(iat) || seconds <= 0 {
		return List{}, malformed("the status list has no iat, exp or ttl")
	}
	if bits != 1 && bits != 2 && bits != 4 && bits != 8 {
		return List{}, malformed("a status does not have 1, 2, 4 or 8 bits")
	}
	ttl, skew := time.Duration(min(seconds, int64(maxTTL/time.Second)))*time.Second, skew(want.Skew)
	err = first(
		r.hold(checkListURI, sub != want.URI),
		r.hold(checkListOld, want.Now.After(exp.Add(skew))),
		r.hold(checkListEarly, want.Now.Before(iat.Add(-skew))),
	)
	if err != nil {
		return List{}, err
	}
	list, err := r.inflate(lst)
	if err != nil {
		return List{}, err
	}
	// The draft counts ttl from the fetch (§13.7): a copy from another's cache is as
	// fresh as exp lets it be.
	until := want.Now.Add(ttl)
	if exp.Before(until) {
		until = exp
	}
	return List{sub, uint(bits), list, iat, until, exp, ttl, r.rules}, nil
}

func (r *ListReader) signed(raw string, want ListExpect) (claims jws.Object, err error) {
	if want.Verify == nil || want.URI == "" || want.Now.IsZero() {
		return claims, errListExpect
	}
	token, err := r.parser.Parse(raw)
	if err != nil {
		return claims, err
	}
	defer token.Free()
	if claims, err = token.Claims(); err != nil {
		return jws.Object{}, err
	}
	s := Signed{Issuer: claims.String("iss"), Kind: claims.String("sub"), Alg: token.Alg, KeyID: token.KeyID, Input: token.Input, Signature: token.Signature}
	if err = claims.Err(); err == nil {
		err = want.Verify(s)
	}
	if err != nil {
		return jws.Object{}, err
	}
	return claims, nil
}

// inflate reads lst: base64url of one zlib stream (RFC 1950) without a dictionary.
func (r *ListReader) inflate(lst string) ([]byte, error) {
	packed, ok := jws.DecodeBase64(lst)
	if !ok {
		return nil, malformed("the status list is not strict base64url")
	}
	source := bytes.NewReader(packed) // a ByteReader, of which zlib takes no byte too many
	stream, err := zlib.NewReader(source)
	if err != nil {
		return nil, malformed("the status list is not one zlib stream")
	}
	list, err := io.ReadAll(io.LimitReader(stream, int64(r.most)+1))
	if err := r.hold(checkLength, len(list) > r.most); err != nil {
		return nil, err
	}
	if err != nil || len(list) == 0 {
		return nil, malformed("the status list is not one zlib stream")
	}
	if err := r.hold(checkTail, source.Len() > 0); err != nil {
		return nil, err
	}
	return list, nil
}

// Until returns when the list has to be fetched again: after ttl, at exp at the latest.
func (l List) Until() time.Time { return l.until }

// Issued returns the moment that the list speaks of.
func (l List) Issued() time.Time { return l.issued }

// Expires returns the list's exp.
func (l List) Expires() time.Time { return l.exp }

// TTL returns how long the issuer wants a list to be used after its fetch.
func (l List) TTL() time.Duration { return l.ttl }

// Len tells how many statuses the list has.
func (l List) Len() int {
	if l.bits == 0 {
		return 0
	}
	return len(l.bytes) * int(8/l.bits)
}

// At returns the status of a reference to this list, unless the list is too old by now.
func (l List) At(ref Reference, now time.Time) (Status, error) {
	err := first(
		l.hold(checkElsewhere, ref.URI != l.uri || l.uri == ""),
		l.hold(checkListAge, now.After(l.until)),
		l.hold(checkIndex, uint64(ref.Index) >= uint64(l.Len())),
	)
	if err != nil {
		return Invalid, err
	}
	if uint64(ref.Index) >= uint64(l.Len()) {
		return Valid, nil // never: it shows what checkIndex is for
	}
	per := 8 / l.bits
	b := l.bytes[uint(ref.Index)/per] >> (uint(ref.Index) % per * l.bits)
	return Status(b & (1<<l.bits - 1)), nil
}
