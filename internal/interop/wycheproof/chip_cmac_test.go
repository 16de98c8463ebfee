package wycheproof

import (
	"encoding/hex"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/sm"
)

// Secure messaging cuts CMAC at eight bytes (ICAO Doc 9303-11 §9.8.7.2), so vectors
// whose fault lies behind them have nothing to say here.
func TestChipCMAC(t *testing.T) {
	var file struct {
		TestGroups []struct {
			KeySize int
			Tests   []struct {
				TcID                           int
				Comment, Key, Msg, Tag, Result string
			}
		}
	}
	read(t, "aes_cmac_test.json", &file)
	var c tally
	for _, g := range file.TestGroups {
		suite := map[int]sm.Suite{128: sm.AES128, 192: sm.AES192, 256: sm.AES256}[g.KeySize]
		for _, v := range g.Tests {
			mac := suite.MAC(unhex(t, v.Key), unhex(t, v.Msg))
			if suite == 0 {
				if mac != nil {
					t.Errorf("vector %d: a key of %d bits", v.TcID, g.KeySize)
				}
				c.skip("a key that is none of AES", 1)
				continue
			}
			same := len(v.Tag) >= 16 && hex.EncodeToString(mac) == v.Tag[:16]
			if v.Result == "invalid" && same {
				c.skip("the fault lies behind the eighth byte", 1)
				continue
			}
			c.judge(t, v.TcID, v.Comment, v.Result, same)
		}
	}
	c.print(t, "AES-CMAC")
}
