package platform

import "sync"

// room is memory for what is written only to be copied: a body before it is read, an
// answer before it is sent, claims before they are signed.
type room struct{ b []byte }

var rooms = sync.Pool{New: func() any { return new(room) }}

func takeRoom() *room { return rooms.Get().(*room) }

// maxRoom bounds what is kept for the next: one answer may be much longer than the others.
const maxRoom = maxBody

// free gives the room back, with what was written into it gone.
func (r *room) free(written []byte) {
	if clear(written); cap(written) <= maxRoom {
		r.b = written[:0]
		rooms.Put(r)
	}
}
