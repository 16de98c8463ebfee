package chip_test

import (
	"bytes"
	"context"
	"math/rand"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
)

// answerSize is how long the protected answer with n bytes of data is, status
// apart: DO'87' (or '85'), DO'99', DO'8E' (ICAO Doc 9303-11 §9.8.4).
func answerSize(n, block int, odd bool) int {
	content := (n/block + 1) * block
	if !odd {
		content++
	}
	return header(content) + content + 4 + 10
}

// header is the size of a tag of one byte and a length.
func header(n int) int {
	switch {
	case n < 0x80:
		return 2
	case n < 0x100:
		return 3
	case n < 0x10000:
		return 4
	}
	return 5
}

// most is how many bytes of a file one answer can carry at an offset.
func most(room, block, offset int) int {
	for n := room; n > 0; n-- {
		carried, odd := n, offset > 0x7FFF
		if odd {
			carried += header(n)
		}
		if answerSize(carried, block, odd) <= room {
			return n
		}
	}
	return 0
}

// floor is how many commands a file costs at least.
func floor(size, room, block int) (count int) {
	for offset := 0; offset < size; count++ {
		offset += most(room, block, offset)
	}
	return count
}

// portrait is a JPEG as far as anybody here looks, of a size that makes DG2 have
// about n bytes.
func portrait(n int) []byte {
	b := bytes.Repeat([]byte{0x55}, n)
	copy(b, "\xff\xd8\xff\xe0")
	return b
}

// anchored is a card whose files have the sizes of the card that the figures are
// for: COM 23, SOD 859, DG1 95, DG2 20,085 and DG13 602 bytes. The signed object
// and DG13 are filling of that size, as nobody reads what they hold while commands
// are counted.
func anchored(c chiptest.Card) chiptest.Card {
	filling := func(tag byte, n int) []byte {
		return append([]byte{tag, 0x82, byte((n - 4) >> 8), byte(n - 4)}, make([]byte, n-4)...)
	}
	c.NoAA, c.NoCA = true, true
	c.Groups = map[int][]byte{3: nil, 14: nil} // EF.COM lists three data groups
	c.Portrait = portrait(20_001)
	c.Files = map[string][]byte{"SOD": filling(0x77, 859), "DG13": filling(0x6D, 602)}
	return c
}

// Commands in all, first to last, handshake and EF.CardAccess included, for COM,
// SOD, DG1, DG2 and DG13 of exactly those sizes; and one fewer without COM. The
// numbers are the floor, too.
func TestReadingTakesAsFewCommandsAsPromised(t *testing.T) {
	sizes := map[string]int{"COM": 23, "SOD": 859, "DG1": 95, "DG2": 20_085, "DG13": 602}
	for _, c := range []struct {
		name     string
		card     chiptest.Card
		room     int
		block    int
		want     int
		overhead int // commands that read no file
	}{
		{"PACE, extended length", chiptest.Card{}, 65536, 16, 12, 7},
		{"PACE, short length", chiptest.Card{}, 256, 16, 107, 7},
		{"BAC, extended length", chiptest.Card{NoPACE: true}, 65536, 8, 9, 4},
		{"BAC, short length", chiptest.Card{NoPACE: true}, 256, 8, 100, 4},
	} {
		for _, skip := range []bool{false, true} {
			name, want := c.name+", with COM", c.want
			if skip {
				name, want = c.name+", without COM", c.want-1
			}
			t.Run(name, func(t *testing.T) {
				card := newCard(t, anchored(c.card))
				d, err := chip.Read(context.Background(), card, byMRZ(t, card),
					chip.ReadOptions{Groups: []int{1, 2, 13}, MaxResponse: c.room, SkipCOM: skip})
				if err != nil {
					t.Fatal(err)
				}
				least := c.overhead
				for file, size := range sizes {
					if skip && file == "COM" {
						continue
					}
					if got := d.File(file); len(got) != size || !bytes.Equal(got, card.File(file)) {
						t.Errorf("%s has %d bytes, not %d, or others than the card's", file, len(got), size)
					}
					least += floor(size, c.room, c.block)
				}
				got := len(card.Exchanges())
				if got != want || got != least {
					t.Errorf("%d commands, %d are promised, the floor is %d", got, want, least)
				}
				t.Logf("%d commands", got)
			})
		}
	}
}

// The number of commands is the floor for files of any size, in any length.
func TestReadingTakesTheFewestCommandsForAnySizes(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	rooms := []int{256, 256, 300, 500, 1024, 4096, 32768, 65535, 65536}
	edges := []int{1, 126, 127, 128, 222, 223, 224, 230, 231, 232, 255, 256, 446, 462, 32767, 32768, 32990, 33000, 65535, 66000}
	for i := range 60 {
		card := chiptest.Card{NoCA: true, NoAA: true, NoPACE: i%3 == 0}
		block := 16
		if card.NoPACE {
			block = 8
		} else if i%3 == 1 {
			card.PACE = []chiptest.Protocol{{Name: "PACE-ECDH-GM-3DES-CBC-CBC", Domain: "secp256r1"}}
			block = 8
		}
		size := edges[i%len(edges)]
		if i >= 40 {
			size = 1 + r.Intn(70_000)
		}
		room := rooms[i%len(rooms)]
		// A data group of no known form, of exactly this size with its header.
		body := size
		for body > 0 && header(body)+body > size {
			body--
		}
		group := append([]byte{0x65}, lengthOf(body)...)
		group = append(group, bytes.Repeat([]byte{byte(i)}, body)...)
		card.Groups = map[int][]byte{5: group}
		e := newCard(t, card)
		d, err := chip.Read(context.Background(), e, byMRZ(t, e), chip.ReadOptions{Groups: []int{1, 5, 13}, MaxResponse: room, SkipCOM: i%2 == 0})
		if err != nil {
			t.Fatalf("%d bytes in %d: %v", size, room, err)
		}
		if !bytes.Equal(d.File("DG5"), group) {
			t.Fatalf("%d bytes in %d: other bytes", size, room)
		}
		want := 7
		if card.NoPACE {
			want = 4
		}
		for _, name := range d.Files() {
			if name != "CardAccess" {
				want += floor(len(d.File(name)), room, block)
			}
		}
		if got := len(e.Exchanges()); got != want {
			t.Errorf("%d bytes in %d, blocks of %d: %d commands, the floor is %d", size, room, block, got, want)
		}
	}
}

func lengthOf(n int) []byte {
	switch header(n) {
	case 2:
		return []byte{byte(n)}
	case 3:
		return []byte{0x81, byte(n)}
	case 4:
		return []byte{0x82, byte(n >> 8), byte(n)}
	}
	return []byte{0x83, byte(n >> 16), byte(n >> 8), byte(n)}
}
