package chiptest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func clock() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }

// authority signs the cards of most tests.
var authority = sync.OnceValues(func() (*Issuer, error) { return newIssuer(Authority{Now: clock}, stream("authority")) })

// still makes a card whose every secret follows from the name.
func still(t testing.TB, name string, c Card) *Emulator {
	t.Helper()
	c.random, c.Now = stream(name), clock
	if issuer, err := authority(); c.Issuer == nil && err == nil {
		c.Issuer = issuer
	}
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func whole(t testing.TB, steps []string) {
	t.Helper()
	for _, s := range steps {
		if strings.Contains(s, ":") {
			t.Errorf("the reading stops at %s", s)
		}
	}
}

// Every protocol, each in both lengths.
func TestAWholeReading(t *testing.T) {
	cards := map[string]Card{
		"as it comes":      {},
		"BAC alone":        {NoPACE: true},
		"no extended":      {Short: true},
		"BAC, no extended": {NoPACE: true, Short: true},
		"preselected":      {Preselected: true},
		"RSA":              {AA: Protocol{"RSA-SHA1", "1024"}},
		"explicit":         {Explicit: true},
	}
	for _, cipher := range suiteNames {
		for _, curve := range []string{"secp224r1", "brainpoolP320r1"} {
			cards["GM "+cipher+curve] = Card{NoBAC: true, PACE: []Protocol{{"PACE-ECDH-GM-" + cipher, curve}}, CA: []Protocol{{"CA-ECDH-" + cipher, curve}}}
		}
		cards["IM "+cipher] = Card{NoBAC: true, PACE: []Protocol{{"PACE-ECDH-IM-" + cipher, "brainpoolP256r1"}}}
		cards["DH GM "+cipher] = Card{NoBAC: true, PACE: []Protocol{{"PACE-DH-GM-" + cipher, "modp1024-160"}}, CA: []Protocol{{"CA-DH-" + cipher, "modp1024-160"}}}
		cards["DH IM "+cipher] = Card{NoBAC: true, PACE: []Protocol{{"PACE-DH-IM-" + cipher, "modp1024-160"}}}
	}
	for _, bits := range []string{"128", "192", "256"} {
		cards["CAM "+bits] = Card{NoBAC: true, PACE: []Protocol{{"PACE-ECDH-CAM-AES-CBC-CMAC-" + bits, "brainpoolP256r1"}}}
	}
	for name, c := range cards {
		t.Run(name, func(t *testing.T) {
			e := still(t, name, c)
			x := newTerminal(e)
			steps := x.read()
			whole(t, steps)
			if access := "PACE"; !c.NoPACE && !c.Preselected && !slices.Contains(steps, access) {
				t.Errorf("no PACE in %q", steps)
			}
		})
	}
}

// Whatever the reader does, the chip keeps to ISO 7816-4.
func TestAnswersOutsideASession(t *testing.T) {
	e := still(t, "plain", Card{})
	say(t, e,
		"", "6700",
		"00A4000C", "6D00", // SELECT MF
		"00A4000C023F00", "6D00",
		"00A4020C02011C", "9000",
		"00B0000004", "3114"+"3012"+"9000",
		"00B0FF0004", "6A82",
		"00B0001604", "6B00",
		"00B09C1000", "02010202010D 9000",
		"00B09C100F", "02010202010D 6282",
		"00A4020C02011E", "6A82", // in the master file there is no EF.COM
		"0CB09E00 0D 970100 8E080000000000000000 00", "6987",
		"00A4040C07A0000002471001", "9000",
		"00A4020C02011C", "6982",
		"00B09C0000", "6982",
		"00A4020C02011E", "6982",
		"00B09E0000", "6982",
		"008800000831323334353637380 0", "6982",
		"0022 41A4 0C 800A04007F00070202030202", "6982",
		"0086000002 7C00 00", "6985",
		"00A4040C07A0000002471002", "6A82",
		"0077000000", "6D00",
	)
	if n := len(e.Exchanges()); n != 21 {
		t.Errorf("%d exchanges", n)
	}
}

func TestAnswersInsideASession(t *testing.T) {
	e := still(t, "inside", Card{Groups: map[int][]byte{4: {0x76, 0x00}}})
	x := newTerminal(e)
	if err := x.pace(e.offers[0], 1); err != nil {
		t.Fatal(err)
	}
	if _, err := x.want(0xA4, 4, 0x0C, applet, 0); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		about       string
		ins, p1, p2 byte
		data        []byte
		ne          int
		sw          uint16
		size        int
	}{
		{"fingerprints", 0xA4, 2, 0x0C, []byte{1, 3}, 0, swDenied, 0},
		{"irises by short identifier", 0xB0, 0x84, 0, nil, 16, swDenied, 0},
		{"no DG11", 0xA4, 2, 0x0C, []byte{1, 11}, 0, swNotFound, 0},
		{"EF.COM", 0xA4, 2, 0x0C, []byte{1, 0x1E}, 0, swOK, 0},
		{"its beginning", 0xB0, 0, 0, nil, 4, swOK, 4},
		{"all of it", 0xB0, 0, 0, nil, 256, swOK, 27},
		{"more than all", 0xB0, 0, 0, nil, 200, swEOF, 27},
		{"past its end", 0xB0, 1, 0, nil, 4, swOffset, 0},
		{"by odd instruction", 0xB1, 0, 2, der(0x54, []byte{0, 16}), 20, swOK, 20},
		{"by odd instruction and identifier", 0xB1, 1, 2, der(0x54, []byte{0}), 200, swOK, 200},
		{"odd, without offset", 0xB1, 0, 2, nil, 20, swBadData, 0},
		{"a short challenge", 0x88, 0, 0, []byte("1234567"), 256, swLength, 0},
		{"an unknown key reference", 0x22, 0x41, 0xA4, slices.Concat(der(0x80, oidContent(e.static[0].oid)), der(0x84, []byte{9})), 0, swBadData, 0},
		{"BAC within a session", 0x84, 0, 0, nil, 8, swDenied, 0},
	} {
		r, err := x.send(c.ins, c.p1, c.p2, c.data, c.ne)
		if err != nil || r.sw != c.sw || len(r.data) != c.size {
			t.Errorf("%s: %04X, %d bytes, %v", c.about, r.sw, len(r.data), err)
		}
	}
}

