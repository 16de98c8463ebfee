// Command load measures what a login costs the platform: full FAPI 2.0 logins (PAR,
// private_key_jwt, DPoP with a fresh key each, PKCE, the browser's way with an open session,
// a signed ID token that is verified, userinfo, history and audit log written) from this
// process at the program examples/platform in another, over HTTP/1.1 that is kept alive,
// eight at a time. No password is hashed. The same machinery logs in at npm's
// @opengovsg/mockpass, in turns.
//
//	npm ci && go run .                      # fifteen batches of 1,000 logins, half load, overload
//	go run . -mockpass DIR,DIR              # other versions of mockpass, in directories
//	go run . -batches 1 -logins 100         # a glance
//	go test -v -args -long                  # the long form as a test
//
// It prints one table, of medians. What its own cryptography costs a server is what the
// server's figures say it signed and verified (vneid_signatures_total), times what the
// standard library's raw operation costs on this machine right before and after the batch,
// on all cores at once as during it. A batch before the counted ones warms everything up.
// Ratios are of batches that ran one after the other; what else runs on the machine is in
// both, but more in what waits for memory than in cryptography: measure while it is quiet.
//
// A mockpass without FAPI (4.3.4 has none, 4.6.11 has) does its fullest login instead, of fewer
// requests. Half load is an open loop at half the rate that the batches reached. In the
// overload, callers push requests ten times as many at a time as the platform takes on.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// plan is what to measure.
type plan struct {
	batches, logins, atOnce int
	stores                  []string // of stores
	mockpass                []string // directories of versions of it
	gogc                    string
	binary                  string
	callers                 int // of the overload; 0: none
	storm                   time.Duration
}

func main() {
	if beCrowd() {
		return
	}
	var p plan
	flag.IntVar(&p.batches, "batches", 15, "how many batches count: the fewer, the more of the machine's hour is in their median")
	flag.IntVar(&p.logins, "logins", 1000, "logins in a batch")
	flag.IntVar(&p.atOnce, "at-once", 8, "logins at a time")
	flag.StringVar(&p.gogc, "gogc", "", "GOGC of the platform; if not given, its own choice")
	flag.StringVar(&p.binary, "binary", "", "the platform as a `file`; if not given, it is built")
	flag.IntVar(&p.callers, "callers", 10*taken, "callers at a time in the overload; 0: without it")
	flag.DurationVar(&p.storm, "storm", 5*time.Second, "how long the overload lasts")
	kinds := flag.String("stores", "memory,sqlite", "`where` the platform keeps its records, divided by commas; what is under load is the first")
	peers := flag.String("mockpass", "node_modules/@opengovsg/mockpass", "`directories` of mockpass, divided by commas; empty: without it")
	flag.Parse()
	p.stores = strings.Split(*kinds, ",")
	if *peers != "" {
		p.mockpass = strings.Split(*peers, ",")
	}
	quit(measure(os.Stdout, p))
}

func quit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// measure runs the batches in turns and prints the table.
func measure(out io.Writer, p plan) (err error) {
	dir, err := os.MkdirTemp("", "load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := p.binary
	if binary == "" {
		if binary, err = build(dir); err != nil {
			return err
		}
	}
	var sites []site
	for _, store := range p.stores {
		o, err := startOurs(store, binary, dir, p.gogc)
		if err != nil {
			return err
		}
		defer o.stop()
		sites = append(sites, o)
	}
	for _, dir := range p.mockpass {
		m, err := startMockpass(dir)
		if err != nil {
			return err
		}
		defer m.stop()
		sites = append(sites, m)
	}
	raw, err := newBench()
	if err != nil {
		return err
	}
	rows := make([]row, len(sites))
	for n := -1; n < p.batches; n++ { // the first warms up
		for i, s := range sites {
			r := &rows[i]
			r.name = s.name()
			if err := r.add(s, raw, p, n >= 0); err != nil {
				return fmt.Errorf("%s: %w", s.name(), err)
			}
		}
	}
	p.gogc = sites[0].(*ours).gogc()
	printTable(out, p, rows)
	half, err := halfLoad(sites[0], p.logins, p.atOnce, rows[0].rate())
	if err != nil {
		return fmt.Errorf("at half load: %w", err)
	}
	fmt.Fprintf(out, "%-58s %s, %s, %s\n", "at half load: p50, p99, p99.9", short(float64(at(half, .5))), short(float64(at(half, .99))), short(float64(at(half, .999))))
	if p.callers == 0 {
		return nil
	}
	return sites[0].(*ours).storm(out, p)
}

// add measures one batch.
func (r *row) add(s site, raw *bench, p plan, counts bool) error {
	clients, err := seats(s, p.atOnce)
	if err != nil {
		return err
	}
	defer leave(clients)
	before := raw.run()
	did, err := operations(s)
	if err != nil {
		return err
	}
	b, err := run(s, clients, p.logins)
	if err != nil {
		return err
	}
	then, err := operations(s)
	cost := raw.run().mean(before)
	if err != nil || !counts {
		return err
	}
	r.batches, r.resident = append(r.batches, b), s.resident()
	if did != nil {
		floor, err := cost.floor(did, then)
		if err != nil {
			return err
		}
		r.floors = append(r.floors, floor/float64(b.logins))
		r.did = perLogin(did, then, b.logins)
	}
	return nil
}

// operations is nil for a server that counts none.
func operations(s site) (map[string]uint64, error) {
	if counted, ok := s.(interface {
		operations() (map[string]uint64, error)
	}); ok {
		return counted.operations()
	}
	return nil, nil
}

var errUncounted = errors.New("the server used an algorithm whose raw cost this program does not measure")
