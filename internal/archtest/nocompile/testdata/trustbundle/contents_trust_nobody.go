// What a bundle says is no key set before its signature was found good.
package program

import (
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/trustbundle"
)

func trust(vneid.KeySet) {}

func load(contents trustbundle.Contents, bundle *trustbundle.Bundle) {
	trust(bundle)                              // ok
	trust(contents)                            // want "cannot use contents"
	_ = trustbundle.Bundle{Contents: contents} // want "unknown field Contents"
	_ = (*trustbundle.Bundle)(&contents)       // want "cannot convert"
}
