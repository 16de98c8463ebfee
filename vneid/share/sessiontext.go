package share

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// A Session as text is "1" and the base64url of secret, owner, hint (16 zero bytes if
// there is none) and the deflated JSON of the rest. Requests are much alike, so a
// dictionary of their words goes before: a request for two documents fits into 400
// characters. A change of the dictionary is a change of the "1".
const (
	textVersion = "1"
	maxText     = 8 << 10
	maxPlain    = 32 << 10
	fixedSize   = 32 + 16 + 16
)

// words are those of a Session, the most usual last, where deflate finds them best.
const words = `"periodic","until":"20","frequency_days":"contract"}"law","citation":"Điều  Luật ` +
	`"judicial-record""social-insurance""health-insurance""vehicle-registration""dependants""electronic-id""citizen-card""old-card""passport""tax-code"` +
	`"periods""facility""plate""issued""expires""authority""state""sex""nationality""place_of_origin""full_name""birth_date""citizen_id"` +
	`"permanent""temporary""current""household""members""points""classes""number"` +
	`{"name":"licence","includes":"B","essential":true}]}{"name":"age","at_least":18,"essential":true}]` +
	`,"essential":true},{"name":"essential":true,"max_age_days":"predicates":[{"name":"` +
	`{"b":17,"u":17,"r":{"type":"vneid_share","purpose":{"code":"-","vi":"kiểm tra giấy phép lái xe của người cho thuê","en":"checking the driving licence of the "},` +
	`"basis":{"kind":"consent"},"retention_days":30,"mode":"once","use":"store","documents":[{"kind":"residence","essential":true,"claims":[{"name":"permanent","essential":true}]},{"kind":"driver-licence","essential":true,"claims":[{"name":"identity"` +
	`"use":"view"},"l":2,"a":2}`

// MarshalText writes s down, secrets and all, for the caller's own store.
func (s *Session) MarshalText() ([]byte, error) {
	p := s.look()
	plain, err := json.Marshal(p)
	if err != nil {
		return nil, errors.New("share: the Session cannot be written down")
	}
	hint := p.key().Hint
	b := bytes.NewBuffer(slices.Concat(p.Secret, p.Owner, hint[:16]))
	w, err := flate.NewWriterDict(b, flate.BestCompression, []byte(words))
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil || len(p.Secret)+len(p.Owner) != 48 || base64.RawURLEncoding.EncodedLen(b.Len()) >= maxText {
		return nil, errors.New("share: the Session cannot be written down: is the request too long?")
	}
	return base64.RawURLEncoding.AppendEncode([]byte(textVersion), b.Bytes()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *Session) UnmarshalText(text []byte) error {
	errNot := errors.New("share: not a Session") // the cause could quote it
	rest, ok := bytes.CutPrefix(text, []byte(textVersion))
	if !ok || len(text) > maxText {
		return errNot
	}
	b, ok := jws.DecodeBase64(string(rest))
	if !ok || len(b) < fixedSize {
		return errNot
	}
	packed := bytes.NewReader(b[fixedSize:])
	plain, err := io.ReadAll(io.LimitReader(flate.NewReaderDict(packed, []byte(words)), maxPlain))
	var p pending
	if err != nil || packed.Len() > 0 || json.Unmarshal(plain, &p) != nil {
		return errNot
	}
	p.Secret, p.Owner = b[:32], b[32:48]
	if p.Number != "" {
		p.Hint = b[48:fixedSize]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(p)
	return nil
}
