package ops

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

func TestGarbageGoesByWhatIsKept(t *testing.T) {
	const room = 192 << 20
	for kept, want := range map[uint64]int{
		0: 4800, 1 << 20: 4800, 15 << 20: 1280, 96 << 20: 200, 192 << 20: 100, 10 << 30: 100, // never less than Go's own choice
	} {
		if got := percentOf(room, kept); got != want {
			t.Errorf("%d bytes kept: %d %%, want %d", kept, got, want)
		}
	}
	if got := percentOf(1<<40, 0); got != 10_000 {
		t.Errorf("much room: %d %%", got)
	}
}

// It is set anew after each collection, from what that one found.
func TestGarbageIsSetAfterEachCollection(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	now := func() uint64 {
		sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	Garbage(64 << 20)
	for _, size := range []int{16, 48, 0} {
		hold := make([]byte, size<<20)
		low, high := uint64(64*100/(size+12)), uint64(64*100/max(size, 4)) // others keep up to 12 MiB here
		settled := false
		for end := time.Now().Add(20 * time.Second); !settled && time.Now().Before(end); {
			runtime.GC()
			runtime.Gosched()
			settled = now() >= low && now() <= high
		}
		if !settled {
			t.Errorf("%d MiB kept: %d %%, want %d to %d", size, now(), low, high)
		}
		runtime.KeepAlive(hold)
	}
}
