package licensed

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

func TestATransactionFromTheCallToThePerson(t *testing.T) {
	g := newGateway(t)
	c := g.client()
	link, s, err := c.Begin(t.Context(), request(), citizen)
	if err != nil {
		t.Fatal(err)
	}
	if link != "https://link.example/share/"+g.txn || !s.Expires().Equal(noon.Add(5*time.Minute)) {
		t.Errorf("%q until %v", link, s.Expires())
	}
	if r := g.seen[0]; r.Method != "POST" || r.URL.RequestURI() != defaultInit+"?code=TCDN-1" || g.bodies[0] != `{"citizenPid":"999190000001","serviceCode":"biometric-share-info"}` || headerOf(r, "request_time") != "22112026120000" {
		t.Errorf("%s %s %s %v", r.Method, r.URL, g.bodies[0], r.Header)
	}
	r, err := c.Finish(t.Context(), s, g.callback("1"))
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := r.Get(document.Identity)
	who, err := share.Reveal[paper.Identity](doc)
	if err != nil || who.Name != "Nguyễn Thị Mẫu" || who.ID != citizen || who.Birth.String() != "1990-05-06" || who.Phone != "" || who.Sex != "" {
		t.Errorf("%v: %q", err, who.Birth)
	}
	doc, _ = r.Get(document.CitizenCard)
	card, err := share.Reveal[paper.CitizenCard](doc)
	if err != nil || card.CardIssued.String() != "2024-07-01" || card.Residence.Text != "Phường Ví Dụ, Thành phố Mẫu" || card.ID != "" {
		t.Errorf("%v: %v", err, card.CardIssued)
	}
	if r.Decision() != "partial" || len(r.Declined()) != 1 || r.Txn() != g.txn {
		t.Errorf("%v, %v", r.Decision(), r.Declined())
	}
}

func TestNobodySignedIt(t *testing.T) {
	g := newGateway(t)
	for _, promised := range []vneid.Assurance{{}, {Level: 2, Auth: 3}} {
		c := g.client(func(cfg *Config) { cfg.Assurance = promised })
		r, err := c.Finish(t.Context(), g.begin(c), g.callback("1"))
		if err != nil {
			t.Fatal(err)
		}
		if r.Integrity() != share.TransportOnly || r.Consent() != nil {
			t.Errorf("integrity %v", r.Integrity())
		}
		if err := r.Check(vneid.Assurance{}); !errors.Is(err, vneid.ErrUntrusted) {
			t.Errorf("it passes without being accepted: %v", err)
		}
		err = r.Check(vneid.Assurance{Level: 2}, share.TransportOnly)
		if (err == nil) != (promised.Level == 2) || err != nil && !errors.Is(err, vneid.ErrLevel) {
			t.Errorf("accepted by name, promised %v: %v", promised, err)
		}
	}
}

