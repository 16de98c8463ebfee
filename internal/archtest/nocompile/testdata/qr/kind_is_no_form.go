// What a text looks like is not what a signature says.
package program

import "github.com/vneid-sdk/vneid-go/qr"

func oneTime(credential *qr.Credential, text string) bool {
	return credential.Kind() == qr.Dynamic // ok
	return qr.Classify(text) == qr.Dynamic // want "mismatched types"
	return credential.Kind() == qr.Signed  // want "mismatched types"
}
