package bench

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
)

// maxProof bounds the making of a DPoP proof with an access token and a nonce, over
// one ES256 signature of the same bytes.
const maxProof = 1.15

// TestProofAgainstOneSignature runs with VNEID_BENCH set.
func TestProofAgainstOneSignature(t *testing.T) {
	rounds, ops := 5, 20
	measured := os.Getenv("VNEID_BENCH") != ""
	if measured {
		rounds, ops = 101, 300
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	prover, err := oauth.NewProver(key, nil)
	if err != nil {
		t.Fatal(err)
	}
	const origin = "https://login.example"
	prover.Learn(origin, "eyJ7S_zG.eyJH0-Z.HX4w-7v")
	targets, access, bytes := make([]string, inputs), make([]string, inputs), make([][]byte, inputs)
	for i := range inputs {
		targets[i] = origin + "/citizens/" + strconv.Itoa(100000+i) + "?page=1"
		access[i] = strconv.Itoa(100000+i) + strings.Repeat("x", 40)
		proof, err := prover.Proof("GET", targets[i], access[i])
		if err != nil {
			t.Fatal(err)
		}
		bytes[i] = []byte(proof[:strings.LastIndexByte(proof, '.')])
	}
	results, err := Race([]Contender{
		{"ES256 (crypto/ecdsa)", func(i int) error {
			digest := sha256.Sum256(bytes[i%inputs])
			_, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
			return err
		}},
		{"jws.Sign", func(i int) error {
			_, err := jws.Sign("ES256", key, bytes[i%inputs])
			return err
		}},
		{"oauth.Prover.Proof", func(i int) error {
			_, err := prover.Proof("GET", targets[i%inputs], access[i%inputs])
			return err
		}},
	}, rounds, ops)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", Table(results))
	if ratio := float64(results[2].CPU) / float64(results[0].CPU); measured && ratio > maxProof {
		t.Errorf("a proof takes %.3f signatures, at most %.2f", ratio, maxProof)
	}
}