func TestACallbackIsReadHoweverItIsEscaped(t *testing.T) {
	const txn = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
	for query, want := range map[string]hint{
		"transitionCode=" + txn + "|1": agreed, "transition_code=" + txn + "%7C2": declined, "transactionCode=" + txn + "%257C3": expired,
		"transactionCode=" + txn + "%257c1": agreed, "x=y&transitionCode=" + txn + "%7c1": agreed, "transitionCode=" + txn: noHint,
	} {
		got, h, err := readCallback(query)
		if err != nil || got != txn || h != want {
			t.Errorf("%q: %q, %v, %v", query, got, h, err)
		}
	}
	for _, bad := range []string{
		"", "transitionCode=", "transitionCode=|1", "transitionCode=" + txn + "|4", "transitionCode=" + txn + "|1|1", "transitionCode=" + txn + "%25257C1",
		"transitionCode=" + txn + "|1&transactionCode=" + txn + "|1", "transitionCode=../x|1", "code=" + txn + "|1", "transitionCode=a/b|1", "transitionCode=%zz",
		"transitionCode=" + strings.Repeat("a", 200) + "|1", "transitionCode=" + txn + "|1&transitionCode=" + txn + "|1",
	} {
		if _, _, err := readCallback(bad); !errors.Is(err, vneid.ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// What the callback says is a hint: the gateway's state decides.
func TestTheGatewayDecidesAndNotTheCallback(t *testing.T) {
	for _, a := range []struct {
		state, result string
		want          vneid.Kind // 0: an answer
	}{
		{"SUCCESS", "1", 0}, {"SUCCESS", "2", 0}, {"SUCCESS", "3", 0}, {"success", "1", 0},
		{"PENDING", "1", vneid.ErrUnavailable}, {"PENDING", "2", vneid.ErrUnavailable}, {"PENDING", "3", vneid.ErrUnavailable},
		{"REFUSED", "1", vneid.ErrDenied}, {"EXPIRED", "1", vneid.ErrExpired},
		{"OTHER", "1", vneid.ErrUnavailable}, {"OTHER", "2", vneid.ErrDenied}, {"OTHER", "3", vneid.ErrExpired}, {"", "1", vneid.ErrMalformed},
	} {
		g := newGateway(t)
		c := g.client()
		s := g.begin(c)
		g.state = a.state
		if strings.EqualFold(a.state, "success") {
			g.state = "SUCCESS"
			g.edit = func(answer j) { answer["data"].(j)["status"] = a.state }
		}
		_, err := c.Finish(t.Context(), s, g.callback(a.result))
		if a.want == 0 {
			if err != nil {
				t.Errorf("%s, %s: %v", a.state, a.result, err)
			}
			continue
		}
		refusedAs(t, err, a.want)
		if pending := errors.As(err, new(*share.Pending)); pending != (a.state == "PENDING") {
			t.Errorf("%s, %s: pending: %v", a.state, a.result, pending)
		}
	}
}

func TestEveryCodeHasItsKind(t *testing.T) {
	for code, want := range map[any]vneid.Kind{
		"00": vneid.ErrUntrusted, "02": vneid.ErrUntrusted, "03": vneid.ErrMismatch, "20": vneid.ErrUntrusted, "21": vneid.ErrUnavailable,
		"22": vneid.ErrUntrusted, "23": vneid.ErrNotYetValid, "24": vneid.ErrReplayed, "25": vneid.ErrUntrusted, "26": vneid.ErrUntrusted,
		"27": vneid.ErrUnavailable, "99": vneid.ErrUnavailable, "4005": vneid.ErrExpired, "errorcode4005": vneid.ErrExpired, 99: vneid.ErrUnavailable,
		"canary": vneid.ErrUnavailable,
	} {
		g := newGateway(t)
		c := g.client()
		g.edit = func(answer j) { answer["code"] = code }
		_, _, err := c.Begin(t.Context(), request(), citizen)
		refusedAs(t, err, want)
		g.edit = nil
		s := newGateway(t)
		other := s.client()
		session := s.begin(other)
		s.edit = func(answer j) { delete(answer, "code"); answer["errorCode"] = code }
		_, err = other.Finish(t.Context(), session, s.callback("1"))
		refusedAs(t, err, want)
	}
	g := newGateway(t)
	c := g.client(func(cfg *Config) { cfg.Codes = map[string]vneid.Kind{"77": vneid.ErrLocked} })
	g.edit = func(answer j) { answer["code"] = "77" }
	_, _, err := c.Begin(t.Context(), request(), citizen)
	refusedAs(t, err, vneid.ErrLocked)
}

// What the configuration gets wrong is refused by the gateway of these tests, which
// checks headers and signature by itself.
func TestTheGatewayUnderstandsTheHeaders(t *testing.T) {
	for name, a := range map[string]struct {
		edit func(*Config)
		want vneid.Kind
	}{
		"another secret":         {func(c *Config) { c.ClientSecret = "wrong" }, vneid.ErrUntrusted},
		"no partner":             {func(c *Config) { c.Partner = "" }, vneid.ErrUntrusted},
		"another partner":        {func(c *Config) { c.Partner = "OTHER" }, vneid.ErrUntrusted},
		"another partner secret": {func(c *Config) { c.PartnerSecret = []byte(strings.Repeat("x", 20)) }, vneid.ErrUntrusted},
		"a clock that is off":    {func(c *Config) { c.Now = func() time.Time { return noon.Add(time.Hour) } }, vneid.ErrUntrusted},
		"another way of signing": {func(c *Config) { c.Sign = func(_, _, _, _ string, _ []byte) string { return "x" } }, vneid.ErrUntrusted},
		"another path":           {func(c *Config) { c.InitPath = "/elsewhere" }, vneid.ErrMismatch},
	} {
		g := newGateway(t)
		g.begin(g.client()) // the twin
		_, _, err := newGateway(t).client(a.edit).Begin(t.Context(), request(), citizen)
		refusedAs(t, err, a.want)
		_ = name
	}
}

type attack struct {
	name, check string
	want        vneid.Kind
	run         func(g *gateway, c *Client, s *Session) error
}

var attacks = []attack{
	{"the answer is about somebody else", "person", vneid.ErrMismatch, func(g *gateway, c *Client, s *Session) error {
		g.person["citizenPid"] = "999190000002"
		_, err := c.Finish(context.Background(), s, g.callback("1"))
		return err
	}},
	{"a callback of another transaction", "transaction", vneid.ErrMismatch, func(g *gateway, c *Client, s *Session) error {
		_, err := c.Finish(context.Background(), s, "transactionCode=somebody-elses|1")
		return err
	}},
	{"a session of another client", "session", vneid.ErrMismatch, func(g *gateway, c *Client, s *Session) error {
		p := s.look()
		p.Client = "another"
		_, err := c.Finish(context.Background(), newSession(p), g.callback("1"))
		return err
	}},
	{"an answer after its time", "time", vneid.ErrExpired, func(g *gateway, c *Client, s *Session) error {
		g.advance(5 * time.Minute)
		_, err := c.Finish(context.Background(), s, g.callback("1"))
		return err
	}},
	{"a second request to the same person", "open", vneid.ErrUnavailable, func(g *gateway, c *Client, s *Session) error {
		_, _, err := c.Begin(context.Background(), request(), citizen)
		return err
	}},
}

func TestAttacks(t *testing.T) {
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			run := func(off string) error {
				g := newGateway(t)
				c := g.client()
				s := g.begin(c)
				c.off = off
				return a.run(g, c, s)
			}
			refusedAs(t, run(""), a.want)
			if err := run(a.check); err != nil {
				t.Errorf("without its check: %v", err)
			}
		})
	}
	t.Logf("%d attacks, each with its check and without", len(attacks))
}

