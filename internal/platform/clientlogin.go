package platform

import (
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// LoginPurpose is what a client logs people in for (mục đích xử lý dữ liệu), as the consent
// page says it: a person agrees to a purpose and a time (Law 91/2025 Art. 9). Who agreed to
// another one is asked again.
type LoginPurpose struct {
	Vi string `json:"vi,omitempty"`
	En string `json:"en,omitempty"`

	// RetentionDays is the longest that the client keeps what a login tells it, after the
	// last one. 0: the page says that the client named no time.
	RetentionDays int `json:"retention_days,omitempty"`
}

// ConsentDays is how long a consent to logins is remembered: a project choice.
const ConsentDays = 365

const maxLoginWords = 200

func (l LoginPurpose) check() error {
	if !servicewire.Plain(l.Vi, maxLoginWords) || !servicewire.Plain(l.En, maxLoginWords) || (l.Vi == "") != (l.En == "") {
		return errors.New("Client.Login has words in one language alone, too long ones, or more than text")
	}
	if l.RetentionDays < 0 || l.RetentionDays > maxRetention || l.Vi == "" && l.RetentionDays != 0 {
		return errors.New("Client.Login has no sensible RetentionDays, or some without a purpose")
	}
	return nil
}
