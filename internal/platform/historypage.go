package platform

import (
	"context"
	"encoding/json"
	"errors"
)

// HistoryQuery asks for one page of a person's usage history.
type HistoryQuery struct {
	Client string // of this relying party alone; empty: of all
	After  string // HistoryPage.Next of the page before; empty: the newest
	Limit  int    // 0: 20
}

// HistoryPage is one page, the newest entry first.
type HistoryPage struct {
	Reads []Read
	Next  string // empty: nothing is left
}

const (
	historyLimit = 100
	historyLook  = 2000 // entries that one page looks at for those of one party
)

// HistoryPage returns a page of who read about a person. With Client a page may be short
// and yet not the last: see Next.
func (p *Platform) HistoryPage(ctx context.Context, account string, q HistoryQuery) (page HistoryPage, err error) {
	limit := min(q.Limit, historyLimit)
	if limit <= 0 {
		limit = 20
	}
	prefix := account + "/"
	err = p.store.View(ctx, func(tx Tx) error {
		page = HistoryPage{}
		after, looked := "", 0
		if q.After != "" {
			after = prefix + q.After
		}
		for {
			batch := limit + 1
			if q.Client != "" {
				batch = 200
			}
			rows, err := tx.List(tableHistory, prefix, after, batch)
			if err != nil {
				return err
			}
			for _, row := range rows {
				if len(page.Reads) == limit || looked == historyLook {
					page.Next = after[len(prefix):]
					return nil
				}
				after = row.Key
				looked++
				var r Read
				if json.Unmarshal(row.Value, &r) != nil {
					return errors.New("the store holds a damaged history")
				}
				if q.Client == "" || r.Client == q.Client {
					page.Reads = append(page.Reads, r)
				}
			}
			if len(rows) < batch {
				return nil
			}
		}
	})
	return page, err
}
