package platform

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// staffBrowser is a browser of a member of staff.
type staffBrowser struct {
	w      *world
	cookie []*http.Cookie
}

func (b *staffBrowser) request() *http.Request {
	r := httptest.NewRequest("GET", b.w.url+"/counter", nil)
	for _, c := range b.cookie {
		r.AddCookie(c)
	}
	return r
}

func (b *staffBrowser) login(id, secret string) error {
	rec := httptest.NewRecorder()
	err := b.w.StaffLogin(b.w.t.Context(), rec, id, secret)
	if got := rec.Result().Cookies(); len(got) > 0 {
		b.cookie = got
	}
	return err
}

func TestStaffLogInWithACookieOfTheirOwn(t *testing.T) {
	w := newWorld(t)
	b := &staffBrowser{w: w}
	if _, err := w.StaffSession(b.request()); !errors.Is(err, ErrNoSession) {
		t.Fatal(err)
	}
	if err := b.login("can-bo-phuong", personas.Password); err != nil {
		t.Fatal(err)
	}
	got, err := w.StaffSession(b.request())
	if err != nil || got.Unit != "ca-phuong-mau" || got.Role != RoleOfficer {
		t.Fatal(got, err)
	}
	c := b.cookie[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
		t.Errorf("the cookie is %v", c)
	}
	if _, err := w.Session(b.request()); !errors.Is(err, ErrNoSession) {
		t.Error("a staff session is a citizen's")
	}
	// A citizen's session under the staff cookie's name is nobody's.
	other := b.request()
	other.Header.Set("Cookie", staffCookie+"="+random())
	if _, err := w.StaffSession(other); !errors.Is(err, ErrNoSession) {
		t.Error("any cookie is a session")
	}
}

func TestAStaffLoginHasANewIdEachTime(t *testing.T) {
	w := newWorld(t)
	b := &staffBrowser{w: w}
	seen := map[string]bool{}
	for range 3 {
		if err := b.login("co-quan", personas.Password); err != nil {
			t.Fatal(err)
		}
		if seen[b.cookie[0].Value] {
			t.Error("the same id twice")
		}
		seen[b.cookie[0].Value] = true
	}
}

func TestAStaffSessionEnds(t *testing.T) {
	for name, end := range map[string]func(*world, *staffBrowser) error{
		"with eight hours": func(w *world, _ *staffBrowser) error { w.clock.advance(8 * time.Hour); return nil },
		"with a logout":    func(w *world, b *staffBrowser) error { return w.StaffLogout(httptest.NewRecorder(), b.request()) },
		"with the person":  func(w *world, _ *staffBrowser) error { return w.RemoveStaff(t.Context(), "co-quan") },
	} {
		w := newWorld(t)
		b := &staffBrowser{w: w}
		if err := b.login("co-quan", personas.Password); err != nil {
			t.Fatal(err)
		}
		w.clock.advance(sessionLife - time.Hour) // use does not prolong it
		if _, err := w.StaffSession(b.request()); err != nil {
			t.Fatalf("%s: over before: %v", name, err)
		}
		w.clock.advance(0)
		if err := end(w, b); err != nil {
			t.Fatal(err)
		}
		if _, err := w.StaffSession(b.request()); !errors.Is(err, ErrNoSession) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARoleThatChangesHoldsFromTheNextRequest(t *testing.T) {
	w := newWorld(t)
	b := &staffBrowser{w: w}
	if err := b.login("co-quan", personas.Password); err != nil {
		t.Fatal(err)
	}
	if err := w.AddStaff(t.Context(), Staff{ID: "co-quan", Name: "X", Role: RoleClient, Client: "rp"}, personas.Password); err != nil {
		t.Fatal(err)
	}
	if got, err := w.StaffSession(b.request()); err != nil || got.Role != RoleClient {
		t.Errorf("still %v, %v", got, err)
	}
}

func TestGuessingAStaffPasswordIsSlowForKnownAndUnknownNames(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"can-bo-phuong", "nobody"} {
		b := &staffBrowser{w: w}
		for i := range freeTries {
			if err := b.login(id, "wrong"); !errors.Is(err, ErrStaffLogin) || len(b.cookie) > 0 {
				t.Fatalf("%s, guess %d: %v", id, i, err)
			}
		}
		if err := b.login(id, personas.Password); !errors.Is(err, ErrStaffWait) {
			t.Errorf("%s: no wait: %v", id, err)
		}
	}
	w.clock.advance(firstDelay)
	if err := (&staffBrowser{w: w}).login("can-bo-phuong", personas.Password); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestStaffMustBeWhole(t *testing.T) {
	w := newWorld(t)
	good := Staff{ID: "x", Name: "X", Role: RoleOfficer, Unit: "ca-phuong-mau"}
	if err := w.AddStaff(t.Context(), good, personas.Password); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]Staff{
		"no id":                 {Name: "X", Role: RoleAgency},
		"a stroke in the id":    {ID: "a/b", Name: "X", Role: RoleAgency},
		"a citizen":             {ID: actorCitizen, Name: "X", Role: RoleAgency},
		"the platform":          {ID: actorSystem, Name: "X", Role: RoleAgency},
		"a relying party":       {ID: actorClient, Name: "X", Role: RoleAgency},
		"two lines":             {ID: "a\nb", Name: "X", Role: RoleAgency},
		"no name":               {ID: "x", Role: RoleAgency},
		"no role":               {ID: "x", Name: "X"},
		"another role":          {ID: "x", Name: "X", Role: "chief"},
		"an officer of no unit": {ID: "x", Name: "X", Role: RoleOfficer},
		"a client's of none":    {ID: "x", Name: "X", Role: RoleClient},
	} {
		if w.AddStaff(t.Context(), s, personas.Password) == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if w.AddStaff(t.Context(), good, "short") == nil {
		t.Error("a short password is taken")
	}
	list, err := w.StaffMembers(t.Context(), 100)
	if err != nil || len(list) != len(personas.Staff())+1 {
		t.Error(len(list), err)
	}
}

func TestWhoIsEnteredAgainHasNoFormerSession(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	b := &staffBrowser{w: w}
	w.err(b.login("co-quan", personas.Password))
	who, err := w.StaffSession(b.request())
	w.err(err)
	w.err(w.RemoveStaff(ctx, "co-quan"))
	w.err(w.AddStaff(ctx, who, "another password"))
	if _, err := w.StaffSession(b.request()); !errors.Is(err, ErrNoSession) {
		t.Errorf("a session of before: %v", err)
	}
	w.err(b.login("co-quan", "another password"))
	if _, err := w.StaffSession(b.request()); err != nil {
		t.Error(err)
	}
}
