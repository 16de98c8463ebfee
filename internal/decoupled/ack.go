package decoupled

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Ack is the provider's acknowledgement of a request (CIBA §7.3).
type Ack struct {
	ID       string // auth_req_id
	Interval time.Duration
	Life     time.Duration
}

// ReadAck reads one, and holds its times to ours.
func ReadAck(o *jws.Object) (Ack, error) {
	a := Ack{ID: o.String("auth_req_id"), Interval: Interval}
	life, interval := o.Int("expires_in"), o.Int("interval")
	switch {
	case o.Err() != nil:
		return Ack{}, fault.New(vneid.ErrMalformed, "the provider's acknowledgement has a member of a wrong type")
	case a.ID == "" || len(a.ID) > MaxID || !relying.Printable(a.ID):
		return Ack{}, fault.New(vneid.ErrMalformed, "the provider's acknowledgement has no usable auth_req_id")
	case life <= 0:
		return Ack{}, fault.New(vneid.ErrMalformed, "the provider's acknowledgement has no usable expires_in")
	case interval < 0:
		return Ack{}, fault.New(vneid.ErrMalformed, "the provider's acknowledgement has a negative interval")
	}
	if o.Has("interval") {
		a.Interval = time.Duration(max(1, min(interval, int64(MaxInterval/time.Second)))) * time.Second
	}
	a.Life = time.Duration(min(life, int64(MaxLife/time.Second))) * time.Second
	return a, nil
}
