package oauth

import (
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// refused gives a kind to what the strict front end said. An error that has a kind,
// as a key set's has, keeps it; any other is of a check that could not be made.
func refused(err error) error {
	var reason jws.Reason
	if errors.As(err, &reason) {
		kind := map[jws.Reason]vneid.Kind{
			jws.ErrMalformed: vneid.ErrMalformed, jws.ErrAlgorithm: vneid.ErrUntrusted,
			jws.ErrKey: vneid.ErrUntrusted, jws.ErrSignature: vneid.ErrSignature,
		}[reason]
		return fault.New(kind, "%v", err)
	}
	if hasKind(err) {
		return err
	}
	return fault.Wrap(vneid.ErrUnavailable, err, "the signature could not be checked")
}

func hasKind(err error) bool {
	var kind vneid.Kind
	return errors.As(err, &kind)
}
