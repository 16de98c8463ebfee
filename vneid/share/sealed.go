package share

import (
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// What an envelope is for. One of a purpose opens as no other.
const (
	forTab  = "vneid-share tab v1"
	forKeep = "vneid-share session v1"
)

// Seal makes a text of s that only this client reads, and those that share its
// Config.CookieKeys: a hidden field of a page can carry a request of Ask, and the server
// keeps nothing. It is good as long as the Session.
func (c *Client) Seal(s *Session) (string, error) {
	if err := c.made(); err != nil {
		return "", fault.Prefix("share", err)
	}
	plain, err := s.MarshalText()
	if err != nil {
		return "", err
	}
	text, err := c.box.Seal(forKeep, plain)
	return text, fault.Prefix("share", err)
}

// Open reads what Seal made. Anything else is of kind vneid.ErrMismatch.
func (c *Client) Open(text string) (*Session, error) {
	if err := c.made(); err != nil {
		return nil, fault.Prefix("share", err)
	}
	plain, ok := c.box.Open(forKeep, text, 2*maxText)
	s := new(Session)
	if !ok || s.UnmarshalText(plain) != nil {
		return nil, fault.Prefix("share", fault.New(vneid.ErrMismatch, "this is no session that this client sealed"))
	}
	return s, nil
}
