// Package asking is what the example programs need to ask citizens for documents: whom
// they trust where the test platform answers, and what they ask for. A program of one's
// own takes all of it from its configuration.
package asking

import (
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/testkeys"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Client is what the test platform calls the programs that ask.
const Client = "portal-share"

// The purposes that are registered for Client.
var (
	Rental  = share.Purpose{Code: "car-rental", VI: "Thuê xe tự lái", EN: "Self-drive car rental"}
	Counter = share.Purpose{Code: "counter-check", VI: "Đối chiếu thông tin tại quầy", EN: "Comparing evidence at the counter"}
)

// Kinds are what each issuer of the test platform may sign, by the end of its address.
// Nobody is trusted with more than that: an insurer's signature makes no licence.
var Kinds = map[string][]document.Kind{
	"/issuer/police": {
		document.Identity, document.ElectronicID, document.CitizenCard, document.OldCard, document.Residence,
		document.Dependants, document.DriverLicence, document.VehicleRegistration, document.JudicialRecord,
	},
	"/issuer/immigration": {document.Passport},
	"/issuer/insurance":   {document.HealthInsurance, document.SocialInsurance},
	"/issuer/tax":         {document.TaxCode},
}

// RentalRequest asks for what a car rental needs: that somebody is of age and may drive,
// yes or no instead of a date of birth, and as little more as will do. It may be looked
// up again for the month that a rental may last.
func RentalRequest(subject string, now time.Time) share.Request {
	until, _ := vneid.NewDate(now.In(vietnam).AddDate(0, 0, 30).Date())
	return share.Request{
		Purpose: Rental, RetentionDays: 30, Store: true, Subject: subject, Need: vneid.Assurance{Level: 2},
		Periodic: &share.Period{Until: until, Days: 1},
		Documents: []share.Want{
			{
				Kind:       document.DriverLicence,
				Claims:     []share.Claim{{Name: "number"}, {Name: "points", Optional: true}},
				Predicates: []share.Predicate{share.AgeAtLeast(18), share.LicenceIncludes("B")},
			},
			{Kind: document.Residence, Optional: true, Claims: []share.Claim{{Name: "province"}, {Name: "commune", Optional: true}}},
		},
	}
}

// CounterRequest asks for what a counter compares with other evidence.
func CounterRequest(subject string) share.Request {
	return share.Request{
		Purpose: Counter, Subject: subject, Need: vneid.Assurance{Level: 2},
		Documents: []share.Want{{Kind: document.ElectronicID, Claims: []share.Claim{
			{Name: "id"}, {Name: "name"}, {Name: "birth"}, {Name: "sex", Optional: true}, {Name: "former_ids", Optional: true}, {Name: "residence", Optional: true},
			{Name: "card_expires", Optional: true},
		}}},
	}
}

// vietnam needs no time zone data.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

// Verifier trusts the test platform for what it seals, and each of its issuers for its
// kinds, with keys from where they publish them.
func Verifier(platform string, now func() time.Time) *share.Verifier {
	platform = strings.TrimSuffix(platform, "/")
	status := &share.RemoteStatus{Now: now}
	v := &share.Verifier{
		Platform: platform, Client: Client, Keys: Keys(platform, now, share.UseEnvelope, share.UseReceipt),
		Issuers: map[string]share.Trust{}, Status: status,
		Decrypt: []share.DecryptKey{{ID: testkeys.EncryptionID, Key: testkeys.Encryption()}},
		Replay:  vneid.NewMemoryReplay(0, now), Now: now,
	}
	for path, kinds := range Kinds {
		issuer := platform + path
		v.Issuers[issuer] = share.Trust{Kinds: slices.Clone(kinds), Keys: &jwks.Remote{
			URL: issuer + "/jwks.json", Issuer: issuer, Uses: []vneid.Use{share.UseDocument, vneid.UseStatus}, Now: now,
		}}
		status.Issuers = append(status.Issuers, issuer)
	}
	return v
}

// Keys are the platform's for what it signs around documents: never those of its logins.
func Keys(platform string, now func() time.Time, uses ...vneid.Use) *jwks.Remote {
	return &jwks.Remote{URL: strings.TrimSuffix(platform, "/") + "/share/jwks.json", Issuer: platform, Uses: uses, Now: now}
}

// Config asks the test platform as Client. redirect is where browsers come back to.
func Config(platform, redirect string, now func() time.Time) share.Config {
	return share.Config{
		Issuer: platform, ClientID: Client, RedirectURL: redirect, Key: testkeys.Signing(), KeyID: testkeys.ID,
		Verifier: Verifier(platform, now), Need: vneid.Assurance{Level: 2}, Now: now,
	}
}
