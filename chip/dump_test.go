package chip_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const smallDump = `{"version": 1,
	"files": {"SOD": "dwA=", "DG1": "YQA="},
	"active_authentication": {"challenge": "AAAA", "answer": "AQID"},
	"claimed": {"read_at": "2026-11-22T09:00:00Z", "protocol": "BAC", "unread": {"DG3": "6982"}, "chip_authentication": "6A80"}}`

func TestDumpsReadBack(t *testing.T) {
	var d chip.Dump
	if err := json.Unmarshal([]byte(smallDump), &d); err != nil {
		t.Fatal(err)
	}
	if d.Challenge() != "AAAA" || d.ClaimedProtocol() != "BAC" || d.ClaimedUnread()["DG3"] != "6982" || d.ClaimedTime().IsZero() ||
		strings.Join(d.Files(), " ") != "SOD DG1" || !bytes.Equal(d.File("DG1"), []byte{0x61, 0}) || d.File("DG2") != nil {
		t.Error(d.Files(), d.Challenge(), d.ClaimedProtocol())
	}
	d.File("DG1")[0] = 0 // a copy
	again, err := json.Marshal(transfer(t, &d))
	first, _ := json.Marshal(d)
	if err != nil || !bytes.Equal(first, again) || !strings.Contains(string(again), `"DG1":"YQA="`) {
		t.Errorf("%s, %v", again, err)
	}
	zero, err := json.Marshal(chip.Dump{})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(zero, &d); err != nil || len(d.Files()) != 0 {
		t.Errorf("the zero dump %s reads back as %v, %v", zero, d.Files(), err)
	}
}

// Each refused dump is the small one with one fault.
func TestDumpsThatAreRefused(t *testing.T) {
	if err := json.Unmarshal([]byte(smallDump), new(chip.Dump)); err != nil {
		t.Fatal("the twin:", err)
	}
	for name, change := range map[string][2]string{
		"of another version":          {`"version": 1`, `"version": 2`},
		"of no version":               {`"version": 1,`, ``},
		"with a member more":          {`"version": 1`, `"version": 1, "genuine": true`},
		"with a proof":                {`"protocol": "BAC"`, `"protocol": "BAC", "live": {}`},
		"with a file of no name":      {`"DG1"`, `""`},
		"with a file of another name": {`"DG1"`, `"DG17"`},
		"with a path for a name":      {`"DG1"`, `"../DG1"`},
		"with a file of no bytes":     {`"YQA="`, `""`},
		"with a file of null":         {`"YQA="`, `null`},
		"with a huge file":            {`"YQA="`, `"` + base64.StdEncoding.EncodeToString(make([]byte, 256<<10+1)) + `"`},
		"with broken base64":          {`"YQA="`, `"YQA"`},
		"with an empty answer":        {`"AQID"`, `""`},
		"with a huge answer":          {`"AQID"`, `"` + base64.StdEncoding.EncodeToString(make([]byte, 1025)) + `"`},
		"with a huge challenge":       {`"AAAA"`, `"` + strings.Repeat("A", 200) + `"`},
		"with a protocol of control":  {`"BAC"`, `"BAC\u0007"`},
		"with a challenge of control": {`"AAAA"`, `"AA\u001b[2J"`},
		"with another behind it":      {`"6A80"}}`, `"6A80"}} {}`},
		"with a brace behind it":      {`"6A80"}}`, `"6A80"}}}`},
		"with a long protocol":        {`"BAC"`, `"` + strings.Repeat("A", 65) + `"`},
		"with a status that is none":  {`"6982"`, `"698x"`},
		"with a status for no file":   {`"DG3"`, `"DG99"`},
		"with a chip status of none":  {`"6A80"`, `"6A8"`},
		"with a time that is none":    {`"2026-11-22T09:00:00Z"`, `"yesterday"`},
		"that ends early":             {`}}`, ``},
		"that is an array":            {smallDump, `[]`},
		"that is huge":                {`"version"`, strings.Repeat(" ", 2<<20) + `"version"`},
	} {
		d := new(chip.Dump)
		err := json.Unmarshal([]byte(strings.Replace(smallDump, change[0], change[1], 1)), d)
		var syntax *json.SyntaxError // found by encoding/json before we are asked
		if !errors.Is(err, vneid.ErrMalformed) && !errors.As(err, &syntax) || len(d.Files()) != 0 {
			t.Errorf("a dump %s: %v", name, err)
		}
		// Asked directly, there is no other judge.
		if err := d.UnmarshalJSON([]byte(strings.Replace(smallDump, change[0], change[1], 1))); !errors.Is(err, vneid.ErrMalformed) || len(d.Files()) != 0 {
			t.Errorf("a dump %s, decoded directly: %v", name, err)
		}
	}
}

