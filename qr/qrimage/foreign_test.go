package qrimage_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// The pictures of testdata are made by testdata/make.sh with other people's
// tools.

func readFile(t *testing.T, path string) (qrimage.Codes, error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return qrimage.Reader{}.Read(context.Background(), f)
}

func oneText(codes qrimage.Codes) (string, error) {
	code, err := codes.One()
	if err != nil {
		return "", err
	}
	return code.Text()
}

func TestForeignPicturesAreRead(t *testing.T) {
	texts, _ := filepath.Glob("testdata/accepted/*.txt")
	if len(texts) < 20 {
		t.Fatalf("%d fixtures", len(texts))
	}
	for _, path := range texts {
		t.Run(filepath.Base(path), func(t *testing.T) { accepted(t, strings.TrimSuffix(path, ".txt")) })
	}
}

func accepted(t *testing.T, stem string) {
	t.Helper()
	want, err := os.ReadFile(stem + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	pictures, _ := filepath.Glob(stem + ".[pjg]*")
	if len(pictures) != 1 {
		t.Fatalf("pictures: %q", pictures)
	}
	codes, err := readFile(t, pictures[0])
	if err != nil {
		t.Fatal(err)
	}
	if got, err := oneText(codes); err != nil || got != string(want) {
		t.Fatalf("read %q, %v", got, err)
	}
}

func TestForeignPicturesAreRefused(t *testing.T) {
	pictures, _ := filepath.Glob("testdata/refused/*")
	if len(pictures) < 6 {
		t.Fatalf("%d fixtures", len(pictures))
	}
	for _, path := range pictures {
		t.Run(filepath.Base(path), func(t *testing.T) {
			accepted(t, filepath.Join("testdata/accepted", strings.TrimSuffix(filepath.Base(path), ".png")))
			codes, err := readFile(t, path)
			text := ""
			if err == nil {
				text, err = oneText(codes)
			}
			if !errors.Is(err, vneid.ErrMalformed) || text != "" {
				t.Fatalf("read %q, %v", text, err)
			}
			t.Log(err)
		})
	}
}

// The eight files show the same upright picture, so the corners are the same.
func TestExifOrientation(t *testing.T) {
	var first [4]image.Point
	for n := 1; n <= 8; n++ {
		codes, err := readFile(t, "testdata/accepted/exif-"+string(rune('0'+n))+".jpg")
		if err != nil {
			t.Fatal(err)
		}
		if n == 1 {
			first = codes[0].Corners
		}
		for i, corner := range codes[0].Corners {
			if d := corner.Sub(first[i]); d.X*d.X+d.Y*d.Y > 2 {
				t.Errorf("orientation %d: corner %d at %v, upright %v", n, i, corner, first[i])
			}
		}
	}
}

// Decode turns as Read does, so that Corners fit what it returns, whatever a browser
// does with the file; and it has the limits of Read.
func TestDecodeIsTheUprightPicture(t *testing.T) {
	for n := 1; n <= 8; n++ {
		data, err := os.ReadFile("testdata/accepted/exif-" + string(rune('0'+n)) + ".jpg")
		if err != nil {
			t.Fatal(err)
		}
		img, err := qrimage.Reader{}.Decode(t.Context(), bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		want, err := qrimage.Reader{}.Read(t.Context(), bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		got, err := qrimage.Reader{}.ReadImage(t.Context(), img)
		if err != nil || got[0].Corners != want[0].Corners {
			t.Errorf("orientation %d: %v, %v", n, got, err)
		}
		small := qrimage.Reader{MaxPixels: len(img.Pix) - 1}
		if img, err := small.Decode(t.Context(), bytes.NewReader(data)); !errors.Is(err, vneid.ErrMalformed) || img != nil {
			t.Errorf("beyond the limit: %v", err)
		}
	}
}

func TestAForeignReaderReadsOurs(t *testing.T) {
	zbar, err := exec.LookPath("zbarimg")
	if err != nil && os.Getenv("VNEID_REQUIRE_PEERS") == "" {
		t.Skip("zbarimg (Debian: zbar-tools) is not installed")
	}
	for name, text := range samples() {
		for level := qrimage.Low; level <= qrimage.High; level++ {
			symbol, err := qrimage.Draw(text, level)
			if err != nil {
				t.Fatal(err)
			}
			// Without "binary" it guesses a character set for each segment, and finds
			// Shift-JIS in "Trần Văn".
			cmd := exec.Command(zbar, "--quiet", "--raw", "--oneshot", "-Sbinary", "-Sdisable", "-Sqrcode.enable", "PNG:-")
			cmd.Stdin = bytes.NewReader(symbol.PNG(4))
			out, err := cmd.Output()
			if err != nil || strings.TrimSuffix(string(out), "\n") != text {
				t.Errorf("%s, level %v: %q, %v", name, level, out, err)
			}
		}
	}
}
