package platform

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/registers"
)

// Weather is what a place suffers: answers that come late, or none. Unlike a fault it
// changes no content; relying parties learn what their time-outs are worth.
type Weather struct {
	Delay time.Duration // before each answer, at most MaxDelay
	Down  bool          // every call gets 503, a register is out of service
}

// MaxDelay is how late an answer can be made: servers and patient callers give up later.
const MaxDelay = 20 * time.Second

// ErrNoPlace is for a place that Places does not list, a delay that is too long, or one of
// a register, which is there or not.
var ErrNoPlace = errors.New("platform: no such place, or a delay below 0, over 20 s, or of a register; see Places")

// registerPlace begins the names of the stub registers among the places.
const registerPlace = "register "

// sky is the weather everywhere, of this process alone.
type sky struct {
	clouds atomic.Int32 // how many places have any: none is the usual case
	mu     sync.RWMutex
	at     map[string]Weather
}

// Places lists where weather can be: the platform's endpoints as patterns, and the stub
// registers.
func (p *Platform) Places() (out []string) {
	for _, r := range p.routes() {
		out = append(out, r.pattern)
	}
	slices.Sort(out)
	for _, r := range registers.All() {
		out = append(out, registerPlace+string(r))
	}
	return out
}

// SetWeather makes the weather of a place; the zero Weather is a fine day.
func (p *Platform) SetWeather(place string, w Weather) error {
	register := registers.Register(strings.TrimPrefix(place, registerPlace))
	isRegister := slices.Contains(registers.All(), register) && string(register) != place
	if w.Delay < 0 || w.Delay > MaxDelay || isRegister && w.Delay > 0 || !slices.Contains(p.Places(), place) {
		return ErrNoPlace
	}
	p.sky.mu.Lock()
	defer p.sky.mu.Unlock()
	if p.sky.at == nil {
		p.sky.at = map[string]Weather{}
	}
	if p.sky.at[place] = w; w == (Weather{}) {
		delete(p.sky.at, place)
	}
	p.sky.clouds.Store(int32(len(p.sky.at)))
	if isRegister {
		return p.registers.Switch(register, w.Down)
	}
	return nil
}

// Weathers lists the places that have any weather.
func (p *Platform) Weathers() map[string]Weather {
	p.sky.mu.RLock()
	defer p.sky.mu.RUnlock()
	return maps.Clone(p.sky.at)
}

// clearSky makes every day a fine one.
func (p *Platform) clearSky() {
	for place := range p.Weathers() {
		_ = p.SetWeather(place, Weather{}) // which is a place, since it has weather
	}
}

// weathered lets an endpoint suffer its weather.
func (p *Platform) weathered(pattern string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.sky.clouds.Load() == 0 {
			next.ServeHTTP(w, r)
			return
		}
		p.sky.mu.RLock()
		at := p.sky.at[pattern]
		p.sky.mu.RUnlock()
		switch {
		case !pause(r.Context(), at.Delay):
		case at.Down:
			down(w)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// pause waits; false says that the caller has gone.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
