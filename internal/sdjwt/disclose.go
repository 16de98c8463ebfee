package sdjwt

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

const maxDepth = 16 // as internal/jws has it, which reads the result

// disclosing writes a payload anew, with disclosures in the place of their digests
// (RFC 9901 §7.1 step 3).
type disclosing struct {
	*Reader
	list    []disclosure
	seen    map[sum]int // where in list, or decoy for a digest that was met and is not there
	digests int
	sealed  bool // within a claim that has to be open
	out     []byte
}

const decoy = -1

// disclose returns the claims. That no object has a name twice, whether open or
// disclosed, is seen to by ParseObject on the result.
func (r *Reader) disclose(payload *jws.Object, list []disclosure) (jws.Object, error) {
	text := payload.Text()
	x := &disclosing{Reader: r, list: list, out: make([]byte, 0, len(text))}
	x.seen = make(map[sum]int, 2*len(list))
	for i := range list {
		x.seen[list[i].sum] = i // of two that are the same one stays unused
	}
	alg := payload.Raw("_sd_alg")
	err := first(
		r.hold(checkHash, alg != "" && alg != `"sha-256"`),
		x.object(strings.TrimSpace(text), 1),
	)
	for i := range list {
		err = first(err, r.hold(checkUnused, !list[i].used))
	}
	if err != nil {
		return jws.Object{}, err
	}
	return jws.ParseObject(string(x.out))
}

func (x *disclosing) value(raw string, depth int) error {
	if depth > maxDepth {
		return malformed("the disclosures are nested too deeply")
	}
	switch {
	case plain(raw):
		x.out = append(x.out, raw...)
		return nil
	case raw[0] == '{':
		return x.object(raw, depth)
	case raw[0] == '[':
		return x.array(raw, depth)
	}
	x.out = append(x.out, raw...)
	return nil
}

// plain tells whether a value certainly holds no digest. Names may be written with
// escapes, so where there is one it takes a closer look.
func plain(raw string) bool {
	c := raw[0]
	return c != '{' && c != '[' || strings.IndexByte(raw, '\\') < 0 && !strings.Contains(raw, `"_sd`) && !strings.Contains(raw, `"..."`)
}

func (x *disclosing) object(raw string, depth int) error {
	x.out = append(x.out, '{')
	from, hidden := len(x.out), ""
	for quoted, value := range jws.Fields(raw) {
		name, _ := jws.Text(quoted)
		var err error
		switch {
		case name == "_sd":
			hidden = value
			continue
		case name == "_sd_alg" && depth == 1:
			continue
		case name == "_sd_alg":
			err = x.hold(checkHashPlace, true)
		case name == "...":
			err = x.hold(checkEllipsis, true)
		}
		if err = first(err, x.member(from, quoted, value, depth)); err != nil {
			return err
		}
	}
	if hidden != "" && hidden[0] != '[' {
		return malformed("_sd is not an array")
	}
	for digest := range jws.Elements(hidden) {
		if err := x.hiddenMember(from, digest, depth); err != nil {
			return err
		}
	}
	x.out = append(x.out, '}')
	return nil
}

// member writes a member of the object that begins at from.
func (x *disclosing) member(from int, quoted, value string, depth int) error {
	if len(x.out) > from {
		x.out = append(x.out, ',')
	}
	x.out = append(append(x.out, quoted...), ':')
	if name, _ := jws.Text(quoted); depth == 1 && x.isOpen(name) {
		x.sealed = true
		defer func() { x.sealed = false }()
	}
	return x.value(value, depth+1)
}

func (x *disclosing) hiddenMember(from int, digest string, depth int) error {
	d, err := x.take(digest)
	if d == nil || err != nil {
		return err
	}
	if d.name == "" {
		return x.hold(checkSort, true)
	}
	name, _ := jws.Text(d.name)
	err = first(
		x.hold(checkName, reserved(name)),
		x.hold(checkOpen, depth == 1 && x.isOpen(name)),
	)
	if err != nil {
		return err
	}
	return x.member(from, d.name, d.value, depth)
}

func (x *disclosing) array(raw string, depth int) error {
	x.out = append(x.out, '[')
	from := len(x.out)
	for value := range jws.Elements(raw) {
		if digest, company := elementDigest(value); digest != "" {
			if err := x.hold(checkAlone, company); err != nil {
				return err
			}
			d, err := x.take(digest)
			if err == nil && d != nil {
				err = x.hold(checkSort, d.name != "")
			}
			if err != nil {
				return err
			}
			if d == nil {
				continue // withheld: the element vanishes
			}
			value = d.value
		}
		if len(x.out) > from {
			x.out = append(x.out, ',')
		}
		if err := x.value(value, depth+1); err != nil {
			return err
		}
	}
	x.out = append(x.out, ']')
	return nil
}

// elementDigest returns the digest that an array's element stands for, "" if for
// none, and whether other members are beside it (RFC 9901 §4.2.4.2).
func elementDigest(raw string) (digest string, company bool) {
	if raw[0] != '{' {
		return "", false
	}
	n := 0
	for quoted, value := range jws.Fields(raw) {
		if name, _ := jws.Text(quoted); name == "..." {
			digest = value
		}
		n++
	}
	return digest, n > 1
}

// take finds the disclosure of a digest, nil if there is none.
func (x *disclosing) take(digest string) (*disclosure, error) {
	text, ok := jws.Text(digest)
	key, ok2 := parseSum(text)
	if !ok || !ok2 {
		return nil, malformed("a digest is not one of SHA-256 in strict base64url")
	}
	x.digests++
	i, met := x.seen[key]
	if !met {
		i, x.seen[key] = decoy, decoy
	}
	again := met && (i == decoy || x.list[i].used)
	err := first(
		x.hold(checkDigests, x.digests > maxDigests),
		x.hold(checkOpen, x.sealed),
		x.hold(checkTwice, again),
	)
	if err != nil || i == decoy {
		return nil, err
	}
	x.list[i].used = true
	return &x.list[i], nil
}

func parseSum(text string) (s sum, ok bool) {
	if len(text) != 43 {
		return s, false
	}
	_, ok = jws.AppendBase64(s[:0], text)
	return s, ok
}
