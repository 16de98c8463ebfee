package web

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
	"github.com/vneid-sdk/vneid-go/vneid/services/requests"
)

// authority is a state body at the platform.
func authority(t *testing.T, site *Site) *requests.Desk {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	set, err := jwx.Marshal(jwx.Key{Public: public, ID: "k", Alg: "EdDSA", Use: "sig"})
	if err == nil {
		err = site.Platform.Register(t.Context(), platform.Client{ID: "office", Name: "UBND phường mẫu", Class: "state", Keys: set,
			Services: []platform.Service{platform.ServiceRequests, platform.ServiceNotifications}})
	}
	if err != nil {
		t.Fatal(err)
	}
	client, err := services.New(services.Config{Issuer: site.Platform.Issuer(), ClientID: "office", Key: key, KeyID: "k"})
	if err != nil {
		t.Fatal(err)
	}
	desk, err := requests.New(requests.Config{Client: client, Secret: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	return desk
}

func somebody(t *testing.T, handle string) vneid.Citizen {
	t.Helper()
	who, ok := personas.Get(handle)
	if !ok {
		t.Fatal(handle)
	}
	return vneid.NewCitizen(who.Record, seal.Own())
}

// From the filing to the officer's page, and back into the citizen's inbox.
func TestAFilingIsDecidedAtTheOfficeAndToldToTheCitizen(t *testing.T) {
	site, v := open(t)
	desk := authority(t, site)
	ticket, err := desk.File(t.Context(), "case-1", requests.Report{Reporter: somebody(t, "level2"), Category: "fraud", Text: "<script>giả danh</script>"})
	if err != nil {
		t.Fatal(err)
	}
	_, page := v.Get("/office")
	if !strings.Contains(page, "Nguyễn Văn An") || !strings.Contains(page, ticket.ID) || !strings.Contains(page, platform.Banner) || strings.Contains(page, "<script>giả") {
		t.Fatalf("the office shows %s", page)
	}
	states := regexp.MustCompile(`name="state" value="([a-z-]+)"`).FindAllStringSubmatch(page, -1)
	if len(states) != 4 { // not verified: that is for documents
		t.Errorf("%v", states)
	}
	form := url.Values{"ticket": {ticket.ID}, "state": {"done"}, "note": {"Đã xử lý"}}
	if res, _ := v.Post("/office", form, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site decides: %d", res.StatusCode)
	}
	v.Post("/office", form)
	if got, err := desk.Look(t.Context(), ticket.ID); err != nil || got.State != requests.Done || got.NoteVi != "Đã xử lý" {
		t.Errorf("%+v %v", got, err)
	}
	if res, _ := v.Post("/office", form); res.StatusCode != http.StatusConflict {
		t.Errorf("decided twice: %d", res.StatusCode)
	}
	v.logIn("level2")
	_, inbox := v.Get("/me/inbox")
	if !strings.Contains(inbox, "Đã có kết quả. Đã xử lý") || !strings.Contains(inbox, "Phản ánh, kiến nghị") {
		t.Errorf("the inbox shows %s", inbox)
	}
	if _, me := v.Get("/me"); !strings.Contains(me, "nộp hoặc tra cứu hồ sơ") {
		t.Error("the history does not say who looked")
	}
}

func TestTheInboxShowsLinkedProceduresAndNews(t *testing.T) {
	site, v := open(t)
	desk := authority(t, site)
	for ref, n := range map[string]requests.Notification{
		"birth": requests.Birth{To: somebody(t, "level2"), Registration: requests.PartDone, Residence: requests.PartDone, Insurance: requests.PartReceived},
		"news":  requests.News{Crime: true, TitleVi: "Cảnh báo giả danh"},
	} {
		if _, err := desk.Notify(context.Background(), ref, n); err != nil {
			t.Fatal(err)
		}
	}
	if res, _ := v.Get("/me/inbox"); !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
		t.Errorf("a stranger sees %s", res.Request.URL.Path)
	}
	v.logIn("level2")
	_, page := v.Get("/me/inbox")
	for _, want := range []string{"UBND phường mẫu", "Đăng ký khai sinh: <strong>đã có kết quả</strong>", "Cấp thẻ BHYT cho trẻ dưới 6 tuổi: đã tiếp nhận", "Cảnh báo giả danh", platform.Banner} {
		if !strings.Contains(page, want) {
			t.Errorf("the inbox lacks %q", want)
		}
	}
	if _, english := v.Get("/me/inbox?lang=en"); !strings.Contains(english, "Birth registration") || !strings.Contains(english, "Cảnh báo giả danh") {
		t.Error("in English something is missing")
	}
	if _, bills := v.Get("/me/bills?lang=vi"); strings.Contains(bills, "<form method=\"post\"") || !strings.Contains(bills, "Trang minh họa") {
		t.Error("the bills look payable")
	}
}

func TestEveryWordOfTheServicesIsKnown(t *testing.T) {
	for name, table := range map[string]int{"notices": len(words.Notices), "tickets": len(words.Tickets), "states": len(words.TicketStates), "parts": len(words.Parts)} {
		if want := map[string]int{"notices": 12, "tickets": 6, "states": 6, "parts": 6}[name]; table != want {
			t.Errorf("%d words of %s, want %d", table, name, want)
		}
	}
}