// Whatever a card says, what Read returns can be sent on.
func TestAReadingThatIsTooLargeToSend(t *testing.T) {
	large := func(n int) []byte {
		const size = 250 << 10
		return append([]byte{byte([]int{5: 0x65, 6: 0x66, 7: 0x67, 8: 0x68, 9: 0x69, 10: 0x6A, 12: 0x6C}[n]), 0x83, size >> 16, size >> 8 & 0xFF, size & 0xFF}, make([]byte, size)...)
	}
	card := newCard(t, chiptest.Card{NoAA: true, NoCA: true, Groups: map[int][]byte{
		5: large(5), 6: large(6), 7: large(7), 8: large(8), 9: large(9), 10: large(10), 12: large(12)}})
	read := func(groups ...int) (*chip.Dump, error) {
		card.Reset()
		return chip.Read(context.Background(), card, byCAN(t, card), chip.ReadOptions{MaxResponse: 65536, Groups: groups})
	}
	d, err := read(1, 5, 6, 7, 8, 9, 10)
	if err != nil {
		t.Fatal("the twin:", err)
	}
	transfer(t, d)
	if d, err := read(1, 5, 6, 7, 8, 9, 10, 12); d != nil || !errors.Is(err, vneid.ErrMalformed) || kinds(err) != 1 {
		t.Error(err)
	}
}

// forger has everything that is public about a card, challenges of the verifier, and
// any key that he likes.
func TestAForgerPassesNoDumpAsGenuine(t *testing.T) {
	card := newCard(t, chiptest.Card{PACE: []chiptest.Protocol{{Name: "PACE-ECDH-CAM-AES-CBC-CMAC-128", Domain: "brainpoolP256r1"}}})
	v := trusting(t, card)
	genuine := dumped(t, v, card, byCAN(t, card))
	if doc, err := v.Verify(context.Background(), genuine, chip.VerifyOptions{Session: session}); err != nil || !doc.Genuine() || doc.Check("pace-cam").Status != chip.Passed {
		t.Fatal("the twin:", err)
	}
	files := make(map[string][]byte)
	for _, name := range genuine.Files() {
		files[name] = genuine.File(name)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	protocols := []string{"PACE-ECDH-CAM-AES-CBC-CMAC-128", "PACE-ECDH-GM-AES-CBC-CMAC-128", "BAC", ""}
	refused := map[string]int{}
	for i := range 100 {
		c, err := v.Challenge(session)
		if err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, 64)
		switch i % 5 {
		case 0:
			rand.Read(answer)
		case 1: // a good signature by his own key
			sum := sha256.Sum256(c.Nonce)
			r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			r.FillBytes(answer[:32])
			s.FillBytes(answer[32:])
		case 2: // the genuine answer to another challenge
			var seen struct {
				Active struct{ Answer []byte } `json:"active_authentication"`
			}
			b, _ := json.Marshal(genuine)
			if err := json.Unmarshal(b, &seen); err != nil {
				t.Fatal(err)
			}
			answer = seen.Active.Answer
		case 3, 4:
			answer = nil
		}
		forged := map[string]any{"version": 1, "files": files, "claimed": map[string]any{"protocol": protocols[i%len(protocols)]}}
		if answer != nil {
			forged["active_authentication"] = map[string]any{"challenge": c.ID, "answer": answer}
		}
		text, _ := json.Marshal(forged)
		d := new(chip.Dump)
		if err := json.Unmarshal(text, d); err != nil {
			t.Fatal(err)
		}
		doc, err := v.Verify(context.Background(), d, chip.VerifyOptions{Session: session})
		if err == nil || doc.Genuine() {
			t.Fatalf("forgery %d passes", i)
		}
		var verdict *chip.VerifyError
		if !errors.As(err, &verdict) {
			t.Fatal(err)
		}
		refused[fmt.Sprint(verdict.Name, ": ", verdict.Reason)]++
		lax := trusting(t, card, func(c *chip.Config) { c.AcceptUnprovenChip, c.AcceptDowngrade = true, true })
		if doc, err := lax.Verify(context.Background(), d, chip.VerifyOptions{Session: session}); err == nil && doc.Genuine() {
			t.Fatalf("forgery %d passes as genuine where unproven chips pass", i)
		}
	}
	t.Log(refused)
}

