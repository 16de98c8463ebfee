package platform

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// Role says what a member of staff may do.
type Role string

// The roles. A page asks for the one that it needs in each of its handlers.
const (
	RoleOfficer Role = "officer" // cán bộ tiếp nhận at the counter of a unit
	RoleAgency  Role = "agency"  // the agency that manages identification (cơ quan quản lý định danh)
	RoleClient  Role = "client"  // works for the relying party Staff.Client
)

// Staff is somebody who works with the platform. They have no account of a citizen
// here: the two kinds of session never stand for each other.
type Staff struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Unit   string `json:"unit,omitempty"` // of internal/units
	Role   Role   `json:"role"`
	Client string `json:"client,omitempty"` // a client's id, with RoleClient
}

// What StaffLogin refuses with.
var (
	ErrStaffLogin = errors.New("platform: wrong name or password")
	ErrStaffWait  = errors.New("platform: too many wrong passwords, wait")
)

// ErrNotAllowed is for staff whose role or unit the thing is not for.
var ErrNotAllowed = errors.New("platform: not for this role or unit")

// staffRow is a member of staff as the store has them.
type staffRow struct {
	Staff    Staff    `json:"staff"`
	Password password `json:"password"`
	Entered  string   `json:"entered,omitempty"` // random: another one when somebody who was removed is entered again
}

// staffSession is a browser in which one of them is logged in.
type staffSession struct {
	Staff string    `json:"staff"`
	Until time.Time `json:"until"`

	Entered string `json:"entered,omitempty"` // as their staffRow has it
}

const (
	tableStaff         = "staff"         // staff id → staffRow
	tableStaffSessions = "staff-session" // keyed hash of the cookie → staffSession

	staffCookie = "vneid-test-staff"
)

// AddStaff enters somebody, or changes them. Their sessions go on, with the new role
// from the next request.
func (p *Platform) AddStaff(ctx context.Context, s Staff, secret string) error {
	if err := s.check(); err != nil {
		return err
	}
	if len(secret) < minPassword || len(secret) > maxPassword {
		return errors.New("platform: the password is too short or too long")
	}
	return p.addStaff(ctx, s, hash(secret, p.cfg.PasswordRounds))
}

func (p *Platform) addStaff(ctx context.Context, s Staff, pw password) error {
	return p.store.Update(ctx, func(tx Tx) error { return p.enterStaff(tx, s, pw) })
}

func (p *Platform) enterStaff(tx Tx, s Staff, pw password) error {
	was, err := load[staffRow](tx, tableStaff, s.ID)
	if err != nil {
		return err
	}
	row := staffRow{s, pw, random()[:22]}
	if was != nil {
		row.Entered = was.Entered
	}
	return errors.Join(save(tx, tableStaff, s.ID, row, time.Time{}),
		p.record(tx, entry{Kind: auditStaffChanged, Client: s.Client, Body: auditStaff{s.ID, s.Role, s.Unit}}))
}

func (s Staff) check() error {
	switch {
	case !visible(s.ID, 64) || strings.Contains(s.ID, "/"):
		return errors.New("platform: Staff.ID is missing, too long, or has a stroke in it or what cannot be seen in ASCII")
	case slices.Contains([]string{actorCitizen, actorSystem, actorClient}, s.ID):
		return errors.New("platform: Staff.ID is what the audit calls others who act")
	case s.Name == "":
		return errors.New("platform: Staff.Name is missing")
	case s.Role == RoleOfficer && s.Unit == "":
		return errors.New("platform: Staff.Unit is missing: officers work at one")
	case s.Role == RoleClient && s.Client == "":
		return errors.New("platform: Staff.Client is missing")
	case s.Role != RoleOfficer && s.Role != RoleAgency && s.Role != RoleClient:
		return errors.New("platform: Staff.Role is none")
	}
	return nil
}

