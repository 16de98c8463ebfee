package sso_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// exampleTB stands in for the *testing.T that Examples do not have.
type exampleTB struct {
	testing.TB
	cleanups []func()
}

func (t *exampleTB) Helper()                     {}
func (t *exampleTB) Cleanup(f func())            { t.cleanups = append(t.cleanups, f) }
func (t *exampleTB) Fatalf(f string, arg ...any) { panic(fmt.Sprintf(f, arg...)) }
func (t *exampleTB) Fatal(arg ...any)            { panic(fmt.Sprint(arg...)) }

func (t *exampleTB) done() {
	for i := len(t.cleanups) - 1; i >= 0; i-- {
		t.cleanups[i]()
	}
}

// visit opens a page and returns the address of the relying party to which the
// platform sends the browser back.
func visit(browser *http.Client, page string) *url.URL {
	browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "portal.example" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	res, err := browser.Get(page)
	if err != nil {
		panic(err)
	}
	defer res.Body.Close()
	back, err := res.Location()
	if err != nil {
		panic(err)
	}
	return back
}