func TestWhatTheGatewayGetsWrongIsRefused(t *testing.T) {
	for name, a := range map[string]struct {
		edit func(g *gateway)
		want vneid.Kind
	}{
		"a birth date of another form": {func(g *gateway) { g.person["birthDate"] = "1990-05-06" }, vneid.ErrMalformed},
		"a sex that is none":           {func(g *gateway) { g.person["gender"] = "X" }, vneid.ErrMalformed},
		"a number that is none":        {func(g *gateway) { g.person["citizenPid"] = "1" }, vneid.ErrMalformed},
		"no number":                    {func(g *gateway) { delete(g.person, "citizenPid") }, vneid.ErrMalformed},
		"a name that is a number":      {func(g *gateway) { g.person["fullName"] = 7 }, vneid.ErrMalformed},
		"a name without end":           {func(g *gateway) { g.person["fullName"] = strings.Repeat("a", 2000) }, vneid.ErrMalformed},
		"a name of two lines":          {func(g *gateway) { g.person["fullName"] = "A\nB" }, vneid.ErrMalformed},
		"no name, which is needed":     {func(g *gateway) { g.person["fullName"] = nil }, vneid.ErrDenied},
		"no data":                      {func(g *gateway) { g.edit = func(a j) { a["data"] = "x" } }, vneid.ErrMalformed},
		"an error of its own":          {func(g *gateway) { g.status = 500 }, vneid.ErrUnavailable},
		"too many calls":               {func(g *gateway) { g.status = 429 }, vneid.ErrUnavailable},
		"a redirect":                   {func(g *gateway) { g.status = 302 }, vneid.ErrUnavailable},
		"a refusal without a code":     {func(g *gateway) { g.status = 401; g.edit = func(a j) { delete(a, "code") } }, vneid.ErrUntrusted},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			c := g.client()
			s := g.begin(c)
			a.edit(g)
			_, err := c.Finish(t.Context(), s, g.callback("1"))
			refusedAs(t, err, a.want)
			if name == "no name, which is needed" {
				return
			}
			if again, err := c.Poll(t.Context(), s); err == nil && a.want != vneid.ErrUnavailable {
				t.Errorf("the refusal turned into %v", again)
			}
		})
	}
}

