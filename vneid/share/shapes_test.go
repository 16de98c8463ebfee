package share

import (
	"context"
	"crypto/ecdsa"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwe"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Each is signed well by whoever should sign it, and differs from the good answer in
// the one fault.
var misshapen = map[string]struct {
	kind vneid.Kind
	do   func(w *world, s *spec)
}{
	"an envelope of another type":   {vneid.ErrMalformed, func(_ *world, s *spec) { s.envelopeTyp = "JWT" }},
	"an envelope that is a receipt": {vneid.ErrMalformed, func(_ *world, s *spec) { s.after = func(p j) { p["envelope"] = p["receipt"] } }},
	"a receipt that is an envelope": {vneid.ErrSignature, func(_ *world, s *spec) {
		s.after = func(p j) { p["receipt"] = p["envelope"] }
		s.envelope["receipt"] = ""
	}},
	"no envelope":                            {vneid.ErrMalformed, func(_ *world, s *spec) { s.after = func(p j) { delete(p, "envelope") } }},
	"an empty envelope":                      {vneid.ErrMalformed, func(_ *world, s *spec) { s.after = func(p j) { p["envelope"] = "" } }},
	"another part":                           {vneid.ErrMalformed, func(_ *world, s *spec) { s.after = func(p j) { p["more"] = "x" } }},
	"documents that are one text":            {vneid.ErrMalformed, func(_ *world, s *spec) { s.after = func(p j) { p["documents"] = p["documents"].([]string)[0] } }},
	"documents that are numbers":             {vneid.ErrMalformed, func(_ *world, s *spec) { s.after = func(p j) { p["documents"] = []int{1} } }},
	"too many documents":                     {vneid.ErrMalformed, func(_ *world, s *spec) { s.after = func(p j) { p["documents"] = make([]string, 17) } }},
	"an envelope for several parties":        {vneid.ErrMalformed, func(_ *world, s *spec) { s.envelope["aud"] = []string{client} }},
	"an envelope of six minutes":             {vneid.ErrMalformed, func(w *world, s *spec) { s.envelope["exp"] = w.now.Unix() + 301 }},
	"an envelope that ends before it begins": {vneid.ErrMalformed, func(w *world, s *spec) { s.envelope["exp"] = w.now.Unix() }},
	"an envelope without times":              {vneid.ErrMalformed, func(_ *world, s *spec) { delete(s.envelope, "exp") }},
	"an acr that is none":                    {vneid.ErrMalformed, func(_ *world, s *spec) { s.envelope["acr"] = "urn:vneid:acr:l3:a3" }},
	"a login after the answer":               {vneid.ErrMalformed, func(w *world, s *spec) { s.envelope["auth_time"] = w.now.Unix() + 1 }},
	"a decision that is none":                {vneid.ErrMalformed, func(_ *world, s *spec) { s.envelope["decision"] = "denied" }},
	"digests that are one text":              {vneid.ErrMalformed, func(_ *world, s *spec) { s.envelope["documents"] = "x" }},
	"an approval by nobody":                  {vneid.ErrMalformed, func(w *world, s *spec) { s.envelope["approvals"] = []j{{"at": w.now.Unix()}} }},
	"an approval at no time":                 {vneid.ErrMalformed, func(_ *world, s *spec) { s.envelope["approvals"] = []j{{"by": "self"}} }},
	"an account type that is a number":       {vneid.ErrMalformed, func(_ *world, s *spec) { s.envelope["account_type"] = 7 }},
	"a negative sequence":                    {vneid.ErrMalformed, func(_ *world, s *spec) { s.envelope["seq"] = -1 }},
	"nothing of the lock":                    {vneid.ErrMalformed, func(_ *world, s *spec) { delete(s.envelope, "eid_locked") }},
	"a lock that is a word":                  {vneid.ErrLocked, func(_ *world, s *spec) { s.envelope["eid_locked"] = "false" }},
	"declined that is a word":                {vneid.ErrMalformed, func(_ *world, s *spec) { s.envelope["declined"] = "x" }},
	"a time with a fraction":                 {vneid.ErrMalformed, func(w *world, s *spec) { s.envelope["iat"] = float64(w.now.Unix()) + 0.5 }},
	"a receipt of another type":              {vneid.ErrMalformed, func(_ *world, s *spec) { s.receiptTyp = "JWT" }},
	"a receipt of another version":           {vneid.ErrMalformed, func(_ *world, s *spec) { s.receipt["schema_version"] = "2" }},
	"a receipt with two purposes":            {vneid.ErrMalformed, func(_ *world, s *spec) { s.receipt["purposes"] = []j{s.purpose(), s.purpose()} }},
	"a receipt without purpose":              {vneid.ErrMalformed, func(_ *world, s *spec) { s.receipt["purposes"] = []j{} }},
	"a receipt without record":               {vneid.ErrMalformed, func(_ *world, s *spec) { delete(s.receipt, "record_id") }},
	"a receipt without a beginning":          {vneid.ErrMalformed, func(_ *world, s *spec) { delete(s.purpose(), "validity_start") }},
	"a receipt without use":                  {vneid.ErrMalformed, func(_ *world, s *spec) { s.purpose()["processing_method"] = "sell" }},
	"a receipt without mode":                 {vneid.ErrMalformed, func(_ *world, s *spec) { s.purpose()["collection_method"] = "" }},
	"a place in a log without a hash":        {vneid.ErrMalformed, func(_ *world, s *spec) { s.receipt["history"] = j{"position": "00000000000000000007"} }},
	"a place in a log without a number":      {vneid.ErrMalformed, func(_ *world, s *spec) { s.receipt["history"] = j{"head": sum("x")} }},
	"a place before the log":                 {vneid.ErrMalformed, func(_ *world, s *spec) { s.receipt["history"] = j{"position": "0", "head": sum("x")} }},
	"a place in a log that is a bare number": {vneid.ErrMalformed, func(_ *world, s *spec) { s.receipt["history"] = j{"position": 7, "head": sum("x")} }},
	"a place in a log with another hash":     {vneid.ErrMalformed, func(_ *world, s *spec) { s.receipt["history"] = j{"position": "7", "head": "AAAA"} }},
	"a place in a log that is no object":     {vneid.ErrMalformed, func(_ *world, s *spec) { s.receipt["history"] = "7" }},
	"an event that nobody knows":             {vneid.ErrMalformed, func(_ *world, s *spec) { s.receipt["events"].([]j)[0]["event_type"] = "sold" }},
	"a document of another type":             {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[0].typ = "vc+sd-jwt" }},
	"a document of a vct that is none":       {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[0].open["vct"] = "urn:vneid:document:identity:2" }},
	"a document of no issuer that we know":   {vneid.ErrUntrusted, func(_ *world, s *spec) { s.papers[0].open["iss"] = "https://other.example" }},
	"a document for several parties":         {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[0].open["aud"] = []string{client} }},
	"a document without times":               {vneid.ErrMalformed, func(_ *world, s *spec) { delete(s.papers[0].open, "exp") }},
	"a document without status":              {vneid.ErrMalformed, func(_ *world, s *spec) { delete(s.papers[0].open, "status") }},
	"a document with a negative index":       {vneid.ErrMalformed, func(_ *world, s *spec) { s.status(0, policeURI, -1) }},
	"a document past the end of its list":    {vneid.ErrMismatch, func(_ *world, s *spec) { s.status(0, policeURI, 1<<20) }},
	"a document whose list is not there":     {vneid.ErrUnavailable, func(_ *world, s *spec) { s.status(0, police+"/status/9", 0) }},
	"a document without state":               {vneid.ErrMalformed, func(_ *world, s *spec) { delete(s.papers[0].open, "verification") }},
	"a document of a state that is none":     {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[0].open["verification"] = j{"state": "true"} }},
	"a question answered by a word":          {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[1].predicates["age>=18"] = "true" }},
	"an audience that is hidden":             {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[0].hide("aud") }},
	"a transaction that is hidden":           {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[0].hide("txn") }},
	"a subject that is hidden":               {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[0].hide("sub") }},
	"a status that is hidden":                {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[0].hide("status") }},
	"a time that is hidden":                  {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[0].hide("iat") }},
	"a verification that is hidden":          {vneid.ErrMalformed, func(_ *world, s *spec) { s.papers[0].hide("verification") }},
	"a disclosure too many": {vneid.ErrMalformed, func(_ *world, s *spec) {
		s.between = func(d []string) []string { d[0] += disclose("sex", "male") + "~"; return d }
	}},
	"a proof where no key is named": {vneid.ErrMalformed, func(w *world, s *spec) { s.papers[0].proof = w.stranger.sign("kb+jwt", j{"iat": w.now.Unix()}) }},
	"a key without its proof":       {vneid.ErrMalformed, func(w *world, s *spec) { s.papers[0].open["cnf"] = j{"jwk": jwk(&w.stranger.priv.PublicKey)} }},
	"a status list that is not one": {vneid.ErrMalformed, func(w *world, _ *spec) { w.lists[policeURI] = "x" }},
	"a status list of another type": {vneid.ErrMalformed, func(w *world, _ *spec) { w.lists[policeURI] = w.policeStatus.sign("JWT", w.list(policeURI, police)) }},
	"a status list of another URI": {vneid.ErrMismatch, func(w *world, _ *spec) {
		w.lists[policeURI] = w.policeStatus.sign("statuslist+jwt", w.list(policeURI+"0", police))
	}},
	"a status list that has expired": {vneid.ErrUnavailable, func(w *world, _ *spec) {
		w.list2(func(l j) { l["exp"] = w.now.Unix() - 3600; l["iat"] = w.now.Unix() - 7200 })
	}},
	"a status list of tomorrow": {vneid.ErrUnavailable, func(w *world, _ *spec) { w.list2(func(l j) { l["iat"] = w.now.Unix() + 3600 }) }},
	"a status list without ttl": {vneid.ErrMalformed, func(w *world, _ *spec) { w.list2(func(l j) { delete(l, "ttl") }) }},
	"a status list that inflates to ten million": {vneid.ErrMalformed, func(w *world, _ *spec) {
		w.list2(func(l j) { l["status_list"] = j{"bits": 2, "lst": deflate(make([]byte, 10<<20))} })
	}},
}

