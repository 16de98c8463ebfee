package audit

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"iter"
	"strconv"
)

// The last line of a log says where it ends.
const endBegin = `{"end":`

// Line writes the place as the last line of a log.
func (h Head) Line() []byte {
	b := make([]byte, 0, 80)
	b = strconv.AppendUint(append(b, endBegin...), h.Seq, 10)
	b = base64.RawURLEncoding.AppendEncode(append(b, `,"hash":"`...), h.Hash[:])
	return append(b, `"}`...)
}

// ParseHead reads what Head.Line wrote.
func ParseHead(line []byte) (h Head, err error) {
	seq, rest, ok := bytes.Cut(bytes.TrimPrefix(line, []byte(endBegin)), []byte(`,"hash":"`))
	if !ok || len(rest) < 2 {
		return h, errLine
	}
	var err1, err2 error
	h.Seq, err1 = strconv.ParseUint(string(seq), 10, 64)
	h.Hash, err2 = ParseHash(string(rest[:len(rest)-2]))
	if err1 != nil || err2 != nil || !bytes.Equal(h.Line(), line) {
		return Head{}, errLine
	}
	return h, nil
}

// MaxLine bounds a line of an exported file.
const MaxLine = 1 << 20

// Lines reads an exported file.
func Lines(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		s := bufio.NewScanner(r)
		s.Buffer(nil, MaxLine)
		s.Split(wholeLines)
		for s.Scan() {
			if !yield(s.Bytes(), nil) {
				return
			}
		}
		if err := s.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// wholeLines wants a line feed behind every line, and nothing else around it.
func wholeLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return 0, nil, errors.New("audit: the last line is cut off")
	}
	return 0, nil, nil
}
