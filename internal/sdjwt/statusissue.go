package sdjwt

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Statuses are those of a list to issue. It is not safe for concurrent use.
type Statuses struct {
	bits  uint
	count int
	bytes []byte
}

// NewStatuses returns at least count valid statuses of 1, 2, 4 or 8 bits. So that one
// index tells little of who asks, a list should have 2¹⁷ or more.
func NewStatuses(bits, count int) (*Statuses, error) {
	if bits != 1 && bits != 2 && bits != 4 && bits != 8 || count <= 0 {
		return nil, errors.New("a list has statuses of 1, 2, 4 or 8 bits")
	}
	per := 8 / bits
	n := (count + per - 1) / per
	return &Statuses{uint(bits), n * per, make([]byte, n)}, nil
}

// Set changes one status.
func (s *Statuses) Set(index int, to Status) error {
	if index < 0 || index >= s.count || uint(to) >= 1<<s.bits {
		return errors.New("no such index, or a status of more bits")
	}
	per := 8 / s.bits
	shift := uint(index) % per * s.bits
	b := &s.bytes[uint(index)/per]
	*b = *b&^((1<<s.bits-1)<<shift) | byte(to)<<shift
	return nil
}

// List signs the statuses as they are now, for a URI.
func (i Issuer) List(uri string, s *Statuses, now time.Time, ttl, life time.Duration) (string, error) {
	if uri == "" || ttl < time.Second || life < time.Second {
		return "", errors.New("a status list has a URI, a ttl and a life of a second or more")
	}
	var packed bytes.Buffer
	w, err := zlib.NewWriterLevel(&packed, zlib.BestCompression) // as the draft advises
	if err != nil {
		return "", err
	}
	if _, err := w.Write(s.bytes); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	claims := []jws.Member{
		{Name: "sub", Value: uri},
		{Name: "iat", Value: now},
		{Name: "exp", Value: now.Add(life)},
		{Name: "ttl", Value: int64(ttl / time.Second)},
		{Name: "status_list", Value: []jws.Member{
			{Name: "bits", Value: int(s.bits)},
			{Name: "lst", Value: base64.RawURLEncoding.EncodeToString(packed.Bytes())},
		}},
	}
	if i.Name != "" {
		claims = append(claims, jws.Member{Name: "iss", Value: i.Name})
	}
	payload, err := jws.Encode(claims...)
	if err != nil {
		return "", err
	}
	return i.sign(ListType, string(payload))
}