// hide makes an open claim selectively disclosable.
func (p *paperSpec) hide(name string) {
	p.hidden[name] = p.open[name]
	delete(p.open, name)
}

// list2 signs the police's list anew after a change.
func (w *world) list2(change func(j)) {
	l := w.list(policeURI, police)
	change(l)
	w.lists[policeURI] = w.policeStatus.sign("statuslist+jwt", l)
}

func jwk(k *ecdsa.PublicKey) j {
	return j{"kty": "EC", "crv": "P-256", "x": b64(k.X.FillBytes(make([]byte, 32))), "y": b64(k.Y.FillBytes(make([]byte, 32)))}
}

func TestMisshapenAnswersAreRefused(t *testing.T) {
	for name, c := range misshapen {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			if _, err := verify(w.verifier(), w.answer(), expect()); err != nil {
				t.Fatal("the twin: ", err)
			}
			s := w.answer()
			c.do(w, s)
			v := w.verifier()
			r, err := verify(v, s, expect())
			if err == nil || !r.IsZero() {
				t.Fatal("accepted")
			}
			if k := kindOf(t, err); k != c.kind {
				t.Errorf("%v: %v, want %v", err, k, c.kind)
			}
			for _, private := range []string{"Nguyễn", "999190000001", person, nonce, txn} {
				if strings.Contains(err.Error(), private) {
					t.Errorf("%q is in %v", private, err)
				}
			}
		})
	}
	t.Logf("%d refused", len(misshapen))
}