// RemoveStaff ends somebody's access at once, and for good: whoever is entered under the
// id later has none of their sessions. Their id stays in the audit.
func (p *Platform) RemoveStaff(ctx context.Context, id string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		return errors.Join(tx.Delete(tableStaff, id), p.record(tx, entry{Kind: auditStaffRemoved, Body: auditStaff{ID: id}}))
	})
}

// seedStaff adds the invented staff. Their password stands in the source code.
func (p *Platform) seedStaff(ctx context.Context) error {
	return p.store.Update(ctx, func(tx Tx) error {
		for _, s := range personas.Staff() {
			one := Staff{ID: s.ID, Name: s.Name, Unit: s.Unit, Role: Role(s.Role), Client: s.Client}
			there, err := tx.Get(tableStaff, one.ID)
			if err == nil && there == nil { // somebody who is there already stays as they are
				err = p.enterStaff(tx, one, hash(personas.Password, 1))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// StaffLogin begins a session of eight hours, with a cookie of its own and a new id
// each time. It takes as long, and answers the same, for a name that nobody has. A page
// calls StaffLogout first, so that the browser's former session is over.
func (p *Platform) StaffLogin(ctx context.Context, w http.ResponseWriter, id, secret string) error {
	if err := p.admit(ctx); err != nil {
		return err
	}
	leave, err := p.mayHash()
	if err != nil {
		return err
	}
	defer leave()
	key := p.mac("staff tries", id)
	turn := &p.turns[key[0]%turns]
	turn.Lock()
	defer turn.Unlock()
	row := (*staffRow)(nil)
	wait := time.Duration(0)
	err = p.store.Update(ctx, func(tx Tx) (err error) {
		if wait, err = p.guess(tx, key); err != nil || wait > 0 {
			return err
		}
		row, err = load[staffRow](tx, tableStaff, id)
		return err
	})
	if err != nil {
		return err
	}
	if wait > 0 {
		return ErrStaffWait
	}
	pw := (*password)(nil)
	if row != nil {
		pw = &row.Password
	}
	if !p.compare(ctx, pw, secret) {
		return errors.Join(ctx.Err(), ErrStaffLogin)
	}
	cookie, until := random(), p.now().Add(sessionLife)
	err = p.store.Update(ctx, func(tx Tx) error {
		return errors.Join(tx.Delete(tableTries, key),
			save(tx, tableStaffSessions, p.mac("staff", cookie), staffSession{id, until, row.Entered}, until))
	})
	if err == nil {
		p.setCookie(w, staffCookie, cookie)
	}
	return err
}

// StaffSession returns who of the staff sends the request; ErrNoSession if nobody. It
// looks them up each time, so that a role that was taken away is gone.
func (p *Platform) StaffSession(r *http.Request) (out Staff, err error) {
	cookie := p.cookie(r, staffCookie)
	if cookie == "" {
		return Staff{}, ErrNoSession
	}
	err = p.store.View(r.Context(), func(tx Tx) error {
		s, err := load[staffSession](tx, tableStaffSessions, p.mac("staff", cookie))
		if err != nil {
			return err
		}
		if s == nil || !p.now().Before(s.Until) {
			return ErrNoSession
		}
		row, err := load[staffRow](tx, tableStaff, s.Staff)
		if err != nil {
			return err
		}
		if row == nil || row.Entered != s.Entered {
			return ErrNoSession
		}
		out = row.Staff
		return nil
	})
	return out, err
}

// StaffLogout ends the browser's session.
func (p *Platform) StaffLogout(w http.ResponseWriter, r *http.Request) error {
	p.setCookie(w, staffCookie, "")
	cookie := p.cookie(r, staffCookie)
	if cookie == "" {
		return nil
	}
	return p.store.Update(r.Context(), func(tx Tx) error {
		return tx.Delete(tableStaffSessions, p.mac("staff", cookie))
	})
}

// StaffMembers returns at most limit of them, in the order of their ids.
func (p *Platform) StaffMembers(ctx context.Context, limit int) (out []Staff, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		rows, err := list[staffRow](tx, tableStaff, "", limit)
		for _, row := range rows {
			out = append(out, row.Staff)
		}
		return err
	})
	return out, err
}
