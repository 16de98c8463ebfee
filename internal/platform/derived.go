package platform

import (
	"crypto/hmac"
	"crypto/sha256"
)

// Derived is a secret of 32 bytes for a purpose of the program that runs the platform,
// such as the keys of relying parties that it hosts: the same for all processes with
// Config.Secret, and as secret. It tells nothing of any other purpose.
func (p *Platform) Derived(purpose string) []byte {
	h := hmac.New(sha256.New, p.cfg.Secret)
	h.Write([]byte("derived for the program\x00" + purpose))
	return h.Sum(nil)
}
