package platform

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const tableDevices = "device" // account id / when it ended → Device

// Device is where a person's app is. There is one at a time.
type Device struct {
	Name  string    `json:"name"` // as the person calls it, or the browser
	Since time.Time `json:"since,omitzero"`
	Ended time.Time `json:"ended,omitzero"`
}

const maxDeviceName = 60

// deviceAuth is the authentication level that moves the app: what one knows and what one
// has (xác thực khi đổi thiết bị đăng nhập).
const deviceAuth = vneid.AuthLevel(2)

// MoveDevice moves the app to the device that the person is at. It needs the password
// again, in a session of authentication level 2. Every session ends, this one included:
// the person logs in again on the device that they have now.
func (p *Platform) MoveDevice(ctx context.Context, by Session, password, name string) error {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > maxDeviceName || !servicewire.Plain(name, maxDeviceName) {
		return ErrText
	}
	if by.Assurance.Auth < deviceAuth {
		return &vneid.LevelError{Got: by.Assurance, Want: vneid.Assurance{Auth: deviceAuth}}
	}
	if err := p.reauthenticate(ctx, by.Account.ID, password); err != nil {
		return err
	}
	return p.change(ctx, by.Account.ID, func(tx Tx, a *Account) error { return p.moveDevice(tx, a, name, actorCitizen) })
}

// ChangeDevice moves the app to another device: the sessions of the former one end.
func (p *Platform) ChangeDevice(ctx context.Context, id string) error {
	return p.change(ctx, id, func(tx Tx, a *Account) error { return p.moveDevice(tx, a, "", actorSystem) })
}

func (p *Platform) moveDevice(tx Tx, a *Account, name, actor string) error {
	now := p.now()
	var err error
	if a.App {
		was := a.Device
		was.Ended = now
		until, held := p.usageUntil(tx, a.ID, now)
		err = errors.Join(held, save(tx, tableDevices, a.ID+"/"+p.newestFirst(now), was, until))
	}
	err = errors.Join(err, p.inform(tx, *a, security("Ứng dụng đã được chuyển sang thiết bị khác", "Your app moved to another device")))
	a.App, a.Device, a.EndedAt = true, Device{Name: name, Since: now}, now
	return errors.Join(err, p.tellLogout(tx, a.ID, ""), p.happened(tx, a.ID, event{Name: wire.DeviceChanged, Device: true}),
		p.record(tx, entry{Kind: auditDeviceChanged, Actor: actor, Account: a.ID}))
}

// DevicesPast returns the devices that a person's app was on before, the last one first.
// The present one is Account.Device, of an account with App.
func (p *Platform) DevicesPast(ctx context.Context, account string, limit int) (out []Device, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out, err = list[Device](tx, tableDevices, account+"/", limit)
		return err
	})
	return out, err
}

// browserName is a browser as its owner would call it: what sort it is and on what. Nothing
// else of its User-Agent is kept.
func browserName(agent string) string {
	pick := func(otherwise string, names ...[2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return otherwise
	}
	browser := pick("", [2]string{"Edg/", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"Firefox/", "Firefox"}, [2]string{"Chrome/", "Chrome"}, [2]string{"Safari/", "Safari"})
	system := pick("", [2]string{"Android", "Android"}, [2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"}, [2]string{"Windows", "Windows"}, [2]string{"Mac OS", "macOS"}, [2]string{"Linux", "Linux"})
	return strings.Trim(browser+" · "+system, " ·")
}
