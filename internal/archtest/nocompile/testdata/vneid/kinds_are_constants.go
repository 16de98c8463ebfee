// No program can change what an error kind means for the others.
package program

import "github.com/vneid-sdk/vneid-go/vneid"

var (
	kind    = vneid.ErrExpired  // ok
	pointer = &kind             // ok
	handle  = &vneid.ErrExpired // want "cannot take address of vneid.ErrExpired"
)
