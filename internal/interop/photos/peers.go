package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"image"
	"io"
	"os/exec"
	"syscall"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// reader is one engine. Its time is its own processor time where it runs in this
// process; zxing-wasm runs in another and has none.
type reader struct {
	name  string
	timed bool
	read  func(*image.Gray) ([][]byte, error)
}

func ours() reader {
	return reader{"qrimage", true, func(g *image.Gray) (out [][]byte, _ error) {
		codes, err := qrimage.Reader{}.ReadImage(context.Background(), g)
		for _, c := range codes {
			out = append(out, c.Payload)
		}
		_ = err // nothing found is an answer
		return out, nil
	}}
}

func goZXing() reader {
	return reader{"gozxing", true, func(g *image.Gray) ([][]byte, error) {
		bitmap, err := gozxing.NewBinaryBitmapFromImage(g)
		if err != nil {
			return nil, err
		}
		hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
		if err != nil {
			return nil, nil
		}
		return [][]byte{[]byte(result.GetText())}, nil
	}}
}

// zxingWASM starts Node with zxing.mjs, which answers one line for each picture.
func zxingWASM(dir string) (reader, func(), error) {
	cmd := exec.Command("node", "zxing.mjs")
	cmd.Dir = dir
	in, err := cmd.StdinPipe()
	if err != nil {
		return reader{}, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return reader{}, nil, err
	}
	if err := cmd.Start(); err != nil {
		return reader{}, nil, err
	}
	lines := bufio.NewReaderSize(out, 1<<20)
	read := func(g *image.Gray) ([][]byte, error) { return ask(in, lines, g) }
	if _, err := read(image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		in.Close()
		cmd.Wait()
		return reader{}, nil, err
	}
	stop := func() { in.Close(); cmd.Wait() }
	return reader{"zxing-wasm", false, read}, stop, nil
}

func ask(to io.Writer, from *bufio.Reader, g *image.Gray) (out [][]byte, err error) {
	var head bytes.Buffer
	binary.Write(&head, binary.LittleEndian, [2]uint32{uint32(g.Rect.Dx()), uint32(g.Rect.Dy())})
	if _, err := to.Write(head.Bytes()); err != nil {
		return nil, err
	}
	if _, err := to.Write(g.Pix); err != nil {
		return nil, err
	}
	line, err := from.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var texts []string
	if err := json.Unmarshal(line, &texts); err != nil {
		return nil, err
	}
	for _, t := range texts {
		b, err := base64.StdEncoding.DecodeString(t)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// processor is the time that this process has spent.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
