package sm_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/sm"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ICAO Doc 9303-11 Appendix D.1 and D.2.
func TestKeysOfTheBasicAccessExample(t *testing.T) {
	seed := unhex(t, "239AB9CB282DAF66231DC5A4DF6BFBAE")
	if got := sm.TripleDES.Derive(seed, sm.ForEncryption); !bytes.Equal(got, unhex(t, "AB94FDECF2674FDFB9B391F85D7F76F2")) {
		t.Errorf("encryption key %X", got)
	}
	if got := sm.TripleDES.Derive(seed, sm.ForMAC); !bytes.Equal(got, unhex(t, "7962D9ECE03D1ACD4C76089DCE131543")) {
		t.Errorf("MAC key %X", got)
	}
}

// step is a command of ICAO Doc 9303-11 Appendix D.4 with both protected forms.
type step struct {
	name           string
	command        apdu.Command
	sent, received string
	data           string
}

var readCOM = []step{
	{"select EF.COM", apdu.Command{INS: 0xA4, P1: 2, P2: 0x0C, Data: []byte{1, 0x1E}},
		"0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
		"990290008E08FA855A5D4C50A8ED9000", ""},
	{"read four bytes", apdu.Command{INS: 0xB0, Expect: 4},
		"0CB000000D9701048E08ED6705417E96BA5500",
		"8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000", "60145F01"},
	{"read the rest", apdu.Command{INS: 0xB0, P2: 4, Expect: 18},
		"0CB000040D9701128E082EA28A70F3C7B53500",
		"871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
		"04303130365F36063034303030305C026175"},
}

