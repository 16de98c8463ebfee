// Package sharetest is the conformance kit for platforms that answer data requests: one
// suite of requests, faults and expectations, which the reference platform passes in
// this project's own tests, and which can be pointed at any other deployment. A stand-in
// and the real thing that both pass it behave alike in what it looks at.
//
// The wire is a project format, not VNeID's. Passing is no approval to connect and no
// certificate; it says that package vneid/share and the deployment understand each other.
//
//	for _, r := range sharetest.Run(ctx, target) {
//		fmt.Println(r.Verdict, r.Case.Name, r.Why)
//	}
//
// examples/conform is that as a command.
//
// # What a deployment needs
//
// A relying party that is registered as for any data request (the FAPI 2.0 profile,
// private_key_jwt), with one purpose for driver-licence and vehicle-registration, stored
// for up to 30 days; and a test person of account level 2 who has both documents in the
// state verified, a licence that includes class B and its points among them. Nobody
// real: the cases ask for data and refuse it many times over.
//
// # The cases
//
//	ask/…    requests as they may and may not be sent; nobody has to decide
//	answer/… what a person decides in a browser, and what comes of it
//	token/…  codes, tokens and grants in wrong hands
//	app/…    requests that are answered in the person's own app
//	list/…   reconciliation, events, keys
//	fault/…  defects of the deployment, which package share has to refuse, each with
//	         its kind
//
// Each stands on its own, with a client made anew, and first passes its twin without the
// defect. A fault that the deployment cannot play (Target.Break) is NotOffered, as are
// cases of the app without Target.Person: never Passed. The suite leaves answered and
// refused requests in the person's history, and spends no time but in Target.Wait.
package sharetest

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Target is a deployment. Config, Purpose and Answer are needed.
type Target struct {
	// Config returns the relying party's configuration, once for each case. What
	// remembers (key sets, status lists, Replay) must be new each time.
	Config func() (share.Config, error)

	// Purpose is the registered one.
	Purpose share.Purpose

	// Answer lets the person decide: a script, or words to somebody at a screen. For a
	// Visit in a browser it returns the query with which the browser came back to
	// Config.RedirectURL.
	Answer func(ctx context.Context, v Visit) (query string, err error)

	// Person is the number or the subject by which the app's cases name the person.
	// Empty: those are not offered.
	Person string

	// Wait lets time pass, also the deployment's. Nil sleeps.
	Wait func(ctx context.Context, d time.Duration) error

	// Break switches a defect on, by the name after "fault/", and Heal all of them off.
	// Nil, or errors.ErrUnsupported from Break: not offered.
	Break func(name string) error
	Heal  func()
}

// Visit is one decision of the person's. They agree to everything that it does not
// exclude.
type Visit struct {
	URL     string   // to open in an empty browser; "" for a request in the app
	Number  string   // for one in the app: the digits on the other screen
	Refuse  bool     // everything
	Decline []string // kinds, and claims as kind/claim
}

// Case is one expectation.
type Case struct {
	Name   string // "token/stolen"
	Proves string // what holds if it passes
	Clause string // where that is written
}

// Verdict is what came of a case.
type Verdict string

// The verdicts.
const (
	Passed     Verdict = "passed"
	Failed     Verdict = "failed"
	NotOffered Verdict = "not offered"
)

// Result is the verdict on one case, and for Failed and NotOffered why.
type Result struct {
	Case    Case
	Verdict Verdict
	Why     string
}

// Cases lists the suite.
func Cases() []Case {
	var out []Case
	for _, c := range suite() {
		out = append(out, c.Case)
	}
	return out
}

// test is a case and how it is made.
type test struct {
	Case
	run func(*run) error
}

func suite() []test {
	var out []test
	for _, part := range [][]test{asks(), answers(), tokens(), apps(), lists(), faults()} {
		out = append(out, part...)
	}
	return out
}

// Run makes the cases whose name only accepts, one after the other; nil accepts all. It
// ends early with ctx, and lists only what it came to.
func Run(ctx context.Context, t Target, only func(name string) bool) []Result {
	var out []Result
	for _, c := range suite() {
		if ctx.Err() != nil {
			break
		}
		if only == nil || only(c.Name) {
			out = append(out, t.judge(ctx, c))
		}
	}
	return out
}

// errNotOffered is what a deployment does not have.
var errNotOffered = errors.New("not offered")

func (t Target) judge(ctx context.Context, c test) Result {
	r, err := newRun(ctx, t)
	if err == nil {
		err = c.run(r)
	}
	switch {
	case err == nil:
		return Result{c.Case, Passed, ""}
	case errors.Is(err, errNotOffered):
		return Result{c.Case, NotOffered, err.Error()}
	}
	return Result{c.Case, Failed, err.Error()}
}
