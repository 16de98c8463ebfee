package store

// recent are rows as they were last read or written by a connection that writes. They are
// good for as long as nobody else has written: see sqliteStore.beginWrite. Most of what an
// update reads, an update a moment before has written or read.
type recent struct {
	version   int64 // of the database, as SQLite counts other connections' commits
	now, last map[rowName][]byte
}

type rowName struct{ table, key string }

// Bounds of one generation, of which two are kept.
const (
	maxRecent    = 4096    // rows
	maxRecentRow = 4 << 10 // bytes of one
)

func (r *recent) find(name rowName) ([]byte, bool) {
	value, ok := r.now[name]
	if ok {
		return value, true
	}
	if value, ok = r.last[name]; ok {
		r.keep(name, value)
	}
	return value, ok
}

// keep remembers a row; no value for one that is not there.
func (r *recent) keep(name rowName, value []byte) {
	if value == nil || len(value) > maxRecentRow {
		delete(r.now, name)
		delete(r.last, name)
		return
	}
	if r.now == nil || len(r.now) >= maxRecent {
		r.now, r.last = make(map[rowName][]byte), r.now
	}
	r.now[name] = value
}

// forget is for when somebody else has written, or nobody knows.
func (r *recent) forget() { r.now, r.last = nil, nil }
