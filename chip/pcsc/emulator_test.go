//go:build unix

package pcsc_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// lay puts an emulated card into the second slot until the test ends.
func lay(t *testing.T, card *chiptest.Emulator) {
	t.Helper()
	empty(t)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- card.ServeVPCD(ctx, world.slots[1].address) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; !errors.Is(err, context.Canceled) {
			t.Error("the virtual reader:", err)
		}
	})
}

// The whole way: reader software, pcscd, a driver, a card.
func TestAnEmulatedCardIsReadThroughPCSCD(t *testing.T) {
	for name, c := range map[string]chiptest.Card{"extended length": {}, "short length": {Short: true, Groups: map[int][]byte{2: nil}}} {
		t.Run(name, func(t *testing.T) {
			card, err := chiptest.New(c)
			if err != nil {
				t.Fatal(err)
			}
			lay(t, card)
			ctx := within(t)
			r, err := world.service.Wait(ctx, "")
			if err != nil || r.Name != second {
				t.Fatal(r, err)
			}
			reader, err := world.service.Open(ctx, r.Name)
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			access, err := chip.CAN(card.Access().CAN)
			if err != nil {
				t.Fatal(err)
			}
			options := chip.ReadOptions{}
			if !c.Short {
				options.MaxResponse = 60000 // vpcd counts in two bytes, and says 65,536
			}
			start := time.Now()
			dump, err := chip.Read(ctx, reader, access, options)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d commands in %v; the reader says it passes %d bytes", len(card.Exchanges()), time.Since(start).Round(time.Millisecond), reader.MaxResponse())
			for _, file := range dump.Files() {
				if !bytes.Equal(dump.File(file), card.File(file)) {
					t.Errorf("%s came changed", file)
				}
			}
			for _, file := range []string{"SOD", "DG1", "DG13", "DG14", "DG15"} {
				if !slices.Contains(dump.Files(), file) {
					t.Errorf("%s was not read", file)
				}
			}
		})
	}
}

func TestAWrongCANIsDeniedThroughPCSCD(t *testing.T) {
	card, err := chiptest.New(chiptest.Card{})
	if err != nil {
		t.Fatal(err)
	}
	lay(t, card)
	ctx := within(t)
	r, err := world.service.Wait(ctx, second)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := world.service.Open(ctx, r.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	wrong := "000000"
	if wrong == card.Access().CAN {
		wrong = "000001"
	}
	access, err := chip.CAN(wrong)
	if err != nil {
		t.Fatal(err)
	}
	if dump, err := chip.Read(ctx, reader, access, chip.ReadOptions{}); !errors.Is(err, vneid.ErrDenied) || dump != nil {
		t.Error(dump, err)
	}
}
