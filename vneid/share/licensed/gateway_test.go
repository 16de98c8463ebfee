package licensed

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

type j = map[string]any

const (
	host     = "https://gateway.example"
	citizen  = "999190000001"
	partner  = "a partner's secret of a test"
	webhooks = "a webhook secret of a test"
)

var noon = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

// gateway is a provider written apart, which answers in this process.
type gateway struct {
	t      testing.TB
	mu     sync.Mutex
	now    time.Time
	calls  map[string]int
	seen   []*http.Request
	bodies []string
	txn    string
	state  string
	nonces map[string]bool
	person j
	edit   func(answer j) // of the next answers
	status int
	down   bool
}

func newGateway(t testing.TB) *gateway {
	return &gateway{t: t, now: noon, calls: map[string]int{}, state: "SUCCESS", nonces: map[string]bool{}, status: 200, person: j{
		"citizenPid": citizen, "fullName": "Nguyễn Thị Mẫu", "birthDate": "06/05/1990", "gender": "Nữ", "nationalityCode": "VN",
		"phone": "0900000000", "email": nil, "permanentAddress": "Phường Ví Dụ, Thành phố Mẫu", "permanentVillageText": "Phường Ví Dụ",
		"permanentCityText": "Thành phố Mẫu", "livingPlace": "", "dateOfIssue": "01/07/2024", "idCardExpireDate": "06/05/2030",
		"issuingAuthority": "Bộ Công an", "faceImage": "canary-of-a-portrait", "somethingNew": j{"x": 1},
	}}
}

func (g *gateway) clock() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now
}

func (g *gateway) advance(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now = g.now.Add(d)
}

func (g *gateway) set(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f()
}

func (g *gateway) count(part string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls[part]
}

// RoundTrip answers without a network.
func (g *gateway) RoundTrip(r *http.Request) (*http.Response, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.down {
		return nil, errors.New("connection refused at 10.0.0.1")
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	g.serve(w, r)
	return w.Result(), nil
}

func (g *gateway) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	g.seen, g.bodies = append(g.seen, r), append(g.bodies, string(body))
	code := g.problem(r, body)
	answer := j{"code": code, "message": "canary", "data": j{}}
	switch {
	case code != "01":
	case strings.HasSuffix(r.URL.Path, "/init"):
		g.calls["init"]++
		g.txn = fmt.Sprintf("%x-0000-4000-8000-000000000000", rand.Text()[:8])
		answer["data"] = j{"txnId": g.txn, "more": true}
	case strings.HasSuffix(r.URL.Path, "/share-info/status/"+g.txn):
		g.calls["status"]++
		data := j{"status": g.state}
		if g.state == "SUCCESS" {
			for name, value := range g.person {
				data[name] = value
			}
		}
		answer["data"] = data
	default:
		answer["code"] = "03"
	}
	if g.edit != nil {
		g.edit(answer)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(g.status)
	_ = json.NewEncoder(w).Encode(answer)
}

// problem checks a call as the gateways' own texts say.
func (g *gateway) problem(r *http.Request, body []byte) string {
	get := func(name string) string { return headerOf(r, name) }
	at, err := time.ParseInLocation("02012006150405", get("request_time"), time.FixedZone("", 7*3600))
	stamp, _ := strconv.ParseInt(r.Header.Get("X-Timestamp"), 10, 64)
	sum := sha256.Sum256(body)
	mac := hmac.New(sha256.New, []byte(partner))
	io.WriteString(mac, strings.Join([]string{r.Method, r.URL.RequestURI(), r.Header.Get("X-Timestamp"), r.Header.Get("X-Nonce"), hex.EncodeToString(sum[:])}, "\n"))
	switch {
	case len(get("request_id")) != 36 || err != nil || at.Sub(g.now).Abs() > time.Second:
		return "02"
	case get("client-id") != "bank" || get("client-secret") != "clients-key-of-a-test":
		return "00"
	case r.Header.Get("X-Partner-Code") == "":
		return "20"
	case r.Header.Get("X-Partner-Code") != "PARTNER":
		return "25"
	case time.Unix(stamp, 0).Sub(g.now).Abs() > time.Minute:
		return "23"
	case g.nonces[r.Header.Get("X-Nonce")]:
		return "24"
	case r.Header.Get("X-Signature") != hex.EncodeToString(mac.Sum(nil)):
		return "26"
	}
	g.nonces[r.Header.Get("X-Nonce")] = true
	return "01"
}

// headerOf finds a header by its name as it was written, which has an underscore.
func headerOf(r *http.Request, name string) string {
	if v := r.Header[name]; len(v) == 1 {
		return v[0]
	}
	return ""
}

func (g *gateway) client(edits ...func(*Config)) *Client {
	g.t.Helper()
	cfg := Config{
		Gateway: host, Code: "TCDN-1", ClientID: "bank", ClientSecret: "clients-key-of-a-test", Link: "https://link.example/share/",
		Partner: "PARTNER", PartnerSecret: []byte(partner), WebhookSecret: []byte(webhooks), HTTP: &http.Client{Transport: g}, Now: g.clock,
	}
	for _, edit := range edits {
		edit(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		g.t.Fatal(err)
	}
	return c
}

func request() share.Request {
	return share.Request{
		Documents: []share.Want{
			{Kind: document.Identity, Claims: []share.Claim{{Name: "id"}, {Name: "name"}, {Name: "birth"}, {Name: "email", Optional: true}}},
			{Kind: document.CitizenCard, Claims: []share.Claim{{Name: "card_issued"}, {Name: "card_expires"}, {Name: "residence"}}, Optional: true},
		},
		Purpose: share.Purpose{Code: "onboarding", VI: "Mở tài khoản thanh toán", EN: "Opening a payment account"}, RetentionDays: 30, Store: true,
	}
}

func (g *gateway) begin(c *Client) *Session {
	g.t.Helper()
	_, s, err := c.Begin(context.Background(), request(), citizen)
	if err != nil {
		g.t.Fatal(err)
	}
	return s
}

func (g *gateway) callback(result string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return "transactionCode=" + g.txn + "%7C" + result
}

func refusedAs(t testing.TB, err error, want vneid.Kind) {
	t.Helper()
	var found []vneid.Kind
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) {
			found = append(found, k)
		}
	}
	if len(found) != 1 || found[0] != want {
		t.Errorf("%v is %v, want %v", err, found, want)
	}
	if err != nil && (!strings.HasPrefix(err.Error(), "licensed: ") || strings.Count(err.Error(), ": licensed: ") > 0 || strings.Contains(err.Error(), "share: ")) {
		t.Errorf("the prefix of %q", err)
	}
	for _, leak := range []string{citizen, "canary", "Mẫu", "secret", "10.0.0.1"} {
		if err != nil && strings.Contains(err.Error(), leak) {
			t.Errorf("%q has %q", err, leak)
		}
	}
}
