package platform

import (
	"sync/atomic"
	"time"
)

// Clock is a clock that can be put forward: the real one and an offset. The zero
// value is the real time. Now fits Config.Now.
type Clock struct{ offset atomic.Int64 }

// Now returns the clock's time.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }

// Advance puts the clock forward, or back.
func (c *Clock) Advance(d time.Duration) { c.offset.Add(int64(d)) }

// Set makes it t now.
func (c *Clock) Set(t time.Time) { c.offset.Store(int64(time.Until(t))) }

// Offset is how far the clock is ahead of the real time.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// SetOffset makes the clock so far ahead.
func (c *Clock) SetOffset(d time.Duration) { c.offset.Store(int64(d)) }
