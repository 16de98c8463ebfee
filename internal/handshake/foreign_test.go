package handshake

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/ec"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/internal/modp"
	"github.com/vneid-sdk/vneid-go/internal/sm"
	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// run of testdata/make_pace.py: both sides of PACE computed in Python.
type foreignRun struct {
	ID                       int
	EC                       bool
	Mapping                  string
	Suite                    uint8
	Zero                     string
	Password, T              string
	Secrets                  []string
	Z, Public, Key, Enc, MAC string
	MappingKey               string `json:"mapping_key"`
	TokenIFD                 string `json:"t_ifd"`
	TokenIC                  string `json:"t_ic"`
}

// chip answers as the run's chip did, and expects the run's terminal.
func (r *foreignRun) chip(t *testing.T) Send {
	answers := [][]byte{nil, tagged(nil, 0x80, unhex(r.Z)), tagged(nil, 0x82, unhex(r.MappingKey)), tagged(nil, 0x84, unhex(r.Key)), tagged(nil, 0x86, unhex(r.TokenIC))}
	expects := map[int][]byte{3: tagged(nil, 0x83, unhex(r.Public)), 4: tagged(nil, 0x85, unhex(r.TokenIFD))}
	step := -1
	return func(_ context.Context, c apdu.Command) ([]byte, uint16, error) {
		step++
		if want := expects[step]; want != nil {
			outer := tlv.BER(c.Data)
			if got := outer.Read(0x7C); !bytes.Equal(got, want) {
				t.Errorf("step %d sends %x\nwant %x", step, got, want)
			}
		}
		if step == 0 {
			return nil, 0x9000, nil
		}
		return tagged(nil, 0x7C, answers[step]), 0x9000, nil
	}
}

// Runs in which the nonce, the generator, a public key or the shared secret begins
// with a zero byte: readers that drop it fail one handshake in 256.
func TestRunsWithLeadingZerosOfAnotherImplementation(t *testing.T) {
	b, err := os.ReadFile("testdata/pace.json")
	if err != nil {
		t.Fatal(err)
	}
	var runs []foreignRun
	if err := json.Unmarshal(b, &runs); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for i, r := range runs {
		p := PACE{Reference: 2, Password: unhex(r.Password)}
		p.Info = lds.PACEInfo{Protocol: lds.Protocol{Mapping: lds.Generic, EC: r.EC, Suite: sm.Suite(r.Suite)}, Parameter: r.ID}
		if r.Mapping == "IM" {
			p.Info.Protocol.Mapping, p.nonceT = lds.Integrated, unhex(r.T)
		}
		if r.EC {
			p.domain = ecDomain(ec.Curve(r.ID), r.Secrets...)
		} else {
			p.domain = dhDomain(modp.Group(r.ID+1), r.Secrets...)
		}
		session, _, err := p.Run(context.Background(), r.chip(t))
		if err != nil {
			t.Fatalf("run %d, %v with %d, %s: %v", i, p.Info.Protocol, r.ID, r.Zero, err)
		}
		sameKeys(t, session, sm.Suite(r.Suite), r.Enc, r.MAC)
		kinds[r.Zero]++
	}
	kinds["public key"] = kinds["key"] + kinds["mapping key"] + kinds["own key"]
	for _, what := range []string{"nonce", "generator", "public key", "secret"} {
		if kinds[what] < 100 {
			t.Errorf("only %d runs with leading zeros in the %s", kinds[what], what)
		}
	}
	t.Log(len(runs), "runs:", kinds)
}
