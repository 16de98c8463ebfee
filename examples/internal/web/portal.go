package web

import (
	"net/url"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/testkeys"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Portal is the registration of examples/portal, whose logins come back to
// callback. The secret is published in both programs: it protects a test.
func Portal(callback string) platform.Client {
	return platform.Client{
		ID: "portal", Name: "Cổng dịch vụ mẫu", Class: "public-service", Secret: "portal-secret-for-tests-only",
		RedirectURIs: []string{callback}, LogoutURIs: []string{origin(callback) + "/left"},
		Scopes: []string{"profile", "vneid:id"}, Redeem: true, Refresh: true,
		Login: platform.LoginPurpose{Vi: "Nộp hồ sơ ở cổng mẫu và xem kết quả", En: "To file at the sample portal, and to see the results", RetentionDays: 90},
	}
}

// Portals are all the registrations of examples/portal, one for each way to log in,
// and of its API, to which they have access. A person has one subject at them all.
func Portals(callback string) ([]platform.Client, error) {
	api := platform.Client{ID: "portal-api", Name: "API của cổng dịch vụ mẫu", Secret: "portal-api-secret-for-tests-only", Audience: origin(callback) + "/api"}

	standard := Portal(callback)
	standard.BackchannelLogoutURI = origin(callback) + "/backchannel"
	standard.CIBA = platform.Poll
	standard.Resources, standard.AccessFor = []string{api.Audience}, api.Audience

	keys, err := jwx.Marshal(jwx.Key{Public: testkeys.Signing().Public(), ID: testkeys.ID, Alg: "EdDSA", Use: "sig"})
	if err != nil {
		return nil, err
	}
	fapi2 := standard
	fapi2.ID, fapi2.Name = "portal-fapi2", "Cổng dịch vụ mẫu (FAPI 2.0)"
	fapi2.Secret, fapi2.Profile, fapi2.Keys, fapi2.Redeem = "", platform.FAPI2, keys, false

	wire := platform.Client{
		ID: "portal-vnconnect", Name: "Cổng dịch vụ mẫu (VNConnect)", Class: standard.Class, Secret: standard.Secret,
		RedirectURIs: standard.RedirectURIs, Scopes: standard.Scopes, Login: standard.Login, Wire: platform.VNConnect,
	}
	envelope := wire
	envelope.ID, envelope.Name, envelope.Wire = "portal-envelope", "Cổng dịch vụ mẫu (phong bì)", platform.Envelope
	key, err := testkeys.Envelope()
	if err != nil {
		return nil, err
	}
	if envelope.Keys, err = jwx.Marshal(jwx.Key{Public: key.Public(), ID: testkeys.ID, Use: "enc"}); err != nil {
		return nil, err
	}
	hotel := platform.Client{
		ID: "portal-hotel", Name: "Khách sạn của cổng mẫu", Class: platform.ClassBusiness, Channel: platform.ChannelProvider, Provider: "Đơn vị cung cấp dịch vụ mẫu",
		Keys: keys, Services: []platform.Service{platform.ServiceStays},
		Facilities: []platform.Facility{{Code: "hotel-1", Name: "Khách sạn Mẫu 1"}, {Code: "hotel-2", Name: "Nhà nghỉ Mẫu 2"}},
	}
	asking, err := Asking(callback)
	return []platform.Client{api, standard, fapi2, wire, envelope, hotel, asking}, err
}

// Asking is the registration with which the portal and other programs ask people for
// documents (package asking). Answers are encrypted to it, and it is told of locks,
// withdrawals and revocations.
func Asking(callback string) (platform.Client, error) {
	keys, err := jwx.Marshal(
		jwx.Key{Public: testkeys.Signing().Public(), ID: testkeys.ID, Alg: "EdDSA", Use: "sig"},
		jwx.Key{Public: testkeys.Encryption().Public(), ID: testkeys.EncryptionID, Alg: "ECDH-ES+A256KW", Use: "enc"})
	return platform.Client{
		ID: asking.Client, Name: "Cổng dịch vụ mẫu", Class: "public-service", Profile: platform.FAPI2, Keys: keys,
		RedirectURIs: []string{origin(callback) + "/rental/callback"}, EventsURI: origin(callback) + "/rental/events", CIBA: platform.Poll,
		Purposes: []platform.Purpose{
			{Code: asking.Rental.Code, Vi: asking.Rental.VI, En: asking.Rental.EN, Kinds: []document.Kind{document.DriverLicence, document.Residence}},
			{Code: asking.Counter.Code, Vi: asking.Counter.VI, En: asking.Counter.EN, Kinds: []document.Kind{document.ElectronicID}},
		},
	}, err
}

// origin is scheme and host of a URL, "" of what is none: Register refuses that.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
