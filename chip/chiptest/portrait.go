package chiptest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
)

const (
	portraitWidth  = 240
	portraitHeight = 320
)

// portrait draws a face of nobody, whose colours follow from the number, with TEST
// across the chest.
func portrait(number string) (jpg []byte, width, height int, err error) {
	mix := 0
	for _, c := range number {
		mix = (mix*31 + int(c)) % 4096
	}
	shirt := color.RGBA{uint8(40 + mix%120), uint8(60 + mix/16%120), uint8(90 + mix/64%120), 255}
	hair := color.RGBA{uint8(20 + mix%40), uint8(20 + mix%30), uint8(20 + mix%20), 255}
	img := image.NewRGBA(image.Rect(0, 0, portraitWidth, portraitHeight))
	for y := range portraitHeight {
		for x := range portraitWidth {
			img.Set(x, y, color.RGBA{uint8(190 + y/8), uint8(205 + x/10), 225, 255})
		}
	}
	ellipse(img, 120, 330, 105, 95, shirt)
	ellipse(img, 120, 118, 66, 82, hair)
	ellipse(img, 120, 135, 56, 72, color.RGBA{224, 182, 146, 255})
	for _, x := range []int{98, 142} {
		ellipse(img, x, 125, 9, 5, color.RGBA{250, 250, 250, 255})
		ellipse(img, x, 125, 4, 4, hair)
	}
	ellipse(img, 120, 148, 5, 9, color.RGBA{205, 160, 125, 255})
	ellipse(img, 120, 175, 18, 5, color.RGBA{170, 80, 80, 255})
	write(img, 72, 262)
	var out bytes.Buffer
	err = jpeg.Encode(&out, img, &jpeg.Options{Quality: 90})
	return out.Bytes(), portraitWidth, portraitHeight, err
}

func ellipse(img *image.RGBA, cx, cy, rx, ry int, c color.Color) {
	for y := -ry; y <= ry; y++ {
		for x := -rx; x <= rx; x++ {
			if x*x*ry*ry+y*y*rx*rx <= rx*rx*ry*ry {
				img.Set(cx+x, cy+y, c)
			}
		}
	}
}

// letters is TEST in strokes of one pixel, to be drawn four times as large.
const letters = `
##### ##### ##### #####
  #   #     #       #
  #   ####  #####   #
  #   #         #   #
  #   ##### #####   #
`

func write(img *image.RGBA, left, top int) {
	for y, row := range strings.Split(strings.Trim(letters, "\n"), "\n") {
		for x, c := range row {
			if c != '#' {
				continue
			}
			for i := range 16 {
				img.Set(left+4*x+i%4, top+4*y+i/4, color.White)
			}
		}
	}
}
