package pcsc_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip/pcsc"
)

// Whatever the machine is, its own service answers, or it is said not to run. On
// Windows and macOS this calls the system's library.
func TestTheMachinesOwnService(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	readers, err := pcsc.Service{}.Readers(ctx)
	if err != nil && !errors.Is(err, pcsc.NoService) {
		t.Fatal(err)
	}
	for _, r := range readers {
		if r.Name == "" || len(r.ATR) > 33 {
			t.Errorf("%+v", r)
		}
	}
	t.Log(len(readers), "readers,", err)
	var refused *pcsc.Error
	if card, err := (pcsc.Service{}).Open(ctx, "No Reader Has This Name"); card != nil || !errors.As(err, &refused) {
		t.Error(card, err)
	}
}
