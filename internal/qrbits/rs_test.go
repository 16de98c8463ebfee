package qrbits

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// encode is the schoolbook division, written apart from the decoder.
func encode(data []byte, checks int) []byte {
	generator := []byte{1}
	for i := range checks { // times (x + α^i), coefficients descending
		next := append(bytes.Clone(generator), 0)
		for j, g := range generator {
			next[j+1] ^= times(g, powers[i])
		}
		generator = next
	}
	rest := append(bytes.Clone(data), make([]byte, checks)...)
	for i := range data {
		if f := rest[i]; f != 0 {
			for j, g := range generator {
				rest[i+j] ^= times(g, f)
			}
		}
	}
	return append(bytes.Clone(data), rest[len(data):]...)
}

// The standard's own example: "01234567" in version 1, level M (annex I).
func TestTheStandardsExample(t *testing.T) {
	data := []byte{0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11}
	check := []byte{0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55}
	if _, clean := syndromes(append(bytes.Clone(data), check...), 10); !clean {
		t.Error("the example has errors")
	}
	if got := encode(data, 10); !bytes.Equal(got[16:], check) {
		t.Errorf("encoded %x", got[16:])
	}
}

func TestRepairUpToItsBudget(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		checks := 7 + r.IntN(24)
		word := make([]byte, 1+r.IntN(120))
		for i := range word {
			word[i] = byte(r.Uint32())
		}
		word = encode(word, checks)
		damaged := bytes.Clone(word)
		places := r.Perm(len(word))
		e := r.IntN(min(checks, len(word)) + 1)
		budget := (checks - e) / 2
		errors := min(r.IntN(budget+1), len(word)-e)
		for _, p := range places[:e] {
			damaged[p] ^= byte(r.Uint32()) // perhaps right by chance
		}
		for _, p := range places[e : e+errors] {
			damaged[p] ^= byte(1 + r.IntN(255))
		}
		if n, ok := repair(damaged, checks, budget, places[:e]); !ok || n > errors || !bytes.Equal(damaged, word) {
			t.Fatalf("%d checks, %d erased, %d errors: %v", checks, e, errors, ok)
		}
	}
}

func TestRepairLeavesWhatItCannot(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	wrong := 0
	for range 3000 {
		word := make([]byte, 60)
		for i := range word {
			word[i] = byte(r.Uint32())
		}
		before := bytes.Clone(word)
		if _, ok := repair(word, 22, 11, nil); ok {
			wrong++
		} else if !bytes.Equal(word, before) {
			t.Fatal("a word that was not corrected has changed")
		}
	}
	if wrong > 0 {
		t.Errorf("%d random words were corrected", wrong)
	}
}
