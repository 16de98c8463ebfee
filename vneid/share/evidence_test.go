package share

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// pinned makes the sets of the real package, which can tell their keys.
func pinned(t testing.TB, iss string, use vneid.Use, keys ...*key) *jwks.Static {
	t.Helper()
	var list []jwx.Key
	for _, k := range keys {
		list = append(list, jwx.Key{Public: &k.priv.PublicKey, ID: k.id, Alg: "ES256"})
	}
	doc, err := jwx.Marshal(list...)
	if err != nil {
		t.Fatal(err)
	}
	set, err := jwks.Parse(doc, iss, use, UseReceipt, vneid.UseStatus)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func (w *world) pinnedVerifier(t testing.TB) *Verifier {
	v := w.verifier()
	v.Keys = pinned(t, platform, UseEnvelope, w.platform, w.receipt)
	v.Issuers[police] = Trust{pinned(t, police, UseDocument, w.police, w.policeStatus), v.Issuers[police].Kinds}
	v.Issuers[insurance] = Trust{pinned(t, insurance, UseDocument, w.insurance, w.insuranceStatus), v.Issuers[insurance].Kinds}
	return v
}

// archiveOf takes a good answer and writes it down.
func archiveOf(t testing.TB, w *world) []byte {
	t.Helper()
	r, err := verify(w.pinnedVerifier(t), w.answer(), expect())
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	e.Face = &FaceMatch{Engine: "face 1.2", Reference: "chip-dg2", Score: 0.91, Threshold: 0.8, Liveness: "ISO/IEC 30107-3", LivenessLevel: "2", At: w.now, Operator: "desk 4"}
	until, _ := vneid.NewDate(2031, 12, 31)
	e.Hold = &Hold{"anti-money-laundering", "Law 14/2022/QH15 Art. 38", until}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// later is a verifier years after, which knows the pinned keys and nothing else.
func (w *world) later(t testing.TB) *Verifier {
	v := w.pinnedVerifier(t)
	v.Status, v.Replay, v.Decrypt = nil, nil, nil
	v.Now = func() time.Time { t.Error("the clock of today was asked"); return noon }
	return v
}

func read(b []byte) (e Evidence, err error) { return e, json.Unmarshal(b, &e) }

func TestEvidenceHoldsYearsLater(t *testing.T) {
	w := newWorld()
	b := archiveOf(t, w)
	e, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	r, err := w.later(t).Evidence(context.Background(), e)
	if err != nil {
		t.Fatal(err)
	}
	if r.Subject() != person || !r.Verified().Equal(noon) || len(r.Kinds()) != 3 || r.Receipt().Record != "c-1" || r.Usable() != nil {
		t.Error("not what was archived")
	}
	if c, ok := r.Claims(document.DriverLicence); !ok || !strings.Contains(string(c), "999000000001") {
		t.Errorf("%s", c)
	}
	for q, want := range map[Predicate][2]bool{LicenceIncludes("B"): {true, true}, AgeAtLeast(21): {false, false}} {
		if yes, known := r.Holds(q); yes != want[0] || known != want[1] {
			t.Errorf("%s: %v, %v", q, yes, known)
		}
	}
	vi, en := r.Lines()
	if len(vi) != len(en) || len(vi) < 10 {
		t.Errorf("%d and %d lines", len(vi), len(en))
	}
	text := strings.Join(append(vi, en...), "\n")
	for _, want := range []string{"22/11/2026 12:00:00", "đã được xác thực", "Điều 19.4", "trùng với khóa đã ghim", "among those pinned", "0.91", "31/12/2031", "chip-dg2", "Giấy phép lái xe", "cơ sở là sự đồng ý,", "basis consent,"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, private := range []string{"Nguyễn", "999190000001", "999000000001", "1990"} {
		if strings.Contains(text, private) {
			t.Errorf("%q is in the lines", private)
		}
	}
	at := noon.AddDate(1, 0, 0)
	e.Withdrawn = &at
	r, err = w.later(t).Evidence(context.Background(), e)
	if err != nil || kindOf(t, r.Usable()) != vneid.ErrRevoked {
		t.Error("withdrawn: ", err)
	}
}

func TestEvidenceIsNotTrusted(t *testing.T) {
	change := func(edit func(w *world, e *Evidence)) func(t *testing.T) error {
		return func(t *testing.T) error {
			w := newWorld()
			e, err := read(archiveOf(t, w))
			if err != nil {
				t.Fatal(err)
			}
			v := w.later(t)
			if _, err := v.Evidence(context.Background(), e); err != nil {
				t.Fatal("the twin: ", err)
			}
			edit(w, &e)
			r, err := v.Evidence(context.Background(), e)
			if err == nil || !r.IsZero() {
				t.Fatal("accepted")
			}
			return err
		}
	}
	for name, c := range map[string]struct {
		kind vneid.Kind
		edit func(w *world, e *Evidence)
	}{
		"another moment, later":      {vneid.ErrExpired, func(_ *world, e *Evidence) { e.Verified = e.Verified.AddDate(1, 0, 0) }},
		"another moment, earlier":    {vneid.ErrNotYetValid, func(_ *world, e *Evidence) { e.Verified = e.Verified.AddDate(-1, 0, 0) }},
		"another client":             {vneid.ErrMismatch, func(_ *world, e *Evidence) { e.Client = "another" }},
		"another platform":           {vneid.ErrUntrusted, func(_ *world, e *Evidence) { e.Platform = "https://other.example" }},
		"another transaction":        {vneid.ErrMismatch, func(_ *world, e *Evidence) { e.Txn = "txn-2" }},
		"another nonce":              {vneid.ErrMismatch, func(_ *world, e *Evidence) { e.Nonce = "" }},
		"another person":             {vneid.ErrMismatch, func(_ *world, e *Evidence) { e.Subject = "pairwise-2" }},
		"a document less":            {vneid.ErrSignature, func(_ *world, e *Evidence) { e.Documents = e.Documents[:2] }},
		"documents in another order": {vneid.ErrSignature, func(_ *world, e *Evidence) { e.Documents[0], e.Documents[1] = e.Documents[1], e.Documents[0] }},
		"a request for less": {vneid.ErrMismatch, func(_ *world, e *Evidence) {
			e.Request = json.RawMessage(strings.Replace(string(e.Request), `{"name":"birth","essential":true},`, "", 1))
		}},
		"a request for another purpose": {vneid.ErrMismatch, func(_ *world, e *Evidence) {
			e.Request = json.RawMessage(strings.Replace(string(e.Request), "car-rental", "marketing", 1))
		}},
		"no request":               {vneid.ErrMalformed, func(_ *world, e *Evidence) { e.Request = json.RawMessage(`[]`) }},
		"a stronger need":          {vneid.ErrLevel, func(_ *world, e *Evidence) { e.Need.Auth = 4 }},
		"without its status lists": {vneid.ErrUnavailable, func(_ *world, e *Evidence) { e.Status = nil }},
		"a status list of the day before": {vneid.ErrUnavailable, func(w *world, e *Evidence) {
			l := w.list(policeURI, police)
			l["iat"], l["exp"] = noon.Unix()-86400, noon.Unix()+3600
			e.Status[policeURI] = w.policeStatus.sign("statuslist+jwt", l)
		}},
		"a status list of the day after": {vneid.ErrUnavailable, func(w *world, e *Evidence) {
			l := w.list(policeURI, police)
			l["iat"], l["exp"] = noon.Unix()+86400, noon.Unix()+2*86400
			e.Status[policeURI] = w.policeStatus.sign("statuslist+jwt", l)
		}},
		"forged, with the forger's keys in the archive": {vneid.ErrSignature, func(w *world, e *Evidence) {
			forger := newWorld()
			other, err := read(archiveOf(t, forger))
			if err != nil {
				return
			}
			*e = other
		}},
		"version 2":                   {vneid.ErrMalformed, func(_ *world, e *Evidence) { e.Version = 2 }},
		"a face match without engine": {vneid.ErrMalformed, func(_ *world, e *Evidence) { e.Face.Engine = "" }},
		"a face match with an image":  {vneid.ErrMalformed, func(_ *world, e *Evidence) { e.Face.Operator = strings.Repeat("/9j/", 100) }},
		"a face match with a photo":   {vneid.ErrMalformed, func(_ *world, e *Evidence) { e.Face.Reference = "photo" }},
		"a hold without provision":    {vneid.ErrMalformed, func(_ *world, e *Evidence) { e.Hold.Citation = "" }},
		"a hold without end":          {vneid.ErrMalformed, func(_ *world, e *Evidence) { e.Hold.Until = vneid.Date{} }},
	} {
		t.Run(name, func(t *testing.T) {
			if err := change(c.edit)(t); kindOf(t, err) != c.kind {
				t.Errorf("%v, want %v", err, c.kind)
			}
		})
	}
}

// The archive's keys verify nothing, and the report says when they are others.
func TestArchivedKeysAreOnlyCompared(t *testing.T) {
	w := newWorld()
	e, err := read(archiveOf(t, w))
	if err != nil {
		t.Fatal(err)
	}
	other, err := jwx.Marshal(jwx.Key{Public: &newKey("").priv.PublicKey, ID: "envelope-1"})
	if err != nil {
		t.Fatal(err)
	}
	e.Keys[platform] = other
	delete(e.Keys, police)
	r, err := w.later(t).Evidence(context.Background(), e)
	if err != nil {
		t.Fatal(err)
	}
	_, en := r.Lines()
	text := strings.Join(en, "\n")
	if !strings.Contains(text, "of "+platform+" are NOT those pinned") || !strings.Contains(text, "of "+police+" could not be compared") || !strings.Contains(text, "of "+insurance+" are among") {
		t.Error(text)
	}
}

func TestEvidenceIsReadStrictly(t *testing.T) {
	good := string(archiveOf(t, newWorld()))
	if _, err := read([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"an unknown member":      strings.Replace(good, `"version":1`, `"version":1,"admin":true`, 1),
		"a member twice":         strings.Replace(good, `"version":1`, `"version":1,"txn":"txn-1"`, 1),
		"a member in capitals":   strings.Replace(good, `"txn"`, `"TXN"`, 1),
		"another version":        strings.Replace(good, `"version":1`, `"version":2`, 1),
		"a member of other type": strings.Replace(good, `"documents":[`, `"documents":[1,`, 1),
		"too large":              strings.Replace(good, `"txn":"`, `"txn":"`+strings.Repeat("x", maxEvidence), 1),
		"no object":              "[]",
	} {
		e, err := read([]byte(bad))
		if err == nil || kindOf(t, err) != vneid.ErrMalformed || e.Envelope != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoEvidenceWithoutSignatures(t *testing.T) {
	if e, err := (Records{}).Evidence(); err == nil || e.Envelope != "" {
		t.Error("evidence of no answer")
	}
	if vi, en := (Report{}).Lines(); vi != nil || en != nil || (Report{}).Usable() == nil {
		t.Error("a report of nothing")
	}
}

func TestReportsAndEvidenceHide(t *testing.T) {
	w := newWorld()
	e, err := read(archiveOf(t, w))
	if err != nil {
		t.Fatal(err)
	}
	r, err := w.later(t).Evidence(context.Background(), e)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	log := slog.New(slog.NewJSONHandler(&out, nil))
	log.Info("x", "e", e, "r", r)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		fmt.Fprintf(&out, verb, e)
		fmt.Fprintf(&out, verb, r)
		fmt.Fprintf(&out, verb, []any{r, &r, struct{ r Report }{r}})
	}
	if strings.Contains(out.String(), e.Envelope[:20]) || strings.Contains(out.String(), person) {
		t.Error(out.String())
	}
	if b, err := json.Marshal(r); err == nil {
		t.Errorf("%s", b)
	}
}
