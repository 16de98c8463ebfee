package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// label is a line of labels.jsonl.
type label struct {
	File  string
	Class string
	Text  string `json:"text_b64"`
}

// folder reads pictures in PGM (P5) and what they show.
func folder(dir string) (func(func(photo, error) bool), error) {
	lines, err := os.ReadFile(filepath.Join(dir, "labels.jsonl"))
	if err != nil {
		return nil, err
	}
	return func(yield func(photo, error) bool) {
		for line := range strings.Lines(string(lines)) {
			p, err := labelled(dir, line)
			if !yield(p, err) {
				return
			}
		}
	}, nil
}

func labelled(dir, line string) (photo, error) {
	var l label
	if err := json.Unmarshal([]byte(line), &l); err != nil {
		return photo{}, err
	}
	text, err := base64.StdEncoding.DecodeString(l.Text)
	if err != nil {
		return photo{}, err
	}
	name := strings.TrimSuffix(l.File, filepath.Ext(l.File))
	img, err := pgm(filepath.Join(dir, name+".pgm"))
	return photo{name, l.Class, string(text), img}, err
}

func pgm(path string) (*image.Gray, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := bufio.NewReader(bytes.NewReader(data))
	var w, h, most int
	if _, err := fmt.Fscanf(r, "P5\n%d %d\n%d\n", &w, &h, &most); err != nil || most != 255 || w <= 0 || h <= 0 {
		return nil, errors.New(path + " is not an eight-bit PGM")
	}
	img := image.NewGray(image.Rect(0, 0, w, h))
	_, err = io.ReadFull(r, img.Pix)
	return img, err
}
