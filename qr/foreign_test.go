package qr_test

import (
	"bufio"
	"bytes"
	"crypto"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/qrissue"
)

// TestAForeignVerifierAgrees has our codes checked by Python's cryptography, and
// has it refuse what was changed in them.
func TestAForeignVerifierAgrees(t *testing.T) {
	if err := exec.Command("python3", "-c", "import cryptography").Run(); err != nil {
		if os.Getenv("VNEID_REQUIRE_PEERS") == "" {
			t.Skip("python3 with cryptography (Debian: python3-cryptography) is not installed")
		}
		t.Fatal(err)
	}
	type job struct {
		JWK  map[string]string `json:"jwk"`
		Code string            `json:"code"`
	}
	type answer struct {
		Number, Name, Refused string
		Exp                   int64
	}
	rng := rand.New(rand.NewPCG(3, 2026))
	var jobs []job
	var whole []bool
	for _, claims := range []qrissue.Claims{dynamic(t), presented(t, "verified", licence(t))} {
		for _, key := range []crypto.Signer{edKey, ecKey} {
			for _, text := range spellings(t, claims, key) {
				jobs, whole = append(jobs, job{jwk(t, key.Public()), text}), append(whole, true)
				for len(jobs)%100 != 0 {
					if changed := mutate(rng, text); trimmed(changed) != text {
						jobs, whole = append(jobs, job{jwk(t, key.Public()), changed}), append(whole, false)
					}
				}
			}
		}
	}
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, j := range jobs {
		if err := enc.Encode(j); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("python3", "testdata/check_codes.py")
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	want, n := dynamic(t), 0
	for ; lines.Scan(); n++ {
		var a answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		if !whole[n] {
			if a.Refused == "" {
				t.Errorf("the foreign verifier accepts %q", jobs[n].Code)
			}
			continue
		}
		number := want.Citizen.ID
		if n >= len(jobs)/2 {
			number = licence(t).Number
		}
		if a != (answer{Number: number, Name: want.Citizen.Name, Exp: want.Expires.Unix()}) {
			t.Errorf("the foreign verifier reads %+v in %q", a, jobs[n].Code)
		}
	}
	if n != len(jobs) {
		t.Errorf("%d answers to %d codes", n, len(jobs))
	}
}