func TestDocumentsBoundToAKeyNeedItsProof(t *testing.T) {
	holder := newKey("")
	proved := func(change func(j)) error {
		w := newWorld()
		s := w.answer()
		s.papers[0].open["cnf"] = j{"jwk": jwk(&holder.priv.PublicKey)}
		s.between = func(docs []string) []string {
			proof := j{"iat": w.now.Unix(), "aud": client, "nonce": nonce, "sd_hash": sum(docs[0])}
			change(proof)
			docs[0] += holder.sign("kb+jwt", proof)
			return docs
		}
		_, err := verify(w.verifier(), s, expect())
		return err
	}
	if err := proved(func(j) {}); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(j){
		"another party's":    func(p j) { p["aud"] = "another" },
		"another request's":  func(p j) { p["nonce"] = "nonce-2" },
		"another document's": func(p j) { p["sd_hash"] = sum("x") },
	} {
		if err := proved(change); err == nil || kindOf(t, err) != vneid.ErrMismatch {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEncryptedAnswers(t *testing.T) {
	w := newWorld()
	own := newKey("enc-1")
	seal := func(plain []byte, id string, to *key) []byte {
		text, err := jwe.Seal(plain, "vneid-bundle+json", jwe.Recipient{ID: id, Public: &to.priv.PublicKey})
		if err != nil {
			t.Fatal(err)
		}
		return []byte(text)
	}
	v := w.verifier()
	v.Decrypt = []DecryptKey{{"enc-0", newKey("").priv}, {"enc-1", own.priv}}
	plain := w.answer().bundle()
	try := func(b []byte) error { _, err := v.Verify(context.Background(), b, expect()); return err }
	if err := try(seal(plain, "enc-1", own)); err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	for name, b := range map[string][]byte{
		"to a key that we do not have": seal(plain, "enc-2", own),
		"to another key of that name":  seal(plain, "enc-0", own),
		"with a changed byte":          append(seal(plain, "enc-1", own)[:5000], 'A'),
		"neither JSON nor encrypted":   []byte("hello"),
		"nothing":                      nil,
	} {
		err := try(b)
		if err == nil || kindOf(t, err) != vneid.ErrMalformed {
			t.Errorf("%s: %v", name, err)
			continue
		}
		texts[err.Error()] = true
	}
	if len(texts) != 1 {
		t.Errorf("the refusals differ: %v", texts)
	}
	if err := try(plain); kindOf(t, err) != vneid.ErrUntrusted {
		t.Error(err)
	}
	v.off = "encrypted"
	if err := try(w.answer().bundle()); err != nil {
		t.Error("without the check: ", err)
	}
	if err := try(make([]byte, 256<<10+1)); kindOf(t, err) != vneid.ErrMalformed {
		t.Error(err)
	}
}

func TestDocumentsWhoseStatusNobodyAskedFor(t *testing.T) {
	w := newWorld()
	v := w.verifier()
	v.Status = nil
	if _, err := verify(v, w.answer(), expect()); err == nil || !strings.Contains(err.Error(), "Verifier.Status") {
		t.Error(err)
	}
	v.AcceptUnchecked = true
	r, err := verify(v, w.answer(), expect())
	if err != nil {
		t.Fatal(err)
	}
	if d, _ := r.Get(document.Identity); !d.StatusAt().IsZero() {
		t.Error("a status of which nobody knows")
	}
	v.Status = w.lists // with a source all of them are looked up
	s := w.answer()
	s.status(0, policeURI, 5)
	if _, err := verify(v, s, expect()); kindOf(t, err) != vneid.ErrRevoked {
		t.Error(err)
	}
}

func TestAListServesAsLongAsItSaysAndAStatedWhileMore(t *testing.T) {
	w := newWorld()
	v := w.verifier() // ttl 300 s from a minute ago, and fifteen minutes more
	for after, good := range map[time.Duration]bool{0: true, 4 * time.Minute: true, 18*time.Minute + 59*time.Second: true, 19*time.Minute + time.Second: false, 10 * time.Hour: false} {
		w.now = noon.Add(after)
		_, err := verify(v, w.answer(), expect())
		if (err == nil) != good || err != nil && kindOf(t, err) != vneid.ErrUnavailable {
			t.Errorf("after %v: %v", after, err)
		}
	}
	offline := w.verifier()
	offline.MaxStale = 48 * time.Hour
	for after, good := range map[time.Duration]bool{23 * time.Hour: true, 24*time.Hour + time.Second: false} {
		w.now = noon.Add(after)
		_, err := verify(offline, w.answer(), expect())
		if (err == nil) != good || err != nil && kindOf(t, err) != vneid.ErrUnavailable {
			t.Errorf("offline after %v: %v", after, err)
		}
	}
}

func TestAVerifierSaysWhichFieldIsWrong(t *testing.T) {
	w := newWorld()
	for field, change := range map[string]func(*Verifier){
		"Platform": func(v *Verifier) { v.Platform = "" }, "Client": func(v *Verifier) { v.Client = "" }, "Keys": func(v *Verifier) { v.Keys = nil },
		"Issuers": func(v *Verifier) { v.Issuers = nil }, "Skew": func(v *Verifier) { v.Skew = 6 * time.Minute }, "MaxStale": func(v *Verifier) { v.MaxStale = -1 },
		"Issuers has an issuer": func(v *Verifier) { v.Issuers[police] = Trust{} }, "Issuers has a name": func(v *Verifier) { v.Issuers["police"] = v.Issuers[police] },
		"Issuers has a kind": func(v *Verifier) { v.Issuers[police] = Trust{v.Keys, []document.Kind{document.Biometrics}} },
		"Decrypt":            func(v *Verifier) { v.Decrypt = []DecryptKey{{"1", nil}} },
	} {
		v := w.verifier()
		change(v)
		err := v.Check()
		if err == nil || !strings.HasPrefix(err.Error(), "share: Verifier."+field) {
			t.Errorf("%s: %v", field, err)
		}
		if _, err := verify(v, w.answer(), expect()); err == nil {
			t.Errorf("%s: verifies", field)
		}
	}
	v := w.verifier()
	v.Replay = nil
	if _, err := verify(v, w.answer(), expect()); err == nil || !strings.Contains(err.Error(), "Verifier.Replay") {
		t.Error(err)
	}
	if _, err := (&Verifier{}).Verify(context.Background(), nil, Expect{}); err == nil {
		t.Error("the zero Verifier verifies")
	}
}

func TestPartsThatWereDeclined(t *testing.T) {
	w := newWorld()
	s := w.answer()
	s.papers = s.papers[:2]
	s.purpose()["pii_information"] = s.purpose()["pii_information"].([]j)[:2]
	delete(s.papers[1].hidden, "classes")
	s.info(1)["attributes"] = []string{"name", "number"}
	s.envelope["decision"] = "partial"
	s.envelope["declined"] = []j{{"kind": "driver-licence", "claims": []string{"classes"}}, {"kind": "health-insurance", "claims": []string{"number"}}}
	r, err := verify(w.verifier(), s, expect())
	if err != nil || r.Decision() != "partial" || len(r.Declined()) != 2 {
		t.Fatal(err, r.Declined())
	}
	if _, ok := r.Get(document.HealthInsurance); ok {
		t.Error("a document that is not there")
	}
	// All of it was optional, and nothing is left: an answer all the same.
	want := expect()
	want.Request.Documents = []Want{{Kind: document.Passport, Optional: true, Claims: []Claim{{Name: "number"}}}}
	s = w.answer()
	s.papers, s.documents = nil, []string{}
	s.purpose()["pii_information"] = []j{}
	s.envelope["decision"], s.envelope["declined"] = "partial", []j{{"kind": "passport", "claims": []string{"number"}}}
	if r, err := verify(w.verifier(), s, want); err != nil || len(r.Documents()) != 0 || r.IsZero() {
		t.Error(err)
	}
}

func TestALawStandsInForConsent(t *testing.T) {
	w := newWorld()
	s, want := w.answer(), expect()
	want.Request.Basis = Basis{BasisLaw, "Law 26/2023/QH15 Art. 11"}
	s.purpose()["lawful_basis"], s.purpose()["lawful_basis_citation"] = "law", "Law 26/2023/QH15 Art. 11"
	s.envelope["approvals"], s.receipt["events"] = []j{}, []j{}
	if _, err := verify(w.verifier(), s, want); err != nil {
		t.Error(err)
	}
}