func TestATransactionEndsOnce(t *testing.T) {
	g := newGateway(t)
	c := g.client()
	s := g.begin(c)
	first, err := c.Finish(t.Context(), s, g.callback("1"))
	if err != nil {
		t.Fatal(err)
	}
	g.set(func() { g.state = "REFUSED" })
	g.advance(time.Hour)
	for range 3 {
		r, err := c.Finish(t.Context(), s, g.callback("2"))
		if err != nil || r != first {
			t.Errorf("%v", err)
		}
	}
	if g.count("status") != 1 {
		t.Errorf("%d status calls", g.count("status"))
	}
	if _, _, err := c.Begin(t.Context(), request(), citizen); err != nil {
		t.Errorf("the person can be asked again: %v", err)
	}
	// A refusal stays too.
	other := newGateway(t)
	c = other.client()
	s = other.begin(c)
	other.state = "REFUSED"
	_, err = c.Finish(t.Context(), s, other.callback("2"))
	refusedAs(t, err, vneid.ErrDenied)
	other.state = "SUCCESS"
	_, err = c.Poll(t.Context(), s)
	refusedAs(t, err, vneid.ErrDenied)
}

func TestOnePollerAsksInTheInterval(t *testing.T) {
	g := newGateway(t)
	g.state = "PENDING"
	c := g.client()
	s := g.begin(c)
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), citizen) {
		t.Error("the session has the number")
	}
	for range 20 {
		again := new(Session)
		if err := json.Unmarshal(text, again); err != nil {
			t.Fatal(err)
		}
		_, err := c.Poll(t.Context(), again)
		refusedAs(t, err, vneid.ErrUnavailable)
		_, err = c.Finish(t.Context(), again, g.callback("1")) // not even a storm of callbacks
		refusedAs(t, err, vneid.ErrUnavailable)
	}
	if g.count("status") != 1 {
		t.Errorf("%d status calls", g.count("status"))
	}
	g.set(func() { g.state = "SUCCESS" })
	g.advance(5 * time.Second)
	if _, err := c.Poll(t.Context(), s); err != nil {
		t.Error(err)
	}
}

func TestWaitGoesOnWhileTheGatewayIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(noon))
		g := newGateway(t)
		g.state = "PENDING"
		c := g.client(func(cfg *Config) {
			cfg.Now = func() time.Time { g.set(func() { g.now = time.Now() }); return time.Now() }
		})
		s := g.begin(c)
		go func() {
			time.Sleep(12 * time.Second)
			g.set(func() { g.down = true })
			time.Sleep(40 * time.Second)
			g.set(func() { g.down, g.state = false, "SUCCESS" })
		}()
		if _, err := c.Wait(context.Background(), s); err != nil {
			t.Fatal(err)
		}
		if n := g.count("status"); n < 3 || n > 5 {
			t.Errorf("%d status calls", n)
		}
		g.set(func() { g.state = "PENDING" })
		s = g.begin(c)
		_, err := c.Wait(context.Background(), s)
		refusedAs(t, err, vneid.ErrExpired)
	})
}

