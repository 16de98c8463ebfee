package qrimage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"strings"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// A signed code of 391 characters fits version 12 at level M, because all of them
// are in the alphanumeric mode.
func ExampleDraw() {
	symbol, err := qrimage.Draw("VN1:"+strings.Repeat("0A$", 129), 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("version", symbol.Version(), "level", symbol.Level(), "modules", symbol.Size())
	// Output: version 12 level M modules 65
}

func ExampleReader_Read() {
	symbol, err := qrimage.Draw("xin chào", 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	var reader qrimage.Reader
	codes, err := reader.Read(context.Background(), bytes.NewReader(symbol.PNG(4)))
	if err != nil {
		fmt.Println(err)
		return
	}
	code, err := codes.One()
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := code.Text()
	fmt.Println(text, err, "version", code.Version, code.Level)
	// Output: xin chào <nil> version 1 Q
}

// Two cards on one scanner: nobody should guess which was meant.
func ExampleCodes_One() {
	paper := image.NewGray(image.Rect(0, 0, 400, 200))
	for i, text := range []string{"AN", "BÌNH"} {
		symbol, err := qrimage.Draw(text, 0)
		if err != nil {
			fmt.Println(err)
			return
		}
		card, _, _ := image.Decode(bytes.NewReader(symbol.PNG(6)))
		draw.Draw(paper, image.Rect(200*i, 0, 200*i+200, 200), image.White, image.Point{}, draw.Src)
		draw.Draw(paper, card.Bounds().Add(image.Pt(200*i, 0)), card, image.Point{}, draw.Src)
	}
	var reader qrimage.Reader
	codes, err := reader.ReadImage(context.Background(), paper)
	fmt.Println(len(codes), "codes,", err)
	_, err = codes.One()
	fmt.Println(err, errors.Is(err, vneid.ErrMalformed))
	// Output:
	// 2 codes, <nil>
	// qrimage: the picture shows several different codes; show one at a time true
}
