package wycheproof

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jwe"
)

// The key wrapping of encrypted answers: 256 bits under 256 bits. What wraps keys of
// other lengths must be refused, also where it is right.
func TestKeyWrap(t *testing.T) {
	var file struct {
		TestGroups []struct {
			KeySize int
			Tests   []struct {
				TcID                          int
				Comment, Key, Msg, Ct, Result string
			}
		}
	}
	read(t, "aes_wrap_test.json", &file)
	var c tally
	for _, g := range file.TestGroups {
		for _, v := range g.Tests {
			kek, _ := hex.DecodeString(v.Key)
			wrapped, _ := hex.DecodeString(v.Ct)
			want, _ := hex.DecodeString(v.Msg)
			got, ok := jwe.Unwrap(kek, wrapped)
			if g.KeySize != 256 || v.Result != "invalid" && len(want) != 32 {
				c.skip("keys of another length, and refused", 1)
				if ok {
					t.Errorf("vector %d: a key of another length is unwrapped", v.TcID)
				}
				continue
			}
			if ok && !bytes.Equal(got, want) {
				t.Errorf("vector %d: another key", v.TcID)
			}
			c.judge(t, v.TcID, v.Comment, v.Result, ok)
		}
	}
	c.print(t, "aes_wrap_test.json")
}
