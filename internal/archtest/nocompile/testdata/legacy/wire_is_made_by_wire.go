// A configuration is no wire yet, and nobody outside this module can be a wire: its
// methods ask for what only this module has.
package program

import (
	"context"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/legacy"
)

type mine struct{}

func (mine) Check() error                 { return nil }
func (mine) Issuers() []string            { return nil }
func (mine) Redirect() (string, error)    { return "", nil }
func (mine) Finish(context.Context) error { return nil }

var (
	envelope  sso.Wire = legacy.Envelope{}.Wire()  // ok
	vnConnect sso.Wire = legacy.VNConnect{}.Wire() // ok
	direct    sso.Wire = legacy.Envelope{}         // want "cannot use legacy.Envelope{}"
	own       sso.Wire = mine{}                    // want "cannot use mine{}"
)
