package qrimage

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/skip2/go-qrcode"
)

// Symbol is a drawn QR code. The zero value is an empty picture.
type Symbol struct {
	dark    [][]bool // dark[y][x], without quiet zone
	version int
	level   Level
}

// quiet is the width of the light border in modules (ISO/IEC 18004, "quiet zone").
const quiet = 4

// Draw makes the smallest symbol that holds text at level least (0: Medium), and
// raises the level as far as the symbol's size allows. It refuses text that is
// not UTF-8, as Code.Text would, and text that fits no symbol.
func Draw(text string, least Level) (*Symbol, error) {
	if least == 0 {
		least = Medium
	}
	switch {
	case least > High:
		return nil, errors.New("qrimage: no such level of error correction")
	case text == "":
		return nil, errors.New("qrimage: no text to draw")
	case !utf8.ValidString(text):
		return nil, errors.New("qrimage: the text to draw is not UTF-8")
	}
	s, err := draw(text, least)
	if err != nil {
		return nil, fmt.Errorf("qrimage: %w", err)
	}
	return s, nil
}

// recoveryLevels maps ours to go-qrcode's, whose names are shifted by one.
var recoveryLevels = [...]qrcode.RecoveryLevel{
	Low: qrcode.Low, Medium: qrcode.Medium, Quartile: qrcode.High, High: qrcode.Highest,
}

func draw(text string, least Level) (s *Symbol, err error) {
	// go-qrcode ends the program with log.Panic where it finds its own bugs.
	defer func() {
		if recover() != nil {
			s, err = nil, errors.New("the encoder failed")
		}
	}()
	code, err := qrcode.New(text, recoveryLevels[least])
	if err != nil {
		return nil, errors.New("the text does not fit into a QR code of level " + least.String())
	}
	level := least
	for l := least + 1; l <= High; l++ {
		better, err := qrcode.NewWithForcedVersion(text, code.VersionNumber, recoveryLevels[l])
		if err != nil {
			break
		}
		code, level = better, l
	}
	code.DisableBorder = true
	return &Symbol{dark: code.Bitmap(), version: code.VersionNumber, level: level}, nil
}

// Version returns the version, 1 to 40.
func (s *Symbol) Version() int { return s.version }

// Level returns the level of error correction, which may be higher than asked.
func (s *Symbol) Level() Level { return s.level }

// Size returns the number of modules along one side, without the quiet zone:
// 17 + 4 × version.
func (s *Symbol) Size() int { return len(s.dark) }

// Dark reports whether the module in column x and row y is dark. Outside the
// symbol, in the quiet zone, everything is light.
func (s *Symbol) Dark(x, y int) bool {
	return y >= 0 && y < len(s.dark) && x >= 0 && x < len(s.dark) && s.dark[y][x]
}
