package reconcile

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Journal is a relying party's own list: lines of JSON, written one at a time. It is safe
// for concurrent use; several processes keep several files, which Read takes one behind
// the other.
type Journal struct {
	Out io.Writer        // needed: a file opened with os.O_APPEND
	Now func() time.Time // nil: time.Now

	mu sync.Mutex
}

// line is a Row as it is written down.
type line struct {
	Request  string        `json:"request"`
	Txn      string        `json:"txn,omitempty"`
	Grant    string        `json:"grant,omitempty"`
	Kind     document.Kind `json:"kind"`
	Outcome  Outcome       `json:"outcome"`
	At       int64         `json:"at"`
	Asked    int64         `json:"asked,omitempty"` // when: in the lines of Asked
	Billable bool          `json:"billable"`
}

// Asked notes a request that went out.
func (j *Journal) Asked(reference string, r share.Request) error {
	return j.note(reference, r, func(document.Kind, *line) {}, true)
}

// Answered notes what came of it: the answer, or the error in its place. A
// *share.Pending is no end and is not noted.
func (j *Journal) Answered(reference string, asked share.Request, got share.Records, err error) error {
	var pending *share.Pending
	if errors.As(err, &pending) {
		return nil
	}
	return j.note(reference, asked, func(kind document.Kind, l *line) {
		_, there := got.Get(kind)
		l.Txn, l.Grant, l.Billable = got.Txn(), got.Grant(), there
		switch {
		case there:
			l.Outcome = Delivered
		case err == nil && !got.IsZero():
			l.Outcome = Declined
		case errors.Is(err, vneid.ErrDenied):
			l.Outcome = Denied
		default:
			l.Outcome = Failed
		}
	}, false)
}

func (j *Journal) note(reference string, r share.Request, f func(document.Kind, *line), asked bool) error {
	if j.Out == nil || reference == "" {
		return errors.New("reconcile: Journal.Out is nil, or the request has no name")
	}
	now := time.Now
	if j.Now != nil {
		now = j.Now
	}
	var text []byte
	for _, w := range r.Documents {
		l := line{Request: reference, Kind: w.Kind, Outcome: Pending, At: now().Unix()}
		if asked {
			l.Asked = l.At
		}
		f(w.Kind, &l)
		b, err := json.Marshal(l)
		if err != nil {
			return fmt.Errorf("reconcile: %w", err)
		}
		text = append(append(text, b...), '\n')
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.Out.Write(text); err != nil { // one write, so that lines do not mix
		return fmt.Errorf("reconcile: %w", err)
	}
	return nil
}

const maxLine = 4 << 10

// Read returns the rows of the requests of a day (UTC+7), as far as a Journal knows
// them. A last line that was cut short, as by a crash, is left out; any other line that
// is none is Malformed.
func Read(r io.Reader, day time.Time) ([]Row, error) {
	type key struct {
		request string
		kind    document.Kind
	}
	rows, days, order := map[key]Row{}, map[string]string{}, []key{}
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	var cut error
	for in.Scan() {
		if cut != nil {
			return nil, cut
		}
		var l line
		if json.Unmarshal(in.Bytes(), &l) != nil || l.Request == "" || l.Kind == "" {
			cut = fmt.Errorf("reconcile: %w: a line of the journal is none", vneid.ErrMalformed)
			continue
		}
		if l.Asked != 0 {
			days[l.Request] = dayOf(time.Unix(l.Asked, 0))
		}
		k := key{l.Request, l.Kind}
		if _, known := rows[k]; !known {
			order = append(order, k)
		}
		rows[k] = Row{l.Request, l.Txn, l.Grant, l.Kind, l.Outcome, time.Unix(l.At, 0), l.Billable || rows[k].Billable}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("reconcile: %w", err)
	}
	out := []Row{}
	for _, k := range order {
		if days[k.request] == dayOf(day) {
			out = append(out, rows[k])
		}
	}
	return slices.Clip(out), nil
}

// vietnam is the time in which days are counted (ICT, without summer time).
var vietnam = time.FixedZone("UTC+7", 7*60*60)

func dayOf(t time.Time) string { return t.In(vietnam).Format(time.DateOnly) }
