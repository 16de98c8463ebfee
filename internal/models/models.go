// Package models has the state machine of data requests, locks, withdrawals and events
// as small models in Promela, which Spin searches for a bad ending in every order of
// steps that there is. The head of each model says what holds, which step stands for
// which function, and how it is broken on purpose:
//
//	delivery   no delivery commits after a withdrawal or a lock has committed
//	history    every delivery has one consent and one row in the history, whatever breaks
//	once       of code, request_uri, cti or jti there is one winner at most
//	events     in every order of arrival the relying party ends where the platform is
//	outbox     what happened is told, whatever breaks
//	sticky     what has ended stays ended
//	guardians  where two must agree, nothing goes out with one approval
//
// A broken variant, chosen by a macro of the same source, must fail: a property that
// nothing can break says nothing. The shortest way to each bad ending is kept in testdata
// as a trail of named steps. The tests of this package walk the trails of events with an
// events.MemoryLedger, those of vneid/share/events and internal/platform walk them and the
// others with the receiver and the platform; the code must not get to the bad ending, and
// must get there without its check.
//
// What bounds the models: two tokens and three turns of the locks, two crashes, three
// redeemers, four changes that arrive at most twice each, three that are told in spite of
// two crashes, one request, two approvers.
//
// The trails are made by
//
//	go test ./internal/models -run Broken -update
package models

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Model is one source.
type Model struct {
	Name    string
	Broken  []string // macros, one for each way to break it
	Formula string   // of a formula beside the assertions; empty: none
}

// Models lists them.
func Models() []Model {
	return []Model{
		{Name: "delivery", Broken: []string{"ASK_BEFORE", "ASK_AT_TOKEN"}},
		{Name: "history", Broken: []string{"HISTORY_LATER", "SPEND_LATER", "CODE_FIRST"}},
		{Name: "once", Broken: []string{"READ_BEFORE"}},
		{Name: "events", Broken: []string{"AS_IT_COMES", "ONE_SEQ", "BUNDLE_LAST"}},
		{Name: "outbox", Broken: []string{"EVENT_LATER", "ACK_FIRST"}},
		{Name: "sticky", Broken: []string{"READ_BEFORE", "NO_TABLE"}, Formula: "stays"},
		{Name: "guardians", Broken: []string{"COUNTED", "FIRST"}},
	}
}

// Trail is a way to a bad ending of a broken variant.
type Trail struct {
	Model  string `json:"model"`
	Broken string `json:"broken"`
	Steps  []Step `json:"steps"`
}

// Step is what one party does. Its text is "who: what".
type Step struct{ Who, Do string }

// MarshalText writes a step.
func (s Step) MarshalText() ([]byte, error) { return []byte(s.Who + ": " + s.Do), nil }

// UnmarshalText reads one.
func (s *Step) UnmarshalText(text []byte) (err error) {
	var ok bool
	if s.Who, s.Do, ok = strings.Cut(string(text), ": "); !ok {
		err = errors.New("a step without \": \"")
	}
	return err
}

//go:embed *.pml testdata/*.json
var files embed.FS

// Source returns the text of a model.
func Source(model string) ([]byte, error) { return files.ReadFile(model + ".pml") }

// Kept returns the trail of a broken variant from testdata.
func Kept(model, broken string) (Trail, error) {
	var t Trail
	b, err := files.ReadFile(trailFile(model, broken))
	if err == nil {
		err = json.Unmarshal(b, &t)
	}
	if err == nil && (t.Model != model || t.Broken != broken || len(t.Steps) == 0) {
		err = fmt.Errorf("the trail of %s %s is another's, or empty", model, broken)
	}
	return t, err
}

func trailFile(model, broken string) string { return "testdata/" + model + "-" + broken + ".json" }