func exampleSession(t testing.TB) *sm.Session {
	t.Helper()
	s, err := sm.New(sm.TripleDES, unhex(t, "979EC13B1CBFE9DCD01AB0FED307EAE5"),
		unhex(t, "F1CB1F1FB5ADF208806B89DC579DC1F8"), unhex(t, "887022120C06C226"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func split(b []byte) ([]byte, uint16) {
	n := len(b) - 2
	return b[:n], uint16(b[n])<<8 | uint16(b[n+1])
}

func TestSecureMessagingOfTheExample(t *testing.T) {
	s := exampleSession(t)
	for _, c := range readCOM {
		p, err := s.Protect(c.command)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if got := p.Append(nil); !bytes.Equal(got, unhex(t, c.sent)) {
			t.Fatalf("%s: sends %X", c.name, got)
		}
		answer, sw := split(unhex(t, c.received))
		data, status, err := s.Open(nil, answer, sw)
		if err != nil || status != 0x9000 || !bytes.Equal(data, unhex(t, c.data)) {
			t.Fatalf("%s: %X %04X %v", c.name, data, status, err)
		}
	}
}

// Each refused answer is that of the example with one fault. The twin passes
// first, and the same session takes nothing afterwards.
func TestFaultyAnswersEndTheSession(t *testing.T) {
	good := readCOM[1].received
	for _, c := range []struct {
		name, received string
		want           error
	}{
		{"one bit of the data", strings.Replace(good, "9FF0", "9EF0", 1), sm.ErrMAC},
		{"one bit of the MAC", strings.Replace(good, "AD55", "AC55", 1), sm.ErrMAC},
		{"another status inside", strings.Replace(good, "99029000", "99026282", 1), sm.ErrMAC},
		{"another status outside", good[:len(good)-4] + "6282", sm.ErrStatus},
		{"no status object", "8709019FF0EC34F99226518E08AD55CC17140B2DED9000", sm.ErrFormat},
		{"no MAC", "8709019FF0EC34F9922651990290009000", sm.ErrFormat},
		{"a MAC of seven bytes", "8709019FF0EC34F9922651990290008E07AD55CC17140B2D9000", sm.ErrFormat},
		{"the MAC first", "8E08AD55CC17140B2DED8709019FF0EC34F9922651990290009000", sm.ErrFormat},
		{"bytes after the MAC", good[:len(good)-4] + "009000", sm.ErrFormat},
		{"an unknown object", "8001008709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000", sm.ErrFormat},
		{"a length that is not minimal", "878109019FF0EC34F9922651990290008E08AD55CC17140B2DED9000", sm.ErrFormat},
		{"a length past the end", "87FF019FF0EC34F9922651990290008E08AD55CC17140B2DED9000", sm.ErrFormat},
		{"a length of four bytes", "8784FFFFFFFF019FF0EC34F9922651990290008E08AD55CC17140B2DED9000", sm.ErrFormat},
		{"another padding indicator", strings.Replace(good, "870901", "870902", 1), sm.ErrFormat},
		{"the answer before", readCOM[0].received, sm.ErrMAC},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := exampleSession(t)
			for i := range 2 {
				if _, err := s.Protect(readCOM[i].command); err != nil {
					t.Fatal(err)
				}
				if i == 1 {
					break
				}
				answer, sw := split(unhex(t, readCOM[i].received))
				if _, _, err := s.Open(nil, answer, sw); err != nil {
					t.Fatal(err)
				}
			}
			answer, sw := split(unhex(t, c.received))
			data, _, err := s.Open(nil, answer, sw)
			if err != c.want || data != nil {
				t.Fatalf("%X, %v, want %v", data, err, c.want)
			}
			answer, sw = split(unhex(t, good))
			if _, _, err := s.Open(nil, answer, sw); err != sm.ErrEnded {
				t.Errorf("after the fault: %v", err)
			}
			if _, err := s.Protect(readCOM[2].command); err != sm.ErrEnded {
				t.Errorf("after the fault: %v", err)
			}
		})
	}
}

func TestAnAnswerInPlainTellsItsStatus(t *testing.T) {
	s := exampleSession(t)
	if _, err := s.Protect(readCOM[0].command); err != nil {
		t.Fatal(err)
	}
	var plain *sm.PlainError
	if _, _, err := s.Open(nil, nil, 0x6988); !errors.As(err, &plain) || plain.SW != 0x6988 {
		t.Fatal(err)
	}
	if _, err := s.Protect(readCOM[0].command); err != sm.ErrEnded {
		t.Fatal(err)
	}
}

// card is the other side, made of the same keys by other means: only the plain
// functions, message by message.
type card struct {
	suite    sm.Suite
	enc, mac []byte
	ssc      []byte
}

func (c *card) count() []byte {
	for i := len(c.ssc) - 1; i >= 0; i-- {
		if c.ssc[i]++; c.ssc[i] != 0 {
			break
		}
	}
	return bytes.Clone(c.ssc)
}

func (c *card) iv() []byte {
	if c.suite == sm.TripleDES {
		return nil
	}
	return c.suite.Block(c.enc, c.ssc)
}

func pad(b []byte, size int) []byte {
	b = append(bytes.Clone(b), 0x80)
	return append(b, make([]byte, (size-len(b)%size)%size)...)
}

// answer protects an answer as a card does.
func (c *card) answer(tag byte, data []byte, sw uint16) []byte {
	size := c.suite.BlockSize()
	in := c.count()
	var body []byte
	if data != nil {
		content := c.suite.Encrypt(c.enc, c.iv(), pad(data, size))
		if tag == 0x87 {
			content = append([]byte{1}, content...)
		}
		body = append(body, tag)
		switch n := len(content); {
		case n < 0x80:
			body = append(body, byte(n))
		case n < 0x100:
			body = append(body, 0x81, byte(n))
		case n < 0x10000:
			body = append(body, 0x82, byte(n>>8), byte(n))
		default:
			body = append(body, 0x83, byte(n>>16), byte(n>>8), byte(n))
		}
		body = append(body, content...)
	}
	body = append(body, 0x99, 2, byte(sw>>8), byte(sw))
	in = append(in, body...)
	mac := in
	if c.suite != sm.TripleDES { // CMAC gets whole blocks, the retail MAC pads itself
		mac = pad(in, size)
	}
	body = append(body, 0x8E, 8)
	return append(body, c.suite.MAC(c.mac, mac)...)
}

func pair(t testing.TB, suite sm.Suite) (*sm.Session, *card) {
	t.Helper()
	enc, mac := suite.Derive([]byte("a secret"), sm.ForEncryption), suite.Derive([]byte("a secret"), sm.ForMAC)
	s, err := sm.New(suite, enc, mac, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, &card{suite, enc, mac, make([]byte, suite.BlockSize())}
}

var allSuites = []sm.Suite{sm.TripleDES, sm.AES128, sm.AES192, sm.AES256}

func TestEverySuiteCarriesEveryLength(t *testing.T) {
	for _, suite := range allSuites {
		s, c := pair(t, suite)
		for n := range 520 {
			data := bytes.Repeat([]byte{byte(n)}, n)
			command := apdu.Command{INS: 0xB0 | byte(n&1), Expect: 1 + n}
			if _, err := s.Protect(command); err != nil {
				t.Fatal(err)
			}
			c.count()
			tag := byte(0x87)
			if n&1 == 1 {
				tag = 0x85
			}
			if n == 0 {
				data = nil
			}
			got, sw, err := s.Open([]byte("before"), c.answer(tag, data, 0x9000), 0x9000)
			if err != nil || sw != 0x9000 || string(got) != "before"+string(data) {
				t.Fatalf("%v, %d bytes: %v", suite, n, err)
			}
		}
	}
}

// Without a padding byte the MAC is right and the padding is not.
func TestPaddingIsChecked(t *testing.T) {
	for _, suite := range allSuites {
		s, c := pair(t, suite)
		s.Protect(apdu.Command{INS: 0xB0, Expect: 4})
		c.count()
		in := c.count()
		content := append([]byte{1}, suite.Encrypt(c.enc, c.iv(), make([]byte, suite.BlockSize()))...)
		body := append([]byte{0x87, byte(len(content))}, content...)
		body = append(body, 0x99, 2, 0x90, 0)
		in = append(in, body...)
		if suite != sm.TripleDES {
			in = pad(in, suite.BlockSize())
		}
		body = append(append(body, 0x8E, 8), suite.MAC(c.mac, in)...)
		if _, _, err := s.Open(nil, body, 0x9000); err != sm.ErrPadding {
			t.Errorf("%v: %v", suite, err)
		}
	}
}

// What Fits promises fits, and one byte more does not.
func TestFitsIsExact(t *testing.T) {
	for _, suite := range allSuites {
		for _, odd := range []bool{false, true} {
			for _, room := range []int{64, 100, 150, 151, 152, 256, 257, 270, 271, 272, 500, 1000, 65535, 65536} {
				s, c := pair(t, suite)
				n := s.Fits(room, odd)
				tag := byte(0x87)
				if odd {
					tag = 0x85
				}
				if got := len(c.answer(tag, make([]byte, n), 0x9000)); got > room {
					t.Errorf("%v, room %d: %d bytes make %d", suite, room, n, got)
				}
				if got := len(c.answer(tag, make([]byte, n+1), 0x9000)); got <= room {
					t.Errorf("%v, room %d: %d bytes would fit, too, in %d", suite, room, n+1, got)
				}
			}
		}
	}
	s, _ := pair(t, sm.AES128)
	d, _ := pair(t, sm.TripleDES)
	if s.Fits(256, false) != 223 || d.Fits(256, false) != 231 {
		t.Error("short length carries", s.Fits(256, false), "and", d.Fits(256, false))
	}
}

func TestKeysOfTheWrongLengthAreRefused(t *testing.T) {
	for _, suite := range append(allSuites, 0, 5) {
		good := suite.Derive([]byte("x"), sm.ForMAC)
		if _, err := sm.New(suite, good, good, nil); (err == nil) != suite.Valid() {
			t.Errorf("%v: %v", suite, err)
		}
		if _, err := sm.New(suite, append(good, 0), good, nil); err != sm.ErrKey {
			t.Errorf("%v: %v", suite, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, c := range readCOM {
		b, _ := hex.DecodeString(c.received)
		f.Add(uint8(1), b)
	}
	f.Add(uint8(2), []byte{0x87, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x90, 0})
	f.Fuzz(func(t *testing.T, suite uint8, response []byte) {
		if len(response) < 2 {
			return
		}
		s, _ := pair(t, allSuites[suite%4])
		if _, err := s.Protect(apdu.Command{INS: 0xB0, Expect: 256}); err != nil {
			t.Fatal(err)
		}
		answer, sw := split(response)
		data, _, err := s.Open(nil, answer, sw)
		if err == nil || data != nil {
			t.Fatal("an answer without the key passed")
		}
	})
}
