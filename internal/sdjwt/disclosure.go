package sdjwt

import (
	"crypto/sha256"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// sum is a SHA-256 digest, of a disclosure or of nothing that anybody knows.
type sum [sha256.Size]byte

// disclosure is one decoded disclosure (RFC 9901 §4.2).
type disclosure struct {
	sum   sum
	name  string // JSON text; "" for an array's element
	value string // JSON text
	used  bool
}

// readDisclosures decodes text, in which each of count disclosures ends with "~". All
// go into one buffer, so that many cost no more memory than their bytes.
func readDisclosures(text string, count int) ([]disclosure, error) {
	if count == 0 {
		return nil, nil
	}
	list, ends := make([]disclosure, count), make([]int, count)
	buf, raw := make([]byte, 0, len(text)), []byte(text)
	for i := range list {
		one, rest, _ := strings.Cut(text, "~")
		var ok bool
		if buf, ok = jws.AppendBase64(buf, one); !ok {
			return nil, malformed("a disclosure is not strict base64url")
		}
		// The digest is that of the text as it came (§4.2.3), not of what it decodes to.
		list[i].sum, ends[i] = sha256.Sum256(raw[:len(one)]), len(buf)
		text, raw = rest, raw[len(text)-len(rest):]
	}
	all, from, room := string(buf), 0, make([]string, 0, 4)
	for i, end := range ends {
		if err := list[i].read(all[from:end], room); err != nil {
			return nil, err
		}
		from = end
	}
	return list, nil
}

// read reads one decoded disclosure. room is only memory.
func (d *disclosure) read(text string, room []string) error {
	values, err := jws.AppendArray(room, text)
	if err != nil {
		return err
	}
	n := len(values)
	if n != 2 && n != 3 || values[0][0] != '"' {
		return malformed("a disclosure is not a salt, a name and a value")
	}
	if n == 3 {
		if d.name = values[1]; d.name[0] != '"' {
			return malformed("a disclosure's name is not a string")
		}
	}
	d.value = values[n-1]
	return nil
}

// reserved tells whether a member of that name has a meaning of RFC 9901's own.
func reserved(name string) bool { return name == "_sd" || name == "..." || name == "_sd_alg" }
