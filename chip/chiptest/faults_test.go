package chiptest

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/raced"
)

// transcript reads a card and returns every byte that was said, and how far the
// terminal came.
func transcript(e *Emulator) (said []byte, steps []string) {
	x := newTerminal(e)
	steps = x.read()
	for _, ex := range e.Exchanges() {
		said = fmt.Appendf(said, "%X>%X\n", ex.Command, ex.Response)
	}
	return said, steps
}

// twin is an honest card and all that it says.
type twin struct {
	e    *Emulator
	said []byte
}

// twins reads each twin of the faults twice: the same must come of it.
func twins(t *testing.T) map[string]twin {
	t.Helper()
	out := map[string]twin{}
	for _, f := range raced.Some(Faults()) {
		key := fmt.Sprint(f.Twin)
		if _, known := out[key]; known {
			continue
		}
		e := still(t, "fault", f.Twin)
		said, steps := transcript(e)
		whole(t, steps)
		e.random = stream("again") // RSA keys cannot be drawn twice, so the chip is the same
		first := e.again(script{})
		e.random = stream("again")
		if again := e.again(script{}); !bytes.Equal(first, again) {
			t.Fatalf("%s: the twin does not repeat itself", f.Name)
		}
		if f.Twin.AA.Name != "" {
			said = first
		}
		out[key] = twin{e, said}
	}
	return out
}

// again reads the same chip under another script.
func (e *Emulator) again(s script) []byte {
	e.Reset()
	e.log, e.script = nil, s
	said, _ := transcript(e)
	return said
}

// An attack or a defect that leaves the wire as it was would test nothing. The two
// cards draw the same secrets, so any difference is the fault's.
func TestEveryFaultChangesTheWire(t *testing.T) {
	honest := twins(t)
	for _, f := range raced.Some(Faults()) {
		tw := honest[fmt.Sprint(f.Twin)]
		if f.Twin.AA.Name != "" {
			tw.e.random = stream("again")
			if bytes.Equal(tw.e.again(f.script()), tw.said) {
				t.Errorf("%s changes nothing", f.Name)
			}
			continue
		}
		said, steps := transcript(still(t, "fault", f.Card()))
		if bytes.Equal(said, tw.said) {
			t.Errorf("%s changes nothing; the reading: %q", f.Name, steps)
		}
		if f.Stage == StageAccess && slices.Contains(steps, "file 02") != trusting[f.Name] {
			t.Errorf("%s, and a terminal that checks tokens alone: %q", f.Name, steps)
		}
	}
}

// trusting are faults of access that only a check of the values themselves finds:
// the arithmetic works out, or the two sides never find out that it did not.
var trusting = map[string]bool{
	"pace-nonce-zero": true, "pace-object-unknown": true, "pace-key-twice": true, "im-nonce-long": true, "im-map-data": true,
	"bac-own-challenge": true, "bac-other-challenge": true, "bac-challenges-exchanged": true,
}

func TestFaultsAreNamedAndSorted(t *testing.T) {
	faults := Faults()
	if len(faults) < 250 {
		t.Errorf("only %d faults", len(faults))
	}
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	stages := map[string]int{}
	for _, f := range faults {
		if !name.MatchString(f.Name) || seen[f.Name] || f.About == "" || strings.HasSuffix(f.About, ".") {
			t.Errorf("%q is named twice or badly: %q", f.Name, f.About)
		}
		if len(f.Twin.Faults) != 0 || !slices.Equal(f.Card().Faults, []string{f.Name}) {
			t.Errorf("%s: the twin is no twin", f.Name)
		}
		seen[f.Name] = true
		stages[f.Stage]++
	}
	for _, s := range []string{StageAccess, StageMessaging, StageReading, StageData, StageDowngrade, StageChip} {
		if stages[s] < 5 {
			t.Errorf("stage %s has %d faults", s, stages[s])
		}
		delete(stages, s)
	}
	if len(stages) != 0 {
		t.Errorf("stages that nobody knows: %v", stages)
	}
	t.Logf("%d faults", len(faults))
}

