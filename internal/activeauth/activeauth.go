// Package activeauth checks a chip's answer to Active Authentication: a signature
// over the verifier's challenge of eight bytes (ICAO Doc 9303-11 §6.1).
//
//	key    answer
//	RSA    ISO/IEC 9796-2 scheme 1, partial recovery: as long as the modulus, from which
//	       6A ‖ M1 ‖ H(M1 ‖ challenge) ‖ trailer is recovered; BC is SHA-1, else the
//	       hash's number and CC. Both ways to choose the root are read (§6.1.2.2: B.4, B.6)
//	ECDSA  r ‖ s in plain (§6.1.2.3); in DER too, as some cards answer
//
// SHA-1 is reported, not refused: the standard demands it of no chip, but asks
// readers to know it. Nothing here is secret.
package activeauth

import (
	"crypto"
	"crypto/rsa"
	"crypto/subtle"
	"math/big"

	_ "crypto/sha1" // the digests that the standard names
	_ "crypto/sha256"
	_ "crypto/sha512"

	"github.com/vneid-sdk/vneid-go/internal/cms"
	"github.com/vneid-sdk/vneid-go/internal/ec"
)

// Verify reports whether the answer signs the challenge, and with which digest.
// declared is the digest that DG14 names for ECDSA, 0 if it names none: then every
// digest is tried, since the key is what matters.
func Verify(key *cms.PublicKey, declared crypto.Hash, challenge, answer []byte) (hash crypto.Hash, ok bool) {
	if k := key.RSA(); k != nil {
		return verifyRSA(k, challenge, answer)
	}
	digests := []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512, crypto.SHA224, crypto.SHA1}
	if declared != 0 {
		digests = []crypto.Hash{declared}
	}
	for _, h := range digests {
		if verifyECDSA(key.Point(), h, challenge, answer) {
			return h, true
		}
	}
	return 0, false
}

func verifyECDSA(key ec.Point, h crypto.Hash, challenge, answer []byte) bool {
	if !h.Available() {
		return false
	}
	sum := digest(h, challenge)
	return key.VerifyPlain(sum, answer) || key.VerifyDER(sum, answer)
}

func digest(h crypto.Hash, parts ...[]byte) []byte {
	w := h.New()
	for _, p := range parts {
		w.Write(p)
	}
	return w.Sum(nil)
}

// trailers are the hashes by the byte before CC (§6.1.2.2).
var trailers = map[byte]crypto.Hash{0x33: crypto.SHA1, 0x34: crypto.SHA256, 0x35: crypto.SHA512, 0x36: crypto.SHA384, 0x38: crypto.SHA224}

func verifyRSA(key *rsa.PublicKey, challenge, answer []byte) (crypto.Hash, bool) {
	if len(answer) != key.Size() || key.N.BitLen()%8 != 0 {
		return 0, false
	}
	s := new(big.Int).SetBytes(answer)
	if s.Cmp(key.N) >= 0 {
		return 0, false
	}
	f := new(big.Int).Exp(s, big.NewInt(int64(key.E)), key.N)
	if f.Bit(0) != 0 || f.Bit(1) != 0 || f.Bit(2) != 1 || f.Bit(3) != 1 { // every trailer ends in C
		f.Sub(key.N, f)
	}
	return recovered(f.FillBytes(make([]byte, key.Size())), challenge)
}

// recovered checks the message representative.
func recovered(f, challenge []byte) (crypto.Hash, bool) {
	end := len(f) - 1
	h := crypto.SHA1
	switch f[end] {
	case 0xBC:
	case 0xCC:
		end--
		if h = trailers[f[end]]; h == 0 {
			return 0, false
		}
	default:
		return 0, false
	}
	start := end - h.Size()
	if f[0] != 0x6A || start < 1 {
		return 0, false
	}
	if subtle.ConstantTimeCompare(digest(h, f[1:start], challenge), f[start:end]) != 1 {
		return 0, false
	}
	return h, true
}
