package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/vneid-sdk/vneid-go/chip/pcsc"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// readersOf asks the service for its readers; one that does not answer in a few
// seconds is as good as none.
func readersOf(ctx context.Context, service pcsc.Service) ([]pcsc.Reader, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return service.Readers(ctx)
}

// list prints the readers, one a line, and whether a card is on them.
func list(ctx context.Context, o *options, stdout io.Writer, t *terminal) int {
	readers, err := readersOf(ctx, pcsc.Service{Socket: o.socket})
	if err != nil {
		t.say("read-chip: " + err.Error())
		t.tell((&source{}).unread(err).verdict.Advice)
		return unknown
	}
	for _, r := range readers {
		state := ui.Text{Vi: "không có thẻ", En: "no card"}
		if r.Present {
			state = ui.Text{Vi: "có thẻ", En: "a card"}
		}
		fmt.Fprintf(stdout, "%s\t%s\n", r.Name, state.In(o.lang))
	}
	if len(readers) == 0 {
		t.tell(ui.Text{Vi: "Không có đầu đọc thẻ nào.", En: "There is no card reader."})
	}
	return passed
}
