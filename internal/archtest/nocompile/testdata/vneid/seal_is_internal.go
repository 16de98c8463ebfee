// The seal cannot be imported from outside the module.
package program

import (
	_ "github.com/vneid-sdk/vneid-go/internal/seal" // want "use of internal package github.com/vneid-sdk/vneid-go/internal/seal not allowed"
	_ "github.com/vneid-sdk/vneid-go/vneid"         // ok
)
