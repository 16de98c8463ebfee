// Command conform runs the conformance kit for data requests (vneid/share/sharetest) and
// prints one line for each case.
//
//	go run ./examples/conform                 # the reference platform, in this process
//	go run ./examples/conform -only token/    # only some cases
//	go run ./examples/conform -issuer https://… -client-id … -key-file … -redirect … \
//	    -trust https://…/issuer/police=driver-licence,vehicle-registration \
//	    -purpose CODE -purpose-vi WORDS       # another deployment
//
// The wire is a project format, not VNeID's, and passing is no approval to connect. Point
// it at a test environment, with a test person and a relying party made for this: it asks
// for data dozens of times.
//
// # The person's decision
//
// Without -answer the program says what the person has to do, and reads the URL at which
// the browser ended, from the address bar: a redirect URL that nobody listens at is fine.
// With -answer COMMAND it runs that, with VNEID_URL (to open; empty for the app),
// VNEID_NUMBER (the digits for the app), VNEID_DECISION (agree or refuse) and
// VNEID_DECLINE (kinds and kind/claim, divided by commas), and reads the URL from what it
// prints.
//
// # Faults
//
// Cases named fault/… need a deployment that can be broken on purpose: -break COMMAND is
// run with the name of the fault, -heal COMMAND afterwards. Status 3 says that there is no
// such fault. What is not offered is counted apart and never as passed.
//
// # Exit status
//
//	0  no case failed (look for those that were not offered)
//	1  one did
//	2  wrong usage
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/deployment"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/sharetest"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is main without the process around it.
func run(ctx context.Context, args []string, in io.Reader, out, stderr io.Writer) int {
	var who deployment.Flags
	p := &person{in: in, out: stderr}
	var purpose share.Purpose
	var name, only, breaks, heals string
	flags := flag.NewFlagSet("conform", flag.ContinueOnError)
	flags.SetOutput(stderr)
	who.Define(flags)
	flags.StringVar(&purpose.Code, "purpose", "", "the `code` of the registered purpose")
	flags.StringVar(&purpose.VI, "purpose-vi", "", "its registered words in Vietnamese")
	flags.StringVar(&purpose.EN, "purpose-en", "", "and in English, if there are any")
	flags.StringVar(&name, "person", "", "the person's `number`, for requests in the app; empty: those are not offered")
	flags.StringVar(&p.command, "answer", "", "`command` that decides for the person")
	flags.StringVar(&breaks, "break", "", "`command` that switches a fault on")
	flags.StringVar(&heals, "heal", "", "`command` that switches all faults off")
	flags.StringVar(&only, "only", "", "run the cases whose name begins so")
	if flags.Parse(args) != nil {
		return 2
	}
	if flags.NArg() > 0 {
		io.WriteString(stderr, "conform: there are arguments that are no flags\n")
		return 2
	}
	m := &machine{}
	defer m.end()
	target := sharetest.Target{Config: who.Config, Purpose: purpose, Answer: p.answer, Person: name}
	if breaks != "" {
		target.Break = func(name string) error { return breakBy(ctx, breaks, name) }
		target.Heal = func() { _ = command(ctx, heals, nil, nil).Run() }
	}
	if who.Issuer == "" {
		target = vneidtest.New(m).Conformance("level2")
	}
	return table(out, sharetest.Run(ctx, target, func(name string) bool { return strings.HasPrefix(name, only) }))
}

var words = map[sharetest.Verdict]string{
	sharetest.Passed: "đạt / passed", sharetest.Failed: "KHÔNG ĐẠT / FAILED", sharetest.NotOffered: "không có / not offered",
}

func table(out io.Writer, results []sharetest.Result) int {
	count := map[sharetest.Verdict]int{}
	for _, r := range results {
		count[r.Verdict]++
		fmt.Fprintf(out, "%-24s %-42s %s (%s)\n", words[r.Verdict], r.Case.Name, r.Case.Proves, r.Case.Clause)
		if r.Why != "" {
			fmt.Fprintf(out, "%-24s   %s\n", "", r.Why)
		}
	}
	fmt.Fprintf(out, "\n%d %s, %d %s, %d %s\n", count[sharetest.Passed], words[sharetest.Passed],
		count[sharetest.Failed], words[sharetest.Failed], count[sharetest.NotOffered], words[sharetest.NotOffered])
	if count[sharetest.Failed] > 0 || len(results) == 0 {
		return 1
	}
	return 0
}

// machine lets vneidtest run outside of a test.
type machine struct {
	testing.TB
	after []func()
}

// Helper does nothing here.
func (m *machine) Helper() {}

// Cleanup runs f when the program is done.
func (m *machine) Cleanup(f func()) { m.after = append(m.after, f) }

// Fatalf is for mistakes of this program's.
func (m *machine) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (m *machine) end() {
	for _, f := range m.after {
		f()
	}
}
