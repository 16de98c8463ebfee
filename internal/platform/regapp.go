package platform

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Registration for level 1 in the app, in the three steps of the published procedure:
// install; number, telephone or e-mail address, portrait, request; result. A request is
// taken without looking anybody up, so that neither its answer nor the time it takes
// tells whether a number is somebody's: DecideApplications looks, later, and the result
// goes to the telephone or mailbox that was named.
//
//	received ──► granted      the registers confirm everything, and the law allows it
//	         └─► refused      anything else; strangers are not told what

// Application is a request for an account of level 1.
type Application struct {
	ID       string              `json:"id"`
	Number   string              `json:"number"`
	Name     string              `json:"name"`
	Birth    vneid.Date          `json:"birth"`
	Contact  contact             `json:"contact"`
	Portrait bool                `json:"portrait"`      // the comparison matched: the picture itself is nowhere
	For      string              `json:"for,omitempty"` // account id of the representative who applies for a child or ward
	Rules    string              `json:"rules"`
	State    RegState            `json:"state"`
	Received time.Time           `json:"received"`
	Due      time.Time           `json:"due"`
	Decided  time.Time           `json:"decided,omitzero"`
	Tries    int                 `json:"tries,omitempty"` // how often a register did not answer
	Reason   RegReason           `json:"reason,omitempty"`
	Findings []registers.Finding `json:"findings,omitempty"`
	Account  string              `json:"account,omitempty"` // that was granted
	Linked   bool                `json:"linked,omitempty"`  // without an account: in the representative's
}

// RegState is where a request or case is.
type RegState string

// The states. The last three lead nowhere.
const (
	RegReceived  RegState = "received"  // in the app: waits for the decision
	RegOpen      RegState = "open"      // at the counter: steps are missing
	RegSubmitted RegState = "submitted" // at the counter: waits for the decision
	RegGranted   RegState = "granted"
	RegRefused   RegState = "refused"
	RegWithdrawn RegState = "withdrawn"
)

// RegReason is why something was refused. Officers and the agency see it.
type RegReason string

// The reasons; beside them the results of package registers.
const (
	ReasonPortrait       RegReason = "portrait"       // the comparison did not match
	ReasonRules          RegReason = "rules"          // the law of the day
	ReasonRepresentative RegReason = "representative" // not attested
	ReasonHas            RegReason = "has"            // there is an account already
	ReasonLocked         RegReason = "locked"
	ReasonPapers         RegReason = "papers" // what was handed in does not do
	ReasonOther          RegReason = "other"
)

// Late reports whether a decision is missing behind its deadline.
func (a Application) Late(now time.Time) bool { return a.State == RegReceived && now.After(a.Due) }

// AppForm is what the app sends. Key is a random text of the form: the same form sent
// twice is one request.
type AppForm struct {
	Key            string
	Number         string
	Name           string
	Birth          vneid.Date
	Phone, Email   string // one of them, or both
	Portrait       bool
	Representative string // account id, from the session of who applies for a child or ward
}

const (
	tableApplications = "application"      // id → Application
	tableAppKeys      = "application-key"  // keyed hash of the form's key → filed
	tableAppQueue     = "application-open" // due time / id → id

	keepRefused = 90 * 24 * time.Hour
)

// Apply takes a request and returns its reference, which is a secret of who asked. It
// refuses with ErrForm, ErrTooMany or ErrNoRules, and says nothing about the number.
func (p *Platform) Apply(ctx context.Context, f AppForm) (ref string, err error) {
	c := contact{f.Phone, f.Email}
	f.Name = strings.Join(strings.Fields(f.Name), " ")
	if !numberForm.MatchString(f.Number) || f.Name == "" || !servicewire.Plain(f.Name, 200) || f.Birth.IsZero() || f.Birth.IsForever() || len(f.Key) < 22 || len(f.Key) > 64 || !c.read() {
		return "", ErrForm
	}
	if err := p.admit(ctx); err != nil {
		return "", err
	}
	now := p.now()
	rules, ok := RulesOn(calendar.Day(now))
	if !ok {
		return "", ErrNoRules
	}
	a := Application{
		ID: random()[:22], Number: f.Number, Name: f.Name, Birth: f.Birth, Contact: c, Portrait: f.Portrait, For: f.Representative,
		Rules: rules.Name, State: RegReceived, Received: now, Due: now.Add(calendar.LevelOne),
	}
	key, body := p.mac("application key", f.Key), p.mac("application body", f.Number, f.Name, f.Birth.String(), c.Phone, c.Email, fmt.Sprint(f.Portrait), f.Representative)
	err = p.store.Update(ctx, func(tx Tx) error {
		was, err := load[filed](tx, tableAppKeys, key)
		if err != nil {
			return err
		}
		if was != nil {
			if ref = was.ID; was.Body != body {
				return ErrForm
			}
			return nil
		}
		for _, whom := range []string{f.Number, c.Phone, c.Email} {
			if whom == "" {
				continue
			}
			if much, err := p.often(tx, "application", whom); err != nil || much {
				return cmp.Or(err, ErrTooMany)
			}
		}
		ref = a.ID
		if err := save(tx, tableAppKeys, key, filed{a.ID, body}, now.Add(keepRefused)); err != nil {
			return err
		}
		if err := save(tx, tableApplications, a.ID, a, a.Due.Add(keepRefused)); err != nil {
			return err
		}
		return save(tx, tableAppQueue, a.queue(), a.ID, a.Due.Add(keepRefused))
	})
	if err != nil {
		return "", err
	}
	p.wake()
	return ref, nil
}

// queue is the key under which an application waits: who is due first comes first.
func (a *Application) queue() string { return fmt.Sprintf("%020d/%s", a.Due.UnixNano(), a.ID) }

// AppState is what who asked may see of a request: no reason and no name.
type AppState struct {
	State    RegState
	Received time.Time
	Due      time.Time
	Decided  time.Time
	Late     bool
	Contact  string // how the result is told, masked
}

// ApplicationState returns how a request stands, to whoever has its reference.
func (p *Platform) ApplicationState(ctx context.Context, ref string) (out AppState, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := load[Application](tx, tableApplications, ref)
		if err != nil {
			return err
		}
		if a == nil {
			return ErrNoCase
		}
		out = AppState{a.State, a.Received, a.Due, a.Decided, a.Late(p.now()), a.Contact.masked()}
		return nil
	})
	return out, err
}

// masked shows so much of a contact that who gave it knows it again.
func (c contact) masked() string {
	if n := len(c.Phone); n > 3 {
		return strings.Repeat("•", n-3) + c.Phone[n-3:]
	}
	name, host, _ := strings.Cut(c.Email, "@")
	if name == "" {
		return ""
	}
	return name[:1] + "•••@" + host
}

// Applications lists what waits for a decision, who is due first before the others, for
// the agency's page.
func (p *Platform) Applications(ctx context.Context, limit int) (out []Application, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		ids, err := list[string](tx, tableAppQueue, "", limit)
		for i := 0; err == nil && i < len(ids); i++ {
			var a *Application
			if a, err = load[Application](tx, tableApplications, ids[i]); a != nil {
				out = append(out, *a)
			}
		}
		return err
	})
	return out, err
}
