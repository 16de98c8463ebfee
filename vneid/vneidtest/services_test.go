package vneidtest_test

import (
	"slices"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
	"github.com/vneid-sdk/vneid-go/vneid/services/requests"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

func TestServicesAreThereForConsumers(t *testing.T) {
	p := vneidtest.New(t)
	client, err := services.New(p.Services("hotel-1"))
	if err != nil {
		t.Fatal(err)
	}
	secret := make([]byte, 32)
	desk, err := stays.New(stays.Config{Client: client, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	leave, err := vneid.NewDate(p.Now().Add(24 * time.Hour).Date())
	if err != nil {
		t.Fatal(err)
	}
	who := vneidtest.People()[0]
	guest := stays.Typed(vneid.Record{ID: who.Username, Name: who.Record.Name}, "")
	got, err := desk.Submit(t.Context(), []stays.Stay{{Facility: "hotel-1", Guest: guest, Arrive: p.Now(), Leave: leave}, {Facility: "hotel-2", Guest: guest, Arrive: p.Now(), Leave: leave}})
	if err != nil || got[0].Err != nil || got[1].Err == nil {
		t.Fatalf("%+v %v", got, err)
	}
	filer, err := requests.New(requests.Config{Client: client, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	ticket, err := filer.File(t.Context(), "case", requests.Report{Category: "noise", Text: "ồn"})
	if err != nil {
		t.Fatal(err)
	}
	p.Decide(ticket.ID, "done", "xong")
	if ticket, err = filer.Look(t.Context(), ticket.ID); err != nil || ticket.State != requests.Done {
		t.Errorf("%+v %v", ticket, err)
	}
	if kinds := p.Inbox(who.Handle); !slices.Contains(kinds, "stay") {
		t.Errorf("%v", kinds)
	}
	p.Remind()
	if kinds := p.Inbox("expired-card"); !slices.Contains(kinds, "card-expiry") {
		t.Errorf("%v", kinds)
	}
}
