package ops

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Garbage lets room bytes of garbage gather before they are collected, or as many as are
// kept, if that is more. The Go runtime by itself goes by the proportion alone (GOGC): what
// keeps little collects all the time, and what keeps more with each request takes new
// memory for garbage too, which costs more than to use the old again. GOMEMLIMIT bounds it.
func Garbage(room uint64) {
	debug.SetGCPercent(percentOf(room, kept()))
	// What nobody refers to is cleaned up at the next collection: then it is time again.
	runtime.AddCleanup(&struct{ *byte }{}, Garbage, room)
}

// percentOf is GOGC for so much room beside what is kept.
func percentOf(room, kept uint64) int {
	const least = 4 << 20 // below it GOGC counts of this
	return int(min(max(100, 100*room/max(kept, least)), 10_000))
}

// kept is what the last collection found in use.
func kept() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