// webhook is one of the gateway's.
func webhook(c *Client, body string, edit func(*http.Request)) int {
	r := httptest.NewRequest("POST", "/webhook", strings.NewReader(body))
	mac := hmac.New(sha256.New, []byte(webhooks))
	mac.Write([]byte(body))
	r.Header.Set("X-Webhook-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	r.Header.Set("X-Request-Id", "x")
	if edit != nil {
		edit(r)
	}
	w := httptest.NewRecorder()
	c.Notify().ServeHTTP(w, r)
	return w.Code
}

func TestAWebhookWakesWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(noon))
		g := newGateway(t)
		g.state = "PENDING"
		c := g.client(func(cfg *Config) {
			cfg.Now = func() time.Time { g.set(func() { g.now = time.Now() }); return time.Now() }
		})
		s := g.begin(c)
		began := time.Now()
		go func() {
			time.Sleep(7 * time.Second)
			g.set(func() { g.state = "SUCCESS" })
			for _, attempt := range []string{"1", "1", "2"} { // repeated
				body := fmt.Sprintf(`{"id":"w-1","type":"SHARE_RESULT","attempt":%s,"new":[{}],"data":{"txnId":"%s","status":0,"fullName":"canary"}}`, attempt, g.txn)
				if status := webhook(c, body, nil); status != 200 {
					t.Errorf("%d", status)
				}
			}
		}()
		r, err := c.Wait(context.Background(), s)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 7*time.Second || strings.Contains(fmt.Sprint(r), "canary") {
			t.Errorf("after %v", took)
		}
	})
}

func TestAWebhookThatIsNotOneIsRefused(t *testing.T) {
	g := newGateway(t)
	c := g.client()
	g.begin(c)
	good := fmt.Sprintf(`{"id":7,"attempt":"1","data":{"transactionCode":"%s"}}`, g.txn)
	if status := webhook(c, good, nil); status != 200 {
		t.Fatalf("the twin: %d", status)
	}
	for name, a := range map[string]struct {
		body   string
		edit   func(*http.Request)
		status int
	}{
		"another signature": {good, func(r *http.Request) { r.Header.Set("X-Webhook-Signature", "sha256="+strings.Repeat("0", 64)) }, 400},
		"no signature":      {good, func(r *http.Request) { r.Header.Del("X-Webhook-Signature") }, 400},
		"two signatures":    {good, func(r *http.Request) { r.Header.Add("X-Webhook-Signature", "x") }, 400},
		"another method":    {good, func(r *http.Request) { r.Method = "PUT" }, 405},
		"no id":             {`{"attempt":1}`, nil, 400},
		"no attempt":        {`{"id":"x"}`, nil, 400},
		"no JSON":           {`id=1`, nil, 400},
		"without end":       {`{"id":"` + strings.Repeat("x", 70<<10) + `","attempt":1}`, nil, 400},
	} {
		if status := webhook(c, a.body, a.edit); status != a.status {
			t.Errorf("%s: %d, want %d", name, status, a.status)
		}
	}
	c.off = "webhook-signature"
	if status := webhook(c, `{"id":"forged","attempt":1}`, func(r *http.Request) { r.Header.Del("X-Webhook-Signature") }); status != 200 {
		t.Errorf("without its check: %d", status)
	}
}

func TestWhatTheWireDoesNotCarryIsRefusedBeforeAnybodyIsAsked(t *testing.T) {
	g := newGateway(t)
	c := g.client()
	for name, edit := range map[string]func(*share.Request){
		"a licence": func(r *share.Request) {
			r.Documents[1].Kind = document.DriverLicence
			r.Documents[1].Claims = []share.Claim{{Name: "number"}}
		},
		"a predicate": func(r *share.Request) { r.Documents[0].Predicates = []share.Predicate{share.AgeAtLeast(18)} },
		"a claim that it lacks": func(r *share.Request) {
			r.Documents[0].Claims = append(r.Documents[0].Claims, share.Claim{Name: "passport_number"})
		},
		"again and again": func(r *share.Request) {
			d, _ := vneid.ParseDate("2027-01-01")
			r.Periodic = &share.Period{Until: d, Days: 30}
		},
		"no purpose": func(r *share.Request) { r.Purpose = share.Purpose{} },
	} {
		r := request()
		edit(&r)
		if _, _, err := c.Begin(t.Context(), r, citizen); err == nil || errors.As(err, new(vneid.Kind)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err := c.Begin(t.Context(), request(), "12345")
	refusedAs(t, err, vneid.ErrMalformed)
	if g.count("init") != 0 {
		t.Error("somebody was asked")
	}
}

func TestNothingSecretIsPrinted(t *testing.T) {
	g := newGateway(t)
	c := g.client()
	s := g.begin(c)
	cfg := Config{ClientID: "bank", ClientSecret: "clients-key-of-a-test", PartnerSecret: []byte(partner), WebhookSecret: []byte(webhooks), Gateway: host}
	for _, v := range []any{c, s, cfg, struct{ c *Client }{c}, struct{ s *Session }{s}, []any{c, s}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q"} {
			text := fmt.Sprintf(verb, v)
			for _, secret := range []string{"clients-key-of-a-test", partner, webhooks, citizen, g.txn} {
				if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
					t.Errorf("%T by %s shows %q", v, verb, secret)
				}
			}
		}
	}
	if _, err := json.Marshal(cfg); err == nil {
		t.Error("a Config is encoded")
	}
}