// Unverified readings have types that are no Document.
func TestADumpCanBeLookedAtUnverified(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	d := dumped(t, nil, card, byCAN(t, card))
	zone, err := d.MRZ()
	if err != nil || zone.ID().Reveal() != "999090000001" {
		t.Error(zone, err)
	}
	details, err := d.Details()
	if err != nil || details.Name != "Nguyễn Văn An" || details.Expires.String() != "2030-02-14" || !bytes.Equal(details.Raw, card.File("DG13")) {
		t.Errorf("%+v %v", details, err)
	}
	empty := new(chip.Dump)
	if _, err := empty.MRZ(); !errors.Is(err, vneid.ErrMalformed) {
		t.Error(err)
	}
	// Since 2024 the issuer may encode DG13 in a way of its own: data stays
	// authentic, and its reason says why there is no more.
	odd := newCard(t, chiptest.Card{Groups: map[int][]byte{13: append([]byte{0x6D, 40}, bytes.Repeat([]byte{0xA7}, 40)...)}})
	d = dumped(t, nil, odd, byCAN(t, odd))
	var encoding *chip.VerifyError
	if _, err := d.Details(); !errors.As(err, &encoding) || encoding.Reason != "proprietary-encoding" || kinds(err) != 1 {
		t.Error(err)
	}
	v := trusting(t, odd)
	odd.Reset()
	doc, err := journey(context.Background(), t, v, odd, byCAN(t, odd))
	if err != nil || doc.Check("dg1-dg13").Reason != "proprietary-encoding" || doc.Citizen().Name() != "NGUYEN VAN AN" || len(doc.Details().Raw) != 42 {
		t.Error(doc.Check("dg1-dg13"), doc.Citizen(), err)
	}
}

func FuzzDump(f *testing.F) {
	f.Add([]byte(smallDump))
	f.Add([]byte(`{"version":1,"files":{"SOD":"dwQwAgYA"}}`))
	v, err := chip.New(chip.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d := new(chip.Dump)
		if d.UnmarshalJSON(b) != nil {
			return
		}
		if doc, err := v.Verify(context.Background(), d, chip.VerifyOptions{}); err == nil || doc != nil || kinds(err) != 1 {
			t.Error("passes without an anchor", err)
		}
		d.MRZ()
		d.Details()
	})
}

// respond is a card that answers whatever the fuzzer says.
type respond struct{ stream []byte }

func (r *respond) Transmit(context.Context, []byte) ([]byte, error) {
	if len(r.stream) == 0 {
		return []byte{0x6F, 0}, nil
	}
	n := min(int(r.stream[0]), len(r.stream)-1)
	answer := r.stream[1 : 1+n]
	r.stream = r.stream[1+n:]
	return answer, nil
}

// No card, whatever it says, makes Read panic, hang or hand out a file that it
// could not authenticate. Keys are random, so no input covers the same twice: run it
// with -fuzzminimizetime 1x, or it minimizes for ever.
func FuzzReadAnyAnswers(f *testing.F) {
	card := newCard(f, chiptest.Card{})
	zone := byMRZ(f, card)
	for _, c := range []chiptest.Card{{}, {NoPACE: true}, {PACE: []chiptest.Protocol{{Name: "PACE-ECDH-IM-AES-CBC-CMAC-128", Domain: "secp256r1"}}}} {
		e := newCard(f, c)
		if _, err := chip.Read(context.Background(), e, byMRZ(f, e), chip.ReadOptions{}); err != nil {
			f.Fatal(err)
		}
		var stream []byte
		for _, x := range e.Exchanges() {
			if len(x.Response) < 256 {
				stream = append(append(stream, byte(len(x.Response))), x.Response...)
			}
		}
		f.Add(stream)
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		d, err := chip.Read(context.Background(), &respond{stream}, zone, chip.ReadOptions{})
		if err == nil || d != nil || kinds(err) != 1 {
			t.Errorf("a card that knows no password is read: %v", err)
		}
	})
}