// A session ends with the first mistake of either side, and does not come back.
func TestSessionsEnd(t *testing.T) {
	for name, spoil := range map[string]func(x *terminal){
		"a wrong MAC":              func(x *terminal) { x.ch.auth = flipped(x.ch.auth) },
		"a lost count":             func(x *terminal) { x.ch.count() },
		"a command in the clear":   func(x *terminal) { x.e.Transmit(t.Context(), unhex(t, "00B09E0000")) },
		"the power taken away":     func(x *terminal) { x.e.Reset() },
		"a MAC that is missing":    func(x *terminal) { x.e.Transmit(t.Context(), unhex(t, "0CB09E000397010000")) },
		"an object nobody knows":   func(x *terminal) { x.e.Transmit(t.Context(), unhex(t, "0CB09E00028000 00")) },
		"a MAC before its objects": func(x *terminal) { x.e.Transmit(t.Context(), unhex(t, "0CB09E000D8E0800000000000000009701 0000")) },
	} {
		e := still(t, name, Card{})
		x := newTerminal(e)
		if err := x.pace(e.offers[0], 2); err != nil {
			t.Fatal(err)
		}
		if _, err := x.want(0xA4, 4, 0x0C, applet, 0); err != nil {
			t.Fatal("the twin:", err)
		}
		keys := *x.ch
		spoil(x)
		if _, err := x.file(0x1E); err == nil {
			t.Errorf("%s: the session goes on", name)
		}
		x.ch = &keys
		x.ch.ssc = bytes.Clone(keys.ssc)
		if _, err := x.file(0x1E); err == nil {
			t.Errorf("%s: the session comes back", name)
		}
	}
}

func TestWrongPasswords(t *testing.T) {
	for name, c := range map[string]Card{"PACE": {}, "BAC": {NoPACE: true}} {
		e := still(t, name, c)
		x := newTerminal(e)
		whole(t, x.read())

		e.Reset()
		x = newTerminal(e)
		x.access.CAN, x.access.Number = "999999", "999999999"
		steps := x.read()
		if last := steps[len(steps)-1]; !strings.HasSuffix(last, "6300") {
			t.Errorf("%s: a wrong password ends in %q", name, last)
		}
	}
}

// A chip of short length never answers with more than 256 bytes at once, and
// takes long commands in parts.
func TestShortLength(t *testing.T) {
	e := still(t, "short", Card{Short: true, NoBAC: true, PACE: []Protocol{{"PACE-DH-GM-AES-CBC-CMAC-128", "modp2048-224"}}})
	say(t, e, "00B09C00000000", "6700", "00B09C0000", fmt.Sprintf("%X9000", e.files["CardAccess"]))
	x := newTerminal(e)
	run := e.offers[0]
	data := slices.Concat(der(0x80, oidContent(run.oid)), der(0x83, []byte{2}))
	if _, err := x.want(0x22, 0xC1, 0xA4, data, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := x.want(0x86, 0, 0, der(0x7C), 256); err != nil {
		t.Fatal(err)
	}
	key := run.group.encode(run.group.power(run.group.base(), x.random.scalar(run.group.order())))
	template := der(0x7C, der(0x81, key))
	say(t, e, fmt.Sprintf("10860000%02X%X", 200, template[:200]), "9000")
	r, err := x.transmit(encode(0x10, 0x86, 0, 0, template[200:], 256, false))
	if err != nil || r.sw != swMore|8 || len(r.data) != 256 {
		t.Fatalf("%04X with %d bytes, %v", r.sw, len(r.data), err)
	}
	rest, err := x.transmit(unhex(t, "00C0000008"))
	if err != nil || rest.sw != swOK || len(unwrap(append(r.data, rest.data...))) != 260 {
		t.Fatalf("%04X with %d bytes, %v", rest.sw, len(rest.data), err)
	}
}

// What begins with a zero byte once in 256 runs can be had in every run.
func TestLeadingZeros(t *testing.T) {
	for _, p := range []Protocol{{"PACE-ECDH-GM-AES-CBC-CMAC-128", "brainpoolP256r1"}, {"PACE-DH-GM-3DES-CBC-CBC", "modp1024-160"}} {
		for _, what := range []string{"nonce", "mapping-key", "generator", "key", "secret"} {
			e := still(t, what, Card{PACE: []Protocol{p}, LeadingZero: what})
			for range 2 {
				x := newTerminal(e)
				e.Reset()
				if err := x.pace(e.offers[0], 2); err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if v := x.seen[what]; len(v) < 16 || v[0] != 0 {
					t.Errorf("%s: the %s is %X", p.Name, what, v)
				}
			}
		}
	}
	x := newTerminal(still(t, "twin", Card{}))
	if err := x.pace(x.e.offers[0], 2); err != nil {
		t.Fatal(err)
	}
	for what, v := range x.seen {
		if v[0] == 0 {
			t.Errorf("the %s of the twin begins with zero too: choose another stream", what)
		}
	}
}