func TestAConfigThatCannotWorkNamesTheField(t *testing.T) {
	for field, edit := range map[string]func(*Config){
		"Gateway is": func(c *Config) { c.Gateway = "http://gateway.example" }, "Gateway has": func(c *Config) { c.Gateway += "/" }, "Link": func(c *Config) { c.Link = "" },
		"Code": func(c *Config) { c.Code = "" }, "ClientID": func(c *Config) { c.ClientID = "" }, "ClientSecret": func(c *Config) { c.ClientSecret = "" },
		"PartnerSecret": func(c *Config) { c.PartnerSecret = nil }, "WebhookSecret": func(c *Config) { c.WebhookSecret = []byte("x") },
		"InitPath": func(c *Config) { c.InitPath = "x" }, "Life": func(c *Config) { c.Life = 2 * time.Hour }, "Interval": func(c *Config) { c.Interval = -1 },
		"Assurance": func(c *Config) { c.Assurance.Level = 3 },
	} {
		g := newGateway(t)
		cfg := Config{Gateway: host, Code: "T", ClientID: "bank", ClientSecret: "s", Link: "https://link.example/", Partner: "P", PartnerSecret: []byte(partner), HTTP: &http.Client{Transport: g}}
		if _, err := New(cfg); err != nil {
			t.Fatalf("the twin: %v", err)
		}
		edit(&cfg)
		if _, err := New(cfg); err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), "licensed: Config.") || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, c := range []*Client{nil, {}} {
		_, _, err := c.Begin(t.Context(), request(), citizen)
		_, err2 := c.Poll(t.Context(), newSession(pending{Txn: "x"}))
		if err == nil || err2 == nil || errors.As(err, new(vneid.Kind)) || errors.As(err2, new(vneid.Kind)) {
			t.Errorf("%v, %v", err, err2)
		}
	}
}

func FuzzCallback(f *testing.F) {
	for _, s := range []string{"transitionCode=a|1", "transition_code=a%7C2", "transactionCode=a%257C3", "", "transitionCode=%", "transitionCode=a|1&transactionCode=b|2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		txn, h, err := readCallback(raw)
		if err != nil {
			if !errors.Is(err, vneid.ErrMalformed) || txn != "" || h != noHint {
				t.Errorf("%q: %q, %v, %v", raw, txn, h, err)
			}
			return
		}
		if txn == "" || url.PathEscape(txn) != txn || strings.ContainsAny(txn, "|/?#%") {
			t.Errorf("%q gives the transaction %q", raw, txn)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add(`{"code":"01","data":{"status":"SUCCESS","citizenPid":"999190000001","fullName":"A","birthDate":"06/05/1990"}}`)
	f.Add(`{"code":1,"data":[]}`)
	f.Add(`{"errorcode":"errorcode4005"}`)
	f.Fuzz(func(t *testing.T, body string) {
		g := newGateway(t)
		c := g.client()
		s := g.begin(c)
		c.http = &http.Client{Transport: answer(body)}
		r, err := c.Finish(t.Context(), s, g.callback("1"))
		if err != nil {
			return
		}
		doc, _ := r.Get(document.Identity)
		if who, err := share.Reveal[paper.Identity](doc); err != nil || who.ID != citizen {
			t.Errorf("%q is an answer about somebody else", body)
		}
	})
}

// answer is what every call gets.
type answer string

func (a answer) RoundTrip(*http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	w.WriteString(string(a))
	return w.Result(), nil
}
