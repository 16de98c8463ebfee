package platform

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"time"
)

// interaction is a login under way: from the authorization request to the
// answer, through as many pages as it takes. It belongs to one browser.
type interaction struct {
	ID      string       `json:"id"`
	Browser string       `json:"browser"`           // keyed hash of the browser's cookie
	Request *authRequest `json:"request,omitempty"` // nil: the platform's own pages
	Return  string       `json:"return,omitempty"`  // where its own pages go on
	Want    want         `json:"want"`
	Until   time.Time    `json:"until"`

	Session string    `json:"session,omitempty"` // the session that it continues
	Account string    `json:"account,omitempty"`
	Shown   []Factor  `json:"shown,omitempty"`
	Fresh   bool      `json:"fresh,omitempty"` // a factor was shown in this interaction
	At      time.Time `json:"at,omitzero"`     // when the oldest factor was shown
	First   bool      `json:"first,omitempty"` // the password must be changed

	Agreed  bool     `json:"agreed,omitempty"` // the consent page was answered
	Granted []string `json:"granted,omitempty"`
	Without []string `json:"without,omitempty"` // claims of those scopes that the person keeps back

	Code   *codeSent `json:"code,omitempty"`
	Prompt string    `json:"prompt,omitempty"` // id of the app's prompt
	Number string    `json:"number,omitempty"`
	Scan   *scan     `json:"scan,omitempty"` // the QR code on the login page

	Over *outcomeKept `json:"over,omitempty"` // it has ended, and this is how
}

// codeSent is the message of FactorOTP.
type codeSent struct {
	Mac   string    `json:"mac"`
	Ref   string    `json:"ref"` // stands in the message and on the page
	Until time.Time `json:"until"`
	Tries int       `json:"tries"`
	Sent  int       `json:"sent"`
}

const interactionLife = 10 * time.Minute

// visit is one request to the pages of a login.
type visit struct {
	w       http.ResponseWriter
	r       *http.Request
	browser string  // the browser's own secret
	client  *Client // who asks; nil in the platform's own pages

	decision string // what its form decides: see Platform.decision
}

// find returns the browser's interaction, or an oauthError.
func (p *Platform) find(tx Tx, v *visit, id string) (*interaction, error) {
	ia, err := p.findAny(tx, v, id)
	if err == nil && ia.Over != nil {
		return nil, refuse(http.StatusNotFound, "interaction_over", "")
	}
	return ia, err
}

// findAny is find that finds those too which have ended.
func (p *Platform) findAny(tx Tx, v *visit, id string) (*interaction, error) {
	ia, err := load[interaction](tx, tableInteractions, id)
	if err != nil {
		return nil, err
	}
	if ia == nil || !p.now().Before(ia.Until) || subtle.ConstantTimeCompare([]byte(ia.Browser), []byte(p.mac("browser", v.browser))) != 1 {
		return nil, refuse(http.StatusNotFound, "interaction_over", "")
	}
	return ia, nil
}

// view describes a page of the interaction.
func (p *Platform) view(at *visit, ia *interaction, a *Account, step Step, problem Problem) View {
	v := View{
		Step: step, Status: http.StatusOK, Problem: problem, Action: "/interaction/" + ia.ID,
		CSRF: p.csrf(at, ia.ID), Want: ia.Want.least(), Client: clientView(at.client),
	}
	if a != nil {
		v.Person = &PersonView{Name: a.Record.Name, Number: masked(a.Username())}
	}
	switch step {
	case StepLogin:
		if ia.Request != nil {
			v.LoginHint = ia.Request.Hint
		}
		if s := ia.Scan; s != nil && p.now().Before(s.Until) {
			v.Scan, v.Number, v.Until = p.cfg.Issuer+pathApp+ia.ID+"."+s.Secret, s.Number, s.Until
		}
	case StepFactor:
		goal, _ := ia.Want.goal(a)
		v.Factors = missing(a, ia.Shown, goal)
		if ia.Prompt != "" {
			v.Sent, v.Number, v.Prompt = FactorApp, ia.Number, ia.Prompt
		} else if ia.Code != nil {
			v.Sent, v.Prompt = FactorOTP, ia.Code.Ref
		}
	case StepShare:
		v.Share = shareView(at.client, ia.Request.Share)
	case StepWait:
		if v.Problem == "" {
			v.Problem = ProblemWaiting
		}
	case StepConsent:
		for _, s := range ia.Request.Scopes {
			if scopeLevel(s) <= int(a.Usable()) {
				v.Scopes = append(v.Scopes, ScopeView{Name: s, Claims: slices.Clone(scopeClaims[s]), Free: freeClaims(s), Required: s == scopeOpenID})
			}
		}
	}
	return v
}

func clientView(c *Client) *ClientView {
	if c == nil {
		return nil
	}
	channel := c.Channel
	if channel == "" {
		channel = ChannelDirect
	}
	return &ClientView{ID: c.ID, Name: c.Name, Class: string(c.Class), Channel: string(channel), Provider: c.Provider, Login: c.Login}
}

func masked(number string) string {
	if len(number) < 3 {
		return ""
	}
	return "•••" + number[len(number)-3:]
}

// csrf ties a form to the browser's cookie and to one interaction.
func (p *Platform) csrf(v *visit, id string) string { return p.mac("csrf", v.browser, id) }
