package bench

import (
	"bytes"
	"compress/zlib"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
)

const listURI = "https://status.example/lists/1"

// TestTokenToStatuses compares a signed list of 2¹⁷ statuses, one in fifty of them not
// valid, with its raw operation: two decodings, inflating into a ready buffer, hash and
// check. The lists rotate as the other inputs do, but are fewer: each is long.
func TestTokenToStatuses(t *testing.T) {
	const lists, size = 64, 1 << 17
	signer := generate(t, "ES256")
	public := signer.Public().(*ecdsa.PublicKey)
	var tokens, packed []string
	var der [][]byte
	for n := range lists {
		s, err := sdjwt.NewStatuses(2, size)
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(uint64(n), 2))
		for range size / 50 {
			if err := s.Set(random.IntN(size), sdjwt.Invalid); err != nil {
				t.Fatal(err)
			}
		}
		token, err := sdjwt.Issuer{Alg: "ES256", Signer: signer, KeyID: kid}.List(listURI, s, at, 10*time.Minute, 24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := jws.NewParser(jws.Rules{Types: []string{sdjwt.ListType}, MaxSize: 1 << 20}).Parse(token)
		if err != nil {
			t.Fatal(err)
		}
		claims, err := parsed.Claims()
		if err != nil {
			t.Fatal(err)
		}
		list := claims.Object("status_list")
		d, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(parsed.Signature[:32]), new(big.Int).SetBytes(parsed.Signature[32:])})
		if err != nil {
			t.Fatal(err)
		}
		tokens, packed, der = append(tokens, token), append(packed, list.String("lst")), append(der, d)
	}
	payload, stream, plain := make([]byte, 1<<20), make([]byte, 1<<20), make([]byte, size/4)
	floor := func(i int) error {
		i %= lists
		from, end := strings.IndexByte(tokens[i], '.'), strings.LastIndexByte(tokens[i], '.')
		if _, err := base64.RawURLEncoding.Decode(payload, []byte(tokens[i][from+1:end])); err != nil {
			return err
		}
		n, err := base64.RawURLEncoding.Decode(stream, []byte(packed[i]))
		if err != nil {
			return err
		}
		z, err := zlib.NewReader(bytes.NewReader(stream[:n]))
		if err != nil {
			return err
		}
		if _, err := io.ReadFull(z, plain); err != nil {
			return err
		}
		if digest := sha256.Sum256([]byte(tokens[i][:end])); !ecdsa.VerifyASN1(public, digest[:], der[i]) {
			return errors.New("signature")
		}
		return nil
	}
	r := sdjwt.NewListReader(sdjwt.ListRules{Algs: []string{"ES256"}})
	want := sdjwt.ListExpect{URI: listURI, Now: at, Verify: func(s sdjwt.Signed) error { return jws.Verify(s.Alg, public, s.Input, s.Signature) }}
	ours := func(i int) error {
		i %= lists
		l, err := r.Read(tokens[i], want)
		if err != nil {
			return err
		}
		_, err = l.At(sdjwt.Reference{URI: listURI, Index: uint32(i)}, at)
		return err
	}
	rounds, ops := 5, 8
	if os.Getenv("VNEID_BENCH") == "1" {
		rounds, ops = 51, lists
	}
	results, err := Race([]Contender{{"floor: base64, zlib, check", floor}, {"this module", ours}}, rounds, ops)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d lists of %d bytes, 2^17 statuses of two bits\n%s", lists, len(tokens[0]), Table(results))
	if results[1].Allocs > results[0].Allocs+60 {
		t.Errorf("%.0f allocations, the floor has %.0f", results[1].Allocs, results[0].Allocs)
	}
}
