package lab

import (
	"context"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
)

func (l *room) resetPage(w http.ResponseWriter, r *http.Request) {
	l.pages.Render(w, r, http.StatusOK, "reset", pageOf(r))
}

// doReset wants a tick, since nothing brings back what it throws away.
func (l *room) doReset(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("sure") == "" {
		p := pageOf(r)
		p.Problem = &ui.Text{Vi: "Hãy đánh dấu ô xác nhận.", En: "Tick the box."}
		l.pages.Render(w, r, http.StatusUnprocessableEntity, "reset", p)
		return
	}
	if err := l.reset(r.Context()); err != nil {
		p := pageOf(r)
		p.Problem = problem(err)
		l.pages.Render(w, r, http.StatusServiceUnavailable, "reset", p)
		return
	}
	form.Lead(w, r, "/lab", "reset")
}

// reset puts the clock, the people and the relying parties back. Whoever asked for it may
// go away: half a reset is none.
func (l *room) reset(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	l.resetting.Lock()
	defer l.resetting.Unlock()
	if err := l.p.Reset(ctx, actor); err != nil {
		return err
	}
	if l.p.ClockOffset() != 0 {
		if err := l.p.ResetClock(ctx, actor); err != nil {
			return err
		}
	}
	if l.cfg.Seed == nil {
		return nil
	}
	return l.cfg.Seed(ctx)
}
