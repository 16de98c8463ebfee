package platform

import (
	"encoding/json"
	"net/http"
	"time"
)

// Pages draws what a person sees while they log in. The engine makes every
// decision and keeps every secret; a page shows a View and offers a form that
// posts (application/x-www-form-urlencoded) to View.Action. Nothing that a page
// does can weaken a login: forms without the right csrf field are refused, and a
// field that the step does not ask for is ignored.
//
// Render writes the whole answer's body. The engine has already set the security
// headers, the cookies and Cache-Control; Render sets Content-Type and calls
// WriteHeader(v.Status). It must show Banner.
//
// A nil Pages answers with the View itself as JSON (ViewType), which programs
// read as easily as people read pages: see package vneidtest.
type Pages interface {
	Render(w http.ResponseWriter, r *http.Request, v View)
}

// ViewType is the media type of a View that is answered as JSON.
const ViewType = "application/vnd.vneid-test.view+json"

// Step says which page to draw.
type Step string

// The steps of an interaction, and the fields that each one's form posts.
const (
	StepLogin       Step = "login"        // username, password
	StepNewPassword Step = "new-password" // new_password
	StepFactor      Step = "factor"       // factor (one of View.Factors); code for otp; result for face
	StepConsent     Step = "consent"      // decision, scope (repeated: the optional ones agreed to), without (repeated)
	StepShare       Step = "share"        // decision, scope (repeated: the ShareDoc.Field and ShareItem.Field agreed to)
	StepWait        Step = "wait"         // a representative has to agree too: no field, to look again
	StepLogout      Step = "logout"       // decision
	StepLoggedOut   Step = "logged-out"   // no form
	StepError       Step = "error"        // no form
)

// Names of form fields. Every form posts FieldCSRF; every form of a login may
// post FieldDecision = Deny to give up.
const (
	FieldCSRF        = "csrf"
	FieldUsername    = "username" // the personal number, or a foreigner's number
	FieldPassword    = "password"
	FieldNewPassword = "new_password"
	FieldFactor      = "factor"
	FieldCode        = "code"   // the six digits of the message
	FieldResult      = "result" // of the simulated comparison: match, or anything else
	FieldScope       = "scope"
	FieldWithout     = "without"  // one of ScopeView.Free that the person keeps back though they agreed to its scope
	FieldDecision    = "decision" // Allow or Deny
)

// Values of FieldDecision and FieldResult.
const (
	Allow = "allow"
	Deny  = "deny"
	Match = "match"
)

// Factor is a way to authenticate besides the password.
type Factor string

// The factors of the platform. There is no image anywhere: a biometric factor is
// the result that a real comparison would have had.
const (
	FactorPassword Factor = "password" // knowledge; always the first
	FactorOTP      Factor = "otp"      // possession: digits by the SMS stub
	FactorApp      Factor = "app"      // possession: a number confirmed in the app (Platform.Confirm)
	FactorFace     Factor = "face"     // biometric: a simulated result
)

// Problem says why the step is shown again.
type Problem string

// The problems that a form can have.
const (
	ProblemLogin     Problem = "wrong-login"   // number and password do not belong together
	ProblemThrottled Problem = "throttled"     // too many guesses: wait View.RetryAfter
	ProblemPassword  Problem = "weak-password" // shorter than 8 bytes, longer than 128, the number, or the first password again
	ProblemCode      Problem = "wrong-code"    // or too old: a new one is sent when none is posted
	ProblemNoMatch   Problem = "no-match"      // the simulated comparison failed
	ProblemWaiting   Problem = "waiting"       // not confirmed in the app yet
	ProblemForm      Problem = "bad-form"      // a field is missing or unknown
)

// View is everything a page may show. It holds no secret but CSRF.
type View struct {
	Step    Step          `json:"step"`
	Status  int           `json:"status"`           // HTTP status to answer with
	Action  string        `json:"action,omitempty"` // where the form posts; empty: no form
	CSRF    string        `json:"csrf,omitempty"`
	Problem Problem       `json:"problem,omitempty"`
	Retry   time.Duration `json:"retry,omitempty"` // with ProblemThrottled
	Banner  string        `json:"banner"`

	Client *ClientView `json:"client,omitempty"` // who asks; nil in the platform's own pages
	Person *PersonView `json:"person,omitempty"` // who has proven their password

	LoginHint string   `json:"login_hint,omitempty"` // what the relying party suggests as username
	Want      Want     `json:"want,omitzero"`        // what the relying party asks for
	Factors   []Factor `json:"factors,omitempty"`    // offered now, the suggested one first
	Sent      Factor   `json:"sent,omitempty"`       // the factor whose message is on its way
	Number    string   `json:"number,omitempty"`     // with FactorApp or Scan: the number to confirm in the app
	Prompt    string   `json:"prompt,omitempty"`     // which of the app's prompts, or which message, belongs to this page

	Scan  string    `json:"scan,omitempty"` // of the login step: what to draw as a QR code, with Number beside it
	Until time.Time `json:"until,omitzero"` // when it is over; the same page again has another

	Scopes []ScopeView `json:"scopes,omitempty"` // of the consent step
	Share  *ShareView  `json:"share,omitempty"`  // of the share step
	Error  string      `json:"error,omitempty"`  // of the error step: a code from a fixed vocabulary
	Return string      `json:"return,omitempty"` // of the logged-out step: where to go on, if anywhere
}

// ClientView is a relying party as its registration describes it.
type ClientView struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Class string `json:"class,omitempty"`

	Channel  string `json:"channel,omitempty"`  // direct, provider
	Provider string `json:"provider,omitempty"` // who connects the client

	Login LoginPurpose `json:"login,omitzero"` // what people are logged in for, as the client registered it
}

// PersonView is how the pages greet a person: nothing that a glance over the
// shoulder should not see.
type PersonView struct {
	Name   string `json:"name"`
	Number string `json:"number"` // masked to its last three digits
}

// Want is how strong a login the relying party asks for. Zero: anything.
type Want struct {
	Level int `json:"level,omitempty"` // account level, 1 or 2
	Auth  int `json:"auth,omitempty"`  // authentication level, 1 to 4
}

// ScopeView is one thing that the person is asked to share.
type ScopeView struct {
	Name     string   `json:"name"`
	Claims   []string `json:"claims,omitempty"` // the claims behind it
	Free     []string `json:"free,omitempty"`   // those of them that may be kept back one by one
	Required bool     `json:"required,omitempty"`
}

// jsonPages is what a nil Pages means.
type jsonPages struct{}

func (jsonPages) Render(w http.ResponseWriter, _ *http.Request, v View) {
	w.Header().Set("Content-Type", ViewType)
	w.WriteHeader(v.Status)
	// The View is plain data: encoding it fails only with the connection.
	_ = json.NewEncoder(w).Encode(v)
}