func TestFaultsAddUp(t *testing.T) {
	e := still(t, "sum", Card{Faults: []string{"com-drops-both", "clone-mute", "read-byte-wise"}})
	if e.File("DG14") != nil || e.File("DG15") != nil {
		t.Error("the groups are still there")
	}
	x := newTerminal(e)
	if err := x.pace(e.offers[0], 2); err != nil {
		t.Fatal(err)
	}
	x.want(0xA4, 4, 0x0C, applet, 0)
	if r, err := x.send(0xB0, 0x9E, 0, nil, 20); err != nil || len(r.data) != 1 {
		t.Errorf("%X %v", r.data, err)
	}
	if r, err := x.send(0x88, 0, 0, []byte("12345678"), 256); err != nil || r.sw != swInstruction {
		t.Errorf("%04X %v", r.sw, err)
	}
}

func TestMisconfigurationNamesTheField(t *testing.T) {
	if _, err := New(Card{}); err != nil {
		t.Fatal("the twin:", err)
	}
	for want, c := range map[string]Card{
		"Card.Person":      {Person: "nobody"},
		"Card.Faults":      {Faults: []string{"no-such-fault"}},
		"Card.PACE":        {PACE: []Protocol{{"PACE-ECDH-GM-AES-CBC-CMAC-128", "modp1024-160"}}},
		"Card.CA":          {CA: []Protocol{{"CA-ECDH-DES", "secp256r1"}}},
		"PACE-CAM":         {NoCA: true, PACE: []Protocol{{"PACE-ECDH-CAM-AES-CBC-CMAC-128", "secp256r1"}}},
		"Card.AA":          {AA: Protocol{"ECDSA-SHA256", "1024"}},
		"Card.LeadingZero": {LeadingZero: "luck"},
		"Card.Files":       {Files: map[string][]byte{"DG17": {0x70, 0}}},
		"Card.Groups":      {Groups: map[int][]byte{17: {0x70, 0}}},
	} {
		e, err := New(c)
		if err == nil || e != nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "chiptest: ") {
			t.Errorf("%s: %v", want, err)
		}
	}
	for _, p := range []Protocol{
		{"PACE-ECDH-IM-AES-CBC-CMAC-128", "secp224r1"}, {"PACE-ECDH-CAM-3DES-CBC-CBC", "secp256r1"}, {"PACE-DH-CAM-AES-CBC-CMAC-128", "modp1024-160"},
		{"PACE", "secp256r1"}, {}, {"CA-ECDH-AES-CBC-CMAC-128", "secp256r1"},
	} {
		if _, err := p.pace(); err == nil {
			t.Errorf("%v passes as a protocol of PACE", p)
		}
	}
	for _, a := range []Authority{{Algorithm: Protocol{"RSA-SHA256", "1000"}}, {Algorithm: Protocol{"ECDSA-MD5", "secp256r1"}}, {Algorithm: Protocol{"ECDSA", ""}}} {
		if _, err := NewIssuer(a); err == nil {
			t.Errorf("%v passes as an authority's algorithm", a)
		}
	}
}

func TestFilesReplaceWhatWasSigned(t *testing.T) {
	e := still(t, "files", Card{Files: map[string][]byte{"SOD": {0x77, 1, 2}, "DG13": nil, "DG5": {0x65, 0}}})
	x := newTerminal(e)
	if err := x.pace(e.offers[0], 2); err != nil {
		t.Fatal(err)
	}
	x.want(0xA4, 4, 0x0C, applet, 0)
	for short, want := range map[byte]string{0x1D: "\x77\x01\x02", 5: "\x65\x00", 13: ""} {
		if got, err := x.file(short); string(got) != want || (err == nil) != (want != "") {
			t.Errorf("file %02X: %X %v", short, got, err)
		}
	}
}
