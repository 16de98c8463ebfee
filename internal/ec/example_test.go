package ec_test

import (
	"bytes"
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/ec"
)

// PACE with generic mapping, both sides: a point that both know, moved by the
// nonce that only holders of the password know, is the generator of the key
// agreement.
func Example() {
	nonce := []byte("sixteen bytes ok")
	curve, _ := ec.ByID(13)
	terminal, _ := curve.NewSecret()
	chip, _ := curve.NewSecret()
	terminalKey, _ := terminal.Public()
	chipKey, _ := chip.Public()

	agree := func(mine ec.Secret, theirs []byte) (generator ec.Point) {
		p, err := curve.Point(theirs) // on the curve, and not at infinity
		if err != nil {
			return ec.Point{}
		}
		h, _ := mine.Times(p)
		generator, _ = h.MapGeneric(nonce)
		return generator
	}
	g := agree(terminal, chipKey.Bytes())
	fmt.Println(curve, g == agree(chip, terminalKey.Bytes()))

	a, _ := curve.NewSecret()
	b, _ := curve.NewSecret()
	defer a.Wipe()
	defer b.Wipe()
	ag, _ := a.Times(g)
	bg, _ := b.Times(g)
	k1, _ := a.Times(bg)
	k2, _ := b.Times(ag)
	fmt.Println(len(k1.X()), bytes.Equal(k1.X(), k2.X()))

	_, err := curve.Point(append([]byte{4}, make([]byte, 64)...))
	fmt.Println(err)
	// Output:
	// brainpoolP256r1 true
	// 32 true
	// not a point of the curve
}
