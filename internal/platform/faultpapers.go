package platform

import (
	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// paperFaults are codes of documents that no inspection may accept, signed with the
// right key. Codes of persons stay as they are.
func paperFaults() []fault {
	change := func(name, about string, f func(*qrissue.Claims)) fault {
		return fault{name: name, about: about, code: func(c *qrissue.Claims, k *signingKey) (*signingKey, error) {
			if c.Kind == qr.Document {
				f(c)
			}
			return k, nil
		}}
	}
	return []fault{
		change("paper-pending", "presented documents wait for their approval", func(c *qrissue.Claims) { c.Paper.State = wire.StatePending }),
		change("paper-unverified", "presented documents could not be verified", func(c *qrissue.Claims) { c.Paper.State = wire.StateUnverified }),
		change("paper-stateless", "presented documents say nothing of their state", func(c *qrissue.Claims) { c.Paper.State = "" }),
		change("paper-other", "a vehicle's registration is presented whatever was asked for", func(c *qrissue.Claims) {
			c.Paper = &qrissue.Paper{Kind: document.VehicleRegistration, State: wire.StateVerified, Claims: []byte(`{"plate":"99A-000.01"}`)}
		}),
		change("paper-over", "presented licences ended in 2020", func(c *qrissue.Claims) {
			c.Paper = &qrissue.Paper{Kind: document.DriverLicence, State: wire.StateVerified, Claims: []byte(`{"number":"999000000001","expires":"2020-01-31"}`)}
		}),
		change("paper-nameless", "presented licences have no number", func(c *qrissue.Claims) { c.Paper.Claims = []byte(`{}`) }),
		change("paper-person", "a person's code is presented instead of a document's", func(c *qrissue.Claims) {
			c.Kind, c.Paper, c.Citizen = qr.Dynamic, nil, vneid.Record{ID: "999090000001"}
		}),
		change("paper-with-number", "presented documents have somebody's number beside them", func(c *qrissue.Claims) { c.Citizen.ID = "999090000001" }),
		change("paper-level-1", "presented documents come from an account of level 1", func(c *qrissue.Claims) { c.Level = 1 }),
		change("paper-long-life", "presented documents live a day", func(c *qrissue.Claims) { c.Expires = c.Issued.AddDate(0, 0, 1) }),
	}
}
