package citizen

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// maxShares is how many consents the page shows.
const maxShares = 100

// given is a document that somebody agreed to share.
type given struct{ Label, Items ui.Text }

// shared is one consent with its receipt.
type shared struct {
	platform.Share
	Terms words.Terms
	At    time.Time
}

// StateText says what became of it.
func (s shared) StateText() ui.Text { return words.Of(words.ShareStates, s.State) }

// Given lists what was agreed to, of what there is.
func (s shared) Given() (out []given) {
	for _, d := range s.Share.Terms.Documents {
		names, ok := s.Granted[d.Kind]
		if !ok {
			continue
		}
		vi, en := d.Kind.Label()
		out = append(out, given{ui.Text{Vi: vi, En: en}, itemsText(d, names)})
	}
	return out
}

func itemsText(d platform.ShareDoc, names []string) (t ui.Text) {
	for _, i := range d.Items {
		if !slices.Contains(names, i.Name) {
			continue
		}
		one := words.Item(i)
		if t.Vi != "" {
			t.Vi, t.En = t.Vi+", ", t.En+", "
		}
		t.Vi, t.En = t.Vi+one.Vi, t.En+one.En
	}
	return t
}

// awaited is a request for somebody whom the person represents.
type awaited struct {
	Client, Name, Grant string
	Until               time.Time
	Terms               words.Terms
}

// shares lists what the person shared, and what waits for them as a representative.
func (c *app) shares(w http.ResponseWriter, r *http.Request, me platform.Session) {
	all, err1 := c.p.Shares(r.Context(), me.Account.ID, maxShares)
	waiting, err2 := c.p.Awaiting(r.Context(), me.Account.ID)
	logins, err3 := c.p.Consents(r.Context(), me.Account.ID)
	if err := errors.Join(err1, err2, err3); err != nil {
		c.fail(w, r, err)
		return
	}
	var list []shared
	for _, one := range all {
		at := one.Decided
		if !one.Ended.IsZero() {
			at = one.Ended
		}
		list = append(list, shared{one, words.Terms{ShareView: &one.Terms}, at})
	}
	var open []awaited
	for _, one := range waiting {
		open = append(open, awaited{one.Client.Name, one.Name, one.Grant, one.Until, words.Terms{ShareView: chosenOf(one.Terms)}})
	}
	answered := r.URL.Query().Get("answered")
	c.show(w, r, "shares", struct {
		Shares     []shared
		Awaiting   []awaited
		Logins     []agreed
		Done, Late bool
	}{list, open, agreements(logins), answered == "yes", answered == "late"})
}

// chosenOf leaves of a request what the child or ward agreed to: a representative can
// only agree to less.
func chosenOf(v platform.ShareView) *platform.ShareView {
	var docs []platform.ShareDoc
	for _, d := range v.Documents {
		if !slices.Contains(v.Ticked, d.Field) {
			continue
		}
		d.Items = slices.DeleteFunc(slices.Clone(d.Items), func(i platform.ShareItem) bool {
			return i.Field != "" && !slices.Contains(v.Ticked, i.Field)
		})
		docs = append(docs, d)
	}
	v.Documents = docs
	return &v
}

// withdraw takes a consent back.
func (c *app) withdraw(w http.ResponseWriter, r *http.Request, me platform.Session) {
	c.answered(w, r, c.p.WithdrawShare(r.Context(), me.Account.ID, r.PostFormValue("grant")))
}

// forget takes back what somebody agreed to for logins at one party.
func (c *app) forget(w http.ResponseWriter, r *http.Request, me platform.Session) {
	c.answered(w, r, c.p.ForgetClient(r.Context(), me.Account.ID, r.PostFormValue("client")))
}

// represent takes a representative's decision. It needs two factors; who logged in with
// one is asked for another first.
func (c *app) represent(w http.ResponseWriter, r *http.Request, me platform.Session) {
	if me.Assurance.Auth < 2 {
		http.Redirect(w, r, "/login?auth=2&return=/me/shares", http.StatusSeeOther)
		return
	}
	decision := r.PostFormValue(platform.FieldDecision) // reads the form
	var ticked []string
	if decision == platform.Allow {
		ticked = append([]string{}, r.PostForm[platform.FieldScope]...)
	}
	c.answered(w, r, c.p.DecideShare(r.Context(), me, r.PostFormValue("grant"), ticked))
}

func (c *app) answered(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, platform.ErrNoShare), errors.Is(err, platform.ErrNotYours), errors.Is(err, platform.ErrNoConsent):
		http.Redirect(w, r, "/me/shares?answered=late", http.StatusSeeOther)
	case err != nil:
		c.fail(w, r, err)
	default:
		http.Redirect(w, r, "/me/shares?answered=yes", http.StatusSeeOther)
	}
}

// agreed is what somebody agreed to for logins at one party.
type agreed struct {
	platform.LoginConsent
	Why, Given, Kept, Back *ui.Text
}

func agreements(all []platform.LoginConsent) (out []agreed) {
	for _, one := range all {
		var why *ui.Text
		if one.For.Vi != "" {
			why = &ui.Text{Vi: one.For.Vi, En: one.For.En}
		}
		out = append(out, agreed{one, why, named(words.Scopes, one.Granted), named(words.Scopes, one.Declined), words.ClaimList(one.Without)})
	}
	return out
}

// named joins words into a sentence's part; nil for none.
func named(table map[string]ui.Text, keys []string) *ui.Text {
	var vi, en []string
	for _, k := range keys {
		t := words.Of(table, k)
		vi, en = append(vi, t.Vi), append(en, t.En)
	}
	if vi == nil {
		return nil
	}
	return &ui.Text{Vi: strings.Join(vi, "; "), En: strings.Join(en, "; ")}
}
