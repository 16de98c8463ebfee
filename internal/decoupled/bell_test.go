package decoupled

import (
	"fmt"
	"testing"
	"time"
)

// The bell of a request that has ended is found and wakes nobody, until its time.
func TestABellOutlivesItsRequest(t *testing.T) {
	var all Table
	now := time.Unix(1e9, 0)
	sum, key := Sum("token"), Key{Hint: [32]byte{1}, ID: "req"}
	if err := all.Enter(key.Hint, now, false); err != nil {
		t.Fatal(err)
	}
	all.Hang(sum, now.Add(MaxLife))
	all.Tune(sum, key.ID, now.Add(time.Hour))
	all.Hold(key, now, now.Add(time.Hour))
	if all.Rung(&sum) == nil {
		t.Fatal("there is no bell")
	}
	all.End(key, &sum, false)
	bell := all.Find("token")
	if bell == nil || !all.Ring(bell, key.ID, false) || all.Ring(bell, "another", false) || all.Rung(&sum) != nil {
		t.Error("it is gone, rings for another request, or somebody waits for it")
	}
	if err := all.Enter(key.Hint, now.Add(time.Hour), false); err != nil || all.Find("token") != nil {
		t.Errorf("at its time it hangs still: %v", err)
	}
}

// However many requests end before their time, the bells are bounded.
func TestBellsAreBounded(t *testing.T) {
	var all Table
	now := time.Unix(1e9, 0)
	for i := range 3 * maxOpen {
		sum := Sum(fmt.Sprint(i))
		all.Hang(sum, now.Add(MaxLife))
		all.End(Key{ID: "req"}, &sum, false)
	}
	if n := len(all.bells); n > 2*maxOpen {
		t.Errorf("%d bells", n)
	}
}
