package qrimage_test

import (
	"bytes"
	"errors"
	"image/color"
	"image/png"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func drawn(t testing.TB, text string) *qrimage.Symbol {
	t.Helper()
	s, err := qrimage.Draw(text, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPNGShowsEveryModuleInItsPlace(t *testing.T) {
	s := drawn(t, samples()["VN1 in base45"])
	for asked, scale := range map[int]int{1: 1, 3: 3, 8: 8, 0: 8, -5: 8, 1000: 64} {
		img, err := png.Decode(bytes.NewReader(s.PNG(asked)))
		if err != nil {
			t.Fatal(err)
		}
		side := (s.Size() + 8) * scale
		if img.Bounds().Dx() != side || img.Bounds().Dy() != side {
			t.Fatalf("scale %d: %v, want side %d", asked, img.Bounds(), side)
		}
		for y := range side {
			for x := range side {
				dark := img.At(x, y).(color.Gray).Y == 0
				if dark != s.Dark(x/scale-4, y/scale-4) {
					t.Fatalf("scale %d: pixel %d,%d is dark: %v", asked, x, y, dark)
				}
			}
		}
	}
}

func TestSVGIsOnePathOfAllDarkModules(t *testing.T) {
	s := drawn(t, "SVG")
	doc := s.SVG()
	painted := make(map[[2]int]bool)
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(doc, -1) {
		if m[3] != m[4] {
			t.Fatalf("an open run: %v", m)
		}
		for x := range number(m[3]) {
			painted[[2]int{number(m[1]) + x - 4, number(m[2]) - 4}] = true
		}
	}
	for y := -4; y < s.Size()+4; y++ {
		for x := -4; x < s.Size()+4; x++ {
			if painted[[2]int{x, y}] != s.Dark(x, y) {
				t.Fatalf("module %d,%d", x, y)
			}
		}
	}
	if strings.Count(doc, "<path") != 2 || !strings.Contains(doc, `viewBox="0 0 29 29"`) { // ground and code
		t.Error(doc)
	}
}

func TestTerminalShowsTwoRowsInALine(t *testing.T) {
	s := drawn(t, "TERMINAL")
	lines := strings.Split(strings.TrimSuffix(s.Terminal(), "\n"), "\n")
	if len(lines) != (s.Size()+8+1)/2 {
		t.Fatalf("%d lines for %d modules", len(lines), s.Size())
	}
	for i, line := range lines {
		line, ok := strings.CutPrefix(line, "\x1b[38;5;16;48;5;231m")
		line, end := strings.CutSuffix(line, "\x1b[0m")
		if !ok || !end {
			t.Fatalf("colours of line %d: %q", i, line)
		}
		for x, r := range []rune(line) {
			upper, lower := r == '█' || r == '▀', r == '█' || r == '▄'
			if upper != s.Dark(x-4, 2*i-4) || lower != s.Dark(x-4, 2*i-3) {
				t.Fatalf("column %d of line %d is %q", x, i, r)
			}
		}
	}
}

func TestDrawRefusesWhatNoSymbolHolds(t *testing.T) {
	longest := strings.Repeat("7", 5596) // version 40 at level M
	if s := drawn(t, longest); s.Version() != 40 {
		t.Errorf("version %d", s.Version())
	}
	for name, c := range map[string]struct {
		text  string
		level qrimage.Level
	}{
		"nothing":             {"", 0},
		"one digit too many":  {longest + "7", 0},
		"a megabyte":          {strings.Repeat("7", 1<<20), 0},
		"not UTF-8":           {"Nguy\xe1n", 0},
		"a level of its own":  {"7", qrimage.High + 1},
		"too long at level H": {longest, qrimage.High},
	} {
		s, err := qrimage.Draw(c.text, c.level)
		if err == nil || s != nil {
			t.Errorf("%s: drawn", name)
			continue
		}
		var kind vneid.Kind
		if errors.As(err, &kind) || !strings.HasPrefix(err.Error(), "qrimage: ") {
			t.Errorf("%s: a caller's mistake has no kind: %v", name, err)
		}
	}
}

// The raised level never costs a module.
func TestNeverLargerThanGoQRCode(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	const letters = base45 + "abcdefghijklmnopqrstuvwxyzàáảãạăâđêôơư|"
	levels := map[qrimage.Level]qrcode.RecoveryLevel{qrimage.Low: qrcode.Low, qrimage.Medium: qrcode.Medium, qrimage.Quartile: qrcode.High, qrimage.High: qrcode.Highest}
	for range 25 {
		runes := make([]rune, 1+random.IntN(300))
		alphabet := []rune(letters)[:[]int{10, 45, len([]rune(letters))}[random.IntN(3)]]
		for i := range runes {
			runes[i] = alphabet[random.IntN(len(alphabet))]
		}
		for ours, theirs := range levels {
			s, err := qrimage.Draw(string(runes), ours)
			if err != nil {
				t.Fatal(err)
			}
			peer, err := qrcode.New(string(runes), theirs)
			if err != nil {
				t.Fatal(err)
			}
			if s.Version() > peer.VersionNumber || s.Level() < ours {
				t.Errorf("%q: version %d level %v, go-qrcode %d level %v", string(runes), s.Version(), s.Level(), peer.VersionNumber, ours)
			}
		}
	}
}

func TestZeroSymbolIsAnEmptyPicture(t *testing.T) {
	var s qrimage.Symbol
	if s.Dark(0, 0) || s.Size() != 0 || s.Level().String() != "?" {
		t.Error("not empty")
	}
	if _, err := png.Decode(bytes.NewReader(s.PNG(1))); err != nil {
		t.Error(err)
	}
}
