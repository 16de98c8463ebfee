package archtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// doors says where each third-party package may be imported.
var doors = map[string]string{
	"github.com/lestrrat-go/jwx/": "internal/jwx",
	"github.com/skip2/go-qrcode":  "qr/qrimage",
	"github.com/makiuchi-d/":      "qr/qrimage",
	"golang.org/x/oauth2":         "sso",
}

// Doors finds third-party imports outside their door, and imports of the
// examples.
func Doors(t *Tree) (bad []string) {
	for dir, p := range t.Packages {
		if Nested(dir) {
			continue
		}
		for _, f := range p.Files {
			for _, imp := range f.Imports {
				if strings.HasPrefix(imp, Module+"/examples") {
					bad = append(bad, f.Path+" imports "+imp+": nothing imports the examples")
				} else if !Std(imp) && !strings.HasPrefix(imp, Module) && !throughDoor(dir, imp) {
					bad = append(bad, f.Path+" imports "+imp+": no door for it there")
				}
			}
		}
	}
	return bad
}

func throughDoor(dir, imp string) bool {
	for prefix, door := range doors {
		if strings.HasPrefix(imp, prefix) && dir == door {
			return true
		}
	}
	return false
}

// A floor is what a package may reach at most, through whatever path.
type floor struct {
	dir    string
	module []string // packages of this module; nil: any that stand on the same floor
	never  []string // standard packages
}

// net/http pulls a server, a client and their globals into a vocabulary; a
// verifier that can reach the network or the disk is harder to trust.
var floors = []floor{
	{"internal/fault", []string{}, []string{"net/http"}},
	{"internal/seal", []string{}, []string{"net/http"}},
	{"internal/viet", []string{}, []string{"net/http"}},
	{"internal/jws", []string{}, []string{"net/http"}},
	{"internal/sdjwt", []string{"internal/jws"}, []string{"net/http", "net", "os/exec"}},
	{"internal/jwe", []string{"internal/jws"}, []string{"net/http", "net"}},
	{"internal/cbor", []string{}, []string{"net/http"}},
	{"internal/cose", []string{"internal/cbor"}, []string{"net/http"}},
	{"internal/base45", []string{}, []string{"net/http"}},
	{"internal/tlv", []string{}, []string{"net/http"}},
	{"internal/qrbits", []string{}, []string{"net/http", "net", "os"}},
	{"internal/record", []string{}, []string{"net/http", "net", "os"}},
	{"internal/qrsample", []string{"internal/qrbits"}, []string{"net/http", "net", "os"}},
	{"internal/ec", []string{}, []string{"math/big", "crypto/elliptic", "crypto/ecdh", "crypto/ecdsa"}}, // secrets meet no code of variable time
	{"internal/envelope", []string{}, []string{"net/http"}},
	{"internal/apdu", []string{}, []string{"net/http"}},
	{"internal/sm", []string{"internal/apdu"}, []string{"net/http"}},
	{"internal/modp", []string{}, []string{"math/big", "net/http"}}, // likewise
	{"vneid", []string{"internal/fault", "internal/seal", "internal/viet"}, []string{"net/http", "net", "os"}},
	{"vneid/document", nil, []string{"net/http", "net", "os"}},
	{"vneid/document/paper", nil, []string{"net/http", "net", "os"}},
	{"internal/approval", nil, []string{"net/http", "net", "os"}},
	{"internal/sharewire", nil, []string{"net/http", "net", "os"}},
	{"qr", nil, []string{"net/http", "net", "os"}},
	{"chip", nil, []string{"net/http", "net", "os"}},
	// The emulator answers for the reader's mistakes only while it shares none.
	{"chip/chiptest", []string{"internal/personas", "vneid", "internal/fault", "internal/seal", "internal/viet"}, []string{"net/http", "os"}},
}

// Floors finds packages that reach below their floor.
func Floors(t *Tree) (bad []string) {
	for _, fl := range floors {
		if t.Packages[fl.dir] == nil {
			bad = append(bad, "no package in "+fl.dir)
		}
		for imp, file := range t.Graph(fl.dir) {
			rest, ours := strings.CutPrefix(imp, Module+"/")
			switch {
			case !ours && !Std(imp), ours && fl.module != nil && !slices.Contains(fl.module, rest), slices.Contains(fl.never, imp):
				bad = append(bad, fmt.Sprintf("%s reaches %s, through %s", fl.dir, imp, file))
			}
		}
	}
	return bad
}

var (
	requireLine = regexp.MustCompile(`(?m)^(?:require )?\s*([\w.-]+\.[\w.-]+/\S+) v\S+\s*$`)
	direct      = []string{"github.com/lestrrat-go/jwx/v2", "github.com/makiuchi-d/gozxing", "github.com/skip2/go-qrcode", "golang.org/x/oauth2"}
)

// Requirements finds direct dependencies of the root module beyond the four, or
// fewer, and a toolchain line, which would lift every consumer's.
func Requirements(t *Tree) (bad []string) {
	var got []string
	for _, m := range requireLine.FindAllStringSubmatch(t.GoMod, -1) {
		got = append(got, m[1])
	}
	slices.Sort(got)
	if !slices.Equal(got, direct) {
		bad = append(bad, fmt.Sprintf("go.mod requires %v directly, want %v", got, direct))
	}
	if strings.Contains(t.GoMod, "\ntoolchain") {
		bad = append(bad, "go.mod has a toolchain line")
	}
	return bad
}
