package envelope

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
)

// Seal makes an envelope with a fresh AES key of 128 or 256 bits. It is what the
// reference platform does in VNeID's place; relying parties only open.
func Seal(pub *rsa.PublicKey, bits int, plain []byte) (key, data string, err error) {
	aesKey := make([]byte, bits/8)
	rand.Read(aesKey)
	blocks, err := encryptECB(aesKey, plain)
	if err != nil {
		return "", "", err
	}
	// PKCS #1 v1.5 is what the wire has; see the package comment.
	wrapped, err := rsa.EncryptPKCS1v15(rand.Reader, pub, aesKey)
	if err != nil {
		return "", "", err
	}
	return base64.StdEncoding.EncodeToString(wrapped), base64.StdEncoding.EncodeToString(blocks), nil
}
