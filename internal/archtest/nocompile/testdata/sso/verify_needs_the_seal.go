// Only this module turns an ID token into an Identity without the whole login.
package program

import (
	"context"

	"github.com/vneid-sdk/vneid-go/sso"
)

func shortcut(ctx context.Context, c *sso.Client, s *sso.Session, token, query string) {
	c.Finish(ctx, s, query)               // ok
	c.VerifyIDToken(ctx, token, s)        // want "not enough arguments"
	c.VerifyIDToken(ctx, token, s, true)  // want "cannot use true"
	c.VerifyIDToken(ctx, token, s, "own") // want "cannot use"
}
