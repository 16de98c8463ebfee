package web

import "github.com/vneid-sdk/vneid-go/examples/internal/web/words"

// Share is the request of the share step.
func (s step) Share() *words.Terms {
	if s.View.Share == nil {
		return nil
	}
	return &words.Terms{ShareView: s.View.Share}
}
