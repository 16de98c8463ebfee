package sharetest

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/share/reconcile"
)

// lists are what a relying party fetches beside answers.
func lists() []test {
	return []test{
		{Case{"list/day", "the day's list has every answer, once for each kind", "project format: reconciliation"}, dayList},
		{Case{"list/no-day", "a day is one", "project format: reconciliation"}, func(r *run) error { return r.listRefused("2026-02-30", true, http.StatusBadRequest) }},
		{Case{"list/anonymous", "nobody else reads it", "project format: reconciliation"}, func(r *run) error { return r.listRefused("2026-02-01", false, http.StatusUnauthorized) }},
		{Case{"list/keys", "answers and events are signed by keys of their own", "RFC 8725 §3.5"}, ownKeys},
	}
}

// vietnam is the time in which days are counted.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

func dayList(r *run) error {
	day := r.party.Now().In(vietnam)
	got, err := r.ask(Visit{Decline: []string{"vehicle-registration"}})
	if err != nil {
		return err
	}
	rows, err := reconcile.Fetch(r.ctx, r.cfg, day)
	if err != nil {
		return err
	}
	seen := map[string]reconcile.Row{}
	for _, row := range rows {
		if row.Txn == got.Txn() {
			if _, twice := seen[string(row.Kind)]; twice {
				return fmt.Errorf("%s stands there twice", row.Kind)
			}
			seen[string(row.Kind)] = row
		}
	}
	licence, vehicle := seen["driver-licence"], seen["vehicle-registration"]
	if len(seen) != 2 || !licence.Billable || vehicle.Billable || vehicle.Outcome != reconcile.Declined {
		return fmt.Errorf("rows of this answer: %+v", seen)
	}
	if rows, err = reconcile.Fetch(r.ctx, r.cfg, day.AddDate(0, 0, -1)); err != nil {
		return err
	}
	if slices.ContainsFunc(rows, func(row reconcile.Row) bool { return row.Txn == got.Txn() }) {
		return fmt.Errorf("the day before has it, too")
	}
	return nil
}

func (r *run) listRefused(day string, named bool, status int) error {
	access := "this-is-no-assertion"
	if named {
		var err error
		if access, err = oauth.Assertion(*r.party.Key, r.party.Client, r.party.Audience, r.party.Now()); err != nil {
			return err
		}
	}
	p := r.another()
	a, err := p.Get(r.ctx, r.below(wire.PathReconciliation)+"?day="+day, access)
	if err != nil {
		return err
	}
	return expect(a, status, "")
}

// ownKeys compares the key set of answers with that of logins.
func ownKeys(r *run) error {
	login, err := r.endpoint("jwks_uri")
	if err != nil {
		return err
	}
	sets := map[string][]string{}
	for _, where := range []string{login, r.below(wire.PathShareJWKS)} {
		anybody := oauth.Party{HTTP: r.party.HTTP, Now: r.cfg.Now}
		a, err := anybody.Get(r.ctx, where, "")
		if err != nil {
			return err
		}
		set := a.Object
		if !a.IsJSON { // application/jwk-set+json
			if set, err = jws.ParseObject(a.Other); err != nil {
				return fmt.Errorf("a key set: status %d: %w", a.Status, err)
			}
		}
		for _, k := range set.Objects("keys") {
			sets[where] = append(sets[where], k.String("kid"), k.String("x"), k.String("n"))
		}
	}
	for _, value := range sets[login] {
		if value != "" && slices.Contains(sets[r.below(wire.PathShareJWKS)], value) {
			return fmt.Errorf("a key of logins signs answers, too")
		}
	}
	if len(sets[r.below(wire.PathShareJWKS)]) == 0 {
		return fmt.Errorf("no keys of answers")
	}
	return nil
}
