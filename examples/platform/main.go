// Command platform runs the reference platform: a stand-in for VNeID to build and
// test against, with invented people, login pages, QR codes and a test telephone.
//
//	go run ./examples/platform              # then open http://127.0.0.1:8088
//	go run ./examples/platform -addr 127.0.0.1:9000 -portal http://127.0.0.1:9001/callback
//	go run ./examples/platform -store memory:          # forgets everything when it stops
//	go run ./examples/platform load -citizens 100000   # more people, from a seed
//	go run ./examples/platform --help
//
// It listens on loopback alone unless -expose is given, which shows the test
// telephone with its codes to whoever reaches the address, and needs -issuer with
// https. It keeps everything in one SQLite file of the user's own (-data, -store), so
// that sessions, registrations and histories are there after a restart; Ctrl-C stops it.
// It knows one relying party, examples/portal, under one client for each way to log in;
// -portal changes where its logins return to.
//
// Flags take one dash or two. What is not given comes from the environment
// (VNEID_PLATFORM_ADDR for -addr, and so on), then from the file that -config names.
// docs/platform.md is the manual.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is the command line. Every flag of every command may stand in the configuration
// file by its name.
type cli struct {
	Config kong.ConfigFlag `help:"Read flags that are not given from a file: JSON, with // at the beginning of lines for comments." placeholder:"FILE"`

	Serve   serveCmd   `cmd:"" default:"withargs" help:"Run the platform. What happens if no command is named."`
	Load    loadCmd    `cmd:"" help:"Add generated citizens to the store."`
	Migrate migrateCmd `cmd:"" help:"Bring the store's schema up to date, and nothing else."`
	Backup  backupCmd  `cmd:"" help:"Copy every record of the store into a file, also while the platform runs."`
	Restore restoreCmd `cmd:"" help:"Read a copy into an empty store."`
	Audit   auditCmd   `cmd:"" help:"Look at the audit log."`
	Health  healthCmd  `cmd:"" help:"Ask a running platform whether it is ready; for HEALTHCHECK."`
	Version versionCmd `cmd:"" help:"Say which version this is."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second signal ends it at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "platform:", err)
		os.Exit(1)
	}
}

// output is where commands write: what was asked for, and what happens meanwhile.
type output struct{ out, log io.Writer }

// errDone ends the run of a flag like --help, which has printed what there is to say.
var errDone = errors.New("done")

func run(ctx context.Context, args []string, out, log io.Writer) (err error) {
	var c cli
	parser, err := kong.New(&c,
		kong.Name("platform"), kong.Description("The reference platform: a stand-in for VNeID to test against. Not VNeID, and nobody in it is real."),
		kong.Vars{"data": dataDir()}, kong.DefaultEnvars("VNEID_PLATFORM"), kong.Configuration(readConfig),
		kong.Writers(out, log), kong.Exit(func(int) { panic(errDone) }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(output{out, log}))
	if err != nil {
		return err
	}
	defer func() {
		if what := recover(); what != nil && what != errDone {
			panic(what)
		}
	}()
	command, err := parser.Parse(twoDashes(args))
	if err != nil {
		return err
	}
	return command.Run()
}

// twoDashes lets a long flag begin with one dash, as Go's own flags do.
func twoDashes(args []string) []string {
	out := make([]string, 0, len(args))
	for i, a := range args {
		if a == "--" {
			return append(out, args[i:]...)
		}
		if len(a) > 2 && a[0] == '-' && a[1] != '-' && strings.ContainsRune("abcdefghijklmnopqrstuvwxyz", rune(a[1])) {
			a = "-" + a
		}
		out = append(out, a)
	}
	return out
}
