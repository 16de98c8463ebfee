//go:build unix

package pcsc_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/vneid-sdk/vneid-go/chip/pcsc"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func Example() {
	service := pcsc.Service{Socket: "/nonexistent/pcscd.comm"} // leave it empty for the machine's own
	reader, err := service.Wait(context.Background(), "")
	switch {
	case errors.Is(err, pcsc.NoService):
		fmt.Println("start pcscd first:", err)
	case errors.Is(err, vneid.ErrUnavailable):
		fmt.Println("try again:", err)
	default:
		fmt.Println("a card lies on", reader.Name)
	}
	// Output: start pcscd first: pcsc: readers: the smart card service does not run
}
