// Command reconcile shows what differs between a relying party's own list of data
// requests and the platform's, for one day of Vietnam's.
//
//	go run ./examples/reconcile -issuer https://… -client-id … -key-file … -redirect … \
//	    -trust https://…/issuer/police=driver-licence -day 2026-11-22 journal.jsonl …
//
// The files are journals of package vneid/share/reconcile, of every process that asked.
// Neither list says who anybody is. The wire is a project format, not VNeID's.
//
// # Exit status
//
//	0  both sides agree on every row
//	1  they do not
//	2  the lists cannot be compared; also wrong usage
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/deployment"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/reconcile"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], time.Now, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

var vietnam = time.FixedZone("UTC+7", 7*60*60)

// run is main without the process around it.
func run(ctx context.Context, args []string, now func() time.Time, out, stderr io.Writer) int {
	var who deployment.Flags
	flags := flag.NewFlagSet("reconcile", flag.ContinueOnError)
	flags.SetOutput(stderr)
	who.Define(flags)
	text := flags.String("day", now().In(vietnam).AddDate(0, 0, -1).Format(time.DateOnly), "the `day` (UTC+7), yyyy-mm-dd; yesterday if not given")
	if flags.Parse(args) != nil {
		return 2
	}
	day, err := time.ParseInLocation(time.DateOnly, *text, vietnam)
	if err != nil || flags.NArg() == 0 {
		io.WriteString(stderr, "reconcile: needs a day that is one, and the files of a journal\n")
		return 2
	}
	cfg, err := who.Config()
	cfg.Now = now
	var ours, theirs []reconcile.Row
	if err == nil {
		ours, theirs, err = lists(ctx, cfg, day, flags.Args())
	}
	if err != nil {
		fmt.Fprintf(stderr, "reconcile: %v\n", err)
		return 2
	}
	return show(out, *text, ours, theirs)
}

// lists reads both sides.
func lists(ctx context.Context, cfg share.Config, day time.Time, files []string) (ours, theirs []reconcile.Row, err error) {
	var all []io.Reader // one process may have asked, and another been answered
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		all = append(all, f)
	}
	if ours, err = reconcile.Read(io.MultiReader(all...), day); err == nil {
		theirs, err = reconcile.Fetch(ctx, cfg, day)
	}
	return ours, theirs, err
}

var words = map[reconcile.What]string{
	reconcile.Charged:   "bị tính phí, không nhận được / charged, and it did not come",
	reconcile.Uncharged: "nhận được, không bị tính phí / it came, and is not charged",
	reconcile.Unknown:   "bên này không hỏi / nobody here asked for it",
	reconcile.Unlisted:  "bên kia không có / they do not list it",
	reconcile.Twice:     "bên kia ghi hai lần / they list it twice",
	reconcile.OtherWord: "kết quả khác nhau / another outcome",
	reconcile.OtherTxn:  "giao dịch khác nhau / another transaction",
}

func show(out io.Writer, day string, ours, theirs []reconcile.Row) int {
	differ := reconcile.Compare(ours, theirs)
	for _, d := range differ {
		fmt.Fprintf(out, "%-24s %-22s %-10s %-10s %s\n", d.Request, d.Kind, outcome(d.Ours), outcome(d.Theirs), words[d.What])
	}
	fmt.Fprintf(out, "%s: %d dòng bên này / rows here, %d bên kia / there; phải trả / to be paid: %d, %d; khác nhau / different: %d\n",
		day, len(ours), len(theirs), billable(ours), billable(theirs), len(differ))
	if len(differ) > 0 {
		return 1
	}
	return 0
}

func outcome(r *reconcile.Row) string {
	if r == nil {
		return "–"
	}
	return string(r.Outcome)
}

func billable(rows []reconcile.Row) (n int) {
	for _, r := range rows {
		if r.Billable {
			n++
		}
	}
	return n
}
