package trustbundle_test

import (
	"encoding/base64"
	"encoding/pem"
)

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func pemOf(ders ...[]byte) (out []byte) {
	for _, der := range ders {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return out
}
