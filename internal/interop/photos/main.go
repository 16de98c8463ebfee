// Command photos compares qrimage with gozxing and with zxing-cpp (zxing-wasm, when
// it is installed) on photos that it makes itself, and prints how many each reads, by
// class:
//
//	npm ci                          # once, in this directory; Node 20
//	go run . -set plain             # the fourteen classes of everyday photos
//	go run . -set plain -hard       # the same, harder than people forgive
//	go run . -set own               # what chat programs, screens, copiers and films do
//	go run . -set none -n 350       # pictures without a code
//	go run . -dir folder            # pictures of others: *.pgm beside labels.jsonl
//
// A seed that is not given is drawn and printed. Payloads must be exact; a wrong one
// counts apart. Times are the processor's, of a decoded grey picture, one core.
package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
)

func main() {
	set := flag.String("set", "plain", "plain, own or none")
	hard := flag.Bool("hard", false, "harder ranges of the plain classes")
	seed := flag.Uint64("seed", 0, "of the photos; 0: drawn")
	each := flag.Int("n", 25, "photos of each class")
	dir := flag.String("dir", "", "a folder of pictures instead")
	peers := flag.Bool("peers", true, "read with the peers too")
	node := flag.String("node", ".", "the folder of zxing.mjs")
	misses := flag.Bool("misses", false, "print what was not read")
	flag.Parse()
	if err := run(*set, *hard, *seed, *each, *dir, *peers, *node, *misses); err != nil {
		fmt.Fprintln(os.Stderr, "photos:", err)
		os.Exit(1)
	}
}

func run(set string, hard bool, seed uint64, each int, dir string, peers bool, node string, misses bool) error {
	runtime.GOMAXPROCS(1)
	readers := []reader{ours()}
	if peers {
		readers = append(readers, goZXing())
		zxing, stop, err := zxingWASM(node)
		if err != nil {
			fmt.Println("zxing-wasm is not installed: run npm ci in internal/interop/photos")
			if required() {
				return err
			}
		} else {
			defer stop()
			readers = append(readers, zxing)
		}
	}
	if seed == 0 {
		seed = rand.Uint64()>>32 | 1
	}
	source, err := photosOf(set, hard, seed, each, dir)
	if err != nil {
		return err
	}
	t := newTable(readers, misses)
	for p, err := range source {
		if err == nil {
			err = t.add(p)
		}
		if err != nil {
			return err
		}
	}
	t.print()
	return nil
}

// photosOf lists the photos one at a time: a set of 12-megapixel ones would not fit
// into memory.
func photosOf(set string, hard bool, seed uint64, each int, dir string) (func(func(photo, error) bool), error) {
	if dir != "" {
		return folder(dir)
	}
	classes, ok := sets[set]
	if !ok {
		return nil, errors.New("no such set: " + set)
	}
	fmt.Printf("set %s, hard %v, seed %d, %d photos of each class\n", set, hard, seed, each)
	return func(yield func(photo, error) bool) {
		for i := range each * len(classes) {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			class := classes[i%len(classes)]
			make := take
			if set == "none" {
				make = func(r *rand.Rand, class string, _ bool) (photo, error) { return without(r, class) }
			}
			p, err := make(r, class, hard)
			p.name = fmt.Sprintf("%03d-%s", i, class)
			if !yield(p, err) {
				return
			}
		}
	}, nil
}

// required reports whether a missing peer is a failure.
func required() bool { return os.Getenv("VNEID_REQUIRE_PEERS") != "" }
