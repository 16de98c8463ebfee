package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/chip/pcsc"
	"github.com/vneid-sdk/vneid-go/examples/internal/relay"
	"github.com/vneid-sdk/vneid-go/examples/internal/serve"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// source is where the chip's data comes from.
type source struct {
	name   string
	dump   *chip.Dump         // read before; nil: there is a card to read
	card   *chiptest.Emulator // in software; nil: a real one
	anchor []byte             // that an emulated card brings along
	can    string             // of an emulated card
}

// extended is the longest answer asked of emulated cards, which have extended
// length. A telephone may lack it, and a reader says what it can.
const extended = 32768

func (o *options) source() (*source, error) {
	switch {
	case o.dump != "":
		dump, err := loadDump(o.dump)
		return &source{name: o.dump, dump: dump}, err
	case o.emulator != "":
		c, err := o.emulated()
		if err != nil {
			return nil, err
		}
		card, err := chiptest.New(c)
		if err != nil {
			return nil, err
		}
		return &source{name: "emulator", card: card, anchor: card.Anchor(), can: card.Access().CAN}, nil
	case o.phone != "":
		return &source{name: "phone"}, nil
	}
	return &source{name: "reader"}, nil
}

// loadDump reads a saved dump. The chip's answer in it was given to a challenge of
// the program that read the card: it proves nothing here, and a verifier has to take
// it for a replay. So it is left out.
func loadDump(name string) (*chip.Dump, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("-dump: %w", err)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) == nil {
		delete(members, "active_authentication")
		if text, err = json.Marshal(members); err != nil {
			return nil, err
		}
	}
	dump := new(chip.Dump)
	return dump, dump.UnmarshalJSON(text)
}

// emulated describes the card to emulate.
func (o *options) emulated() (chiptest.Card, error) {
	c := chiptest.Card{}
	if o.fault != "" {
		var names []string
		found := false
		for _, f := range chiptest.Faults() {
			names = append(names, fmt.Sprintf("  %-28s %s", f.Name, f.About))
			if f.Name == o.fault {
				c, found = f.Card(), true
			}
		}
		if !found {
			return c, errors.New("the faults are\n" + strings.Join(names, "\n"))
		}
	}
	c.Person, c.Now = o.emulator, o.clock
	return c, nil
}

// read opens the card and reads it.
func (s *source) read(ctx context.Context, o *options, t *terminal, access chip.Access, challenge *chip.Challenge) (*chip.Dump, error) {
	options := chip.ReadOptions{Groups: []int{1, 11, 13, 14, 15}, Challenge: challenge, Trace: t.progress, Now: o.clock}
	if o.portrait != "" {
		options.Groups = append(options.Groups, 2)
	}
	if s.card != nil {
		options.MaxResponse = extended
	}
	defer t.endLine()
	switch {
	case o.phone != "":
		return s.overPhone(ctx, o, t, access, options)
	case s.card != nil:
		return readWithin(ctx, o, s.card, access, options)
	}
	return s.onReader(ctx, o, t, access, options)
}

// readWithin reads a card, but no longer than the caller likes: a card may fall
// silent.
func readWithin(ctx context.Context, o *options, card chip.Card, access chip.Access, options chip.ReadOptions) (*chip.Dump, error) {
	ctx, cancel := context.WithTimeout(ctx, o.within)
	defer cancel()
	return chip.Read(ctx, card, access, options)
}

// onReader waits for a card on a reader.
func (s *source) onReader(ctx context.Context, o *options, t *terminal, access chip.Access, options chip.ReadOptions) (*chip.Dump, error) {
	service := pcsc.Service{Socket: o.socket}
	if readers, err := readersOf(ctx, service); err != nil {
		return nil, err
	} else if len(readers) == 0 {
		t.tell(ui.Text{Vi: "Cắm đầu đọc thẻ vào máy…", En: "Attach a card reader…"})
	} else {
		t.tell(ui.Text{Vi: "Đặt thẻ lên đầu đọc…", En: "Lay the card on the reader…"})
	}
	reader, err := service.Wait(ctx, o.reader)
	if err != nil {
		return nil, err
	}
	s.name = reader.Name
	card, err := service.Open(ctx, reader.Name)
	if err != nil {
		return nil, err
	}
	defer card.Close()
	options.MaxResponse = card.MaxResponse()
	return readWithin(ctx, o, card, access, options)
}

// overPhone serves the relay until one telephone has lent its card.
func (s *source) overPhone(ctx context.Context, o *options, t *terminal, access chip.Access, options chip.ReadOptions) (*chip.Dump, error) {
	l, err := serve.Listen(o.phone, o.expose)
	if err != nil {
		return nil, err
	}
	var phones relay.Relay
	mux := http.NewServeMux()
	mux.Handle("/relay", &phones)
	serving, stop := context.WithCancel(ctx)
	done := make(chan error, 2)
	waiting := 1
	go func() { done <- serve.Run(serving, l, mux) }()
	defer func() {
		stop()
		for range waiting {
			<-done
		}
	}()
	session, err := phones.Expect()
	if err != nil {
		return nil, err
	}
	defer session.Close()
	address := "ws://" + l.Addr().String() + "/relay"
	if s.card != nil {
		waiting++
		go func() { done <- relay.Lend(serving, address, session.Token(), s.card) }()
	} else {
		t.say(address)
		t.say("Authorization: Bearer " + session.Token())
		t.tell(ui.Text{Vi: "Đang chờ điện thoại…", En: "Waiting for a telephone…"})
	}
	card, err := session.Card(ctx)
	if err != nil {
		return nil, err
	}
	return readWithin(ctx, o, card, access, options)
}
