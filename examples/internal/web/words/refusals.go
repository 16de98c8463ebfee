package words

import (
	"errors"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// Refusal is an error of the engine's in words, and the status of a page that says so.
type Refusal struct {
	Err    error
	Status int
	Text   ui.Text
}

// Refuse words an error of the engine's.
func Refuse(err error, status int, vi, en string) Refusal {
	return Refusal{err, status, ui.Text{Vi: vi, En: en}}
}

// Refusals are those that the pages of an area meet.
type Refusals []Refusal

// Of words an error. What is none of the refusals is trouble on this side, which passes.
func (all Refusals) Of(err error) Refusal {
	for _, known := range all {
		if errors.Is(err, known.Err) {
			return known
		}
	}
	return Refuse(err, http.StatusServiceUnavailable, "Hệ thống đang bận. Hãy thử lại sau.", "The platform is busy. Try again later.")
}
