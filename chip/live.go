package chip

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/handshake"
)

// live is what this process saw a chip prove while it read it. Read puts it into
// the Dump; no encoding carries it, and nothing else makes one, so that nobody can
// bring a proof that he made up.
type live struct {
	at      time.Time
	chipKey []byte            // SubjectPublicKeyInfo whose private part the chip has; nil: no Chip Authentication
	mapped  *handshake.Mapped // of PACE with chip authentication mapping; nil: another
}
