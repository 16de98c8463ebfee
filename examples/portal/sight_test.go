package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// table lays codes side by side on a grey table.
func table(t *testing.T, texts ...string) (picture []byte) {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 1000*max(1, len(texts)), 900))
	for i := range img.Pix {
		img.Pix[i] = 160
	}
	for i, text := range texts {
		symbol, err := qrimage.Draw(text, qrimage.Low)
		if err != nil {
			t.Fatal(err)
		}
		code, err := png.Decode(bytes.NewReader(symbol.PNG(8)))
		if err != nil {
			t.Fatal(err)
		}
		draw.Draw(img, code.Bounds().Add(image.Pt(1000*i+100, 60)), code, image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const printedText = "999090000001||Nguyễn Văn An|14021990|Nam|Số 1 Đường Thử Nghiệm|15082021"

func TestAPageShowsWhatSortOfCodeThePictureHas(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		text   string
		status int
		words  []string
	}{
		"signed":            {w.issue(platform.CodeRequest{Kind: qr.Dynamic}), 200, []string{"Đã xác minh", "Nguyễn Văn An"}},
		"printed on a card": {printedText, 200, []string{"Chỉ đọc, chưa xác thực", "Nguyễn Văn An"}},
		"of VNeID's app": {strings.Repeat("0123456789abcdef", 8), 200, []string{
			"Mã trong ứng dụng VNeID: bên thứ ba không kiểm tra được khi chưa kết nối chính thức"}},
		"of somebody else": {"HELLO", 400, []string{"Chưa xác minh được"}},
	} {
		a := w.scan("", table(t, c.text))
		a.must(t, c.status, append(c.words, "<polygon", "không được lưu lại")...)
		if name != "signed" && strings.Contains(a.body, "Đã xác minh") {
			t.Errorf("%s: counts as verified", name)
		}
	}
}

var (
	shownPicture = regexp.MustCompile(`<image href="data:image/jpeg;base64,([^"]+)" width="(\d+)"`)
	outline      = regexp.MustCompile(`points="([-0-9., ]+)" fill="none" stroke="#000"`)
)

// shown decodes the picture in a page.
func (a answer) shown(t *testing.T) image.Image {
	t.Helper()
	m := shownPicture.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no picture in the page: %.3000s", a.body)
	}
	data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(m[1], "&#43;", "+"))
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// What a browser is shown is a small grey copy: no place and no time of a telephone's
// file comes back, and the outline lies where the code is.
func TestTheOutlineLiesAroundTheCode(t *testing.T) {
	w := newWorld(t)
	a := w.scan("", table(t, printedText))
	img := a.shown(t)
	if size := img.Bounds().Size(); max(size.X, size.Y) > maxSide || size != image.Pt(500, 450) {
		t.Errorf("the copy has %v pixels", size)
	}
	codes, err := qrimage.Reader{}.ReadImage(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	m := outline.FindAllStringSubmatch(a.body, -1)
	if len(m) != 1 {
		t.Fatalf("%d outlines", len(m))
	}
	for i, pair := range strings.Fields(m[0][1]) {
		var x, y float64
		if n, err := fmt.Sscanf(pair, "%f,%f", &x, &y); n != 2 || err != nil {
			t.Fatal(pair, err)
		}
		if at := codes[0].Corners[i]; math.Hypot(x-float64(at.X), y-float64(at.Y)) > 3 {
			t.Errorf("corner %d is drawn at %s, the copy's is at %v", i, pair, at)
		}
	}
}

func TestTwoCodesAreShownAndNoneIsTaken(t *testing.T) {
	w := newWorld(t)
	other := strings.Replace(printedText, "000001", "000002", 1)
	w.scan("", table(t, printedText, printedText)).must(t, 200, "Chỉ đọc") // one code twice is one
	a := w.scan("", table(t, printedText, other))
	a.must(t, 400, "Ảnh có nhiều mã khác nhau")
	if n := len(outline.FindAllString(a.body, -1)); n != 2 || strings.Contains(a.body, "Nguyễn") {
		t.Errorf("%d outlines", n)
	}
}

// The policy lets one page show a picture that stands in it, the one that has it.
func TestPicturesInPagesAreAllowedWhereThereIsOne(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		a    answer
		want bool
	}{
		"the form":             {w.do("GET", w.portal+"/scan", "", ""), false},
		"a typed text":         {w.scan(printedText, nil), false},
		"not a picture":        {w.scan("", []byte("GIF89a")), false},
		"a picture of a code":  {w.scan("", table(t, printedText)), true},
		"a picture of nothing": {w.scan("", table(t)), false},
	} {
		policy := c.a.header.Get("Content-Security-Policy")
		if got := strings.Contains(policy, "img-src 'self' data:;"); got != c.want || !strings.Contains(policy, "img-src 'self'") {
			t.Errorf("%s: %s", name, policy)
		}
		if got := strings.Contains(c.a.body, "data:image"); got != c.want {
			t.Errorf("%s: a picture in the page: %v", name, got)
		}
	}
}

// A large upload would go to the folder for temporary files if it were read as forms
// usually are.
func TestUploadsAreNotWritten(t *testing.T) {
	folder := t.TempDir()
	w := newWorld(t)
	t.Setenv("TMPDIR", folder)
	picture := table(t, printedText)
	w.scan("", append(picture, make([]byte, maxPicture-len(picture))...)).must(t, 200, "Chỉ đọc")
	if files, err := os.ReadDir(folder); err != nil || len(files) != 0 {
		t.Errorf("%d files, %v", len(files), err)
	}
}

func TestSmallCopiesOfAnySize(t *testing.T) {
	for _, size := range []image.Point{{21, 4000}, {4000, 21}, {720, 720}, {721, 30}, {30, 30}} {
		img := image.NewGray(image.Rectangle{Max: size})
		for i := range img.Pix {
			img.Pix[i] = 99
		}
		seen := sightOf(img, nil)
		if seen == nil || max(seen.W, seen.H) > maxSide || min(seen.W, seen.H) < 1 {
			t.Errorf("%v: %+v", size, seen)
		}
	}
}

func TestTheFormOpensTheCamera(t *testing.T) {
	w := newWorld(t)
	a := w.do("GET", w.portal+"/scan", "", "")
	a.must(t, 200, `accept="image/*" capture="environment"`, "Hoặc chụp mã bằng điện thoại")
	if strings.Contains(a.body, "<script>") {
		t.Error("the page needs a script")
	}
}
