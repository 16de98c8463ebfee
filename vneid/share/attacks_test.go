package share

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// attack is a forged or borrowed answer. It counts because it is shown in a pair: the
// check stops it, and with that one check taken out it succeeds. The unchanged answer
// passes first, in the same place.
type attack struct {
	name  string
	check string     // what stops it
	kind  vneid.Kind // as what
	do    func(w *world, v *Verifier, s *spec, want *Expect)
}

var attacks = []attack{
	{"an envelope by a key of no platform", "envelope signature", vneid.ErrSignature, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		s.envelopeKey = &key{w.platform.id, w.stranger.priv}
	}},
	{"an envelope by the platform's key for receipts", "envelope signature", vneid.ErrUntrusted, func(w *world, _ *Verifier, s *spec, _ *Expect) { s.envelopeKey = w.receipt }},
	{"another platform's envelope", "envelope issuer", vneid.ErrUntrusted, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.envelope["iss"] = "https://other.example" }},
	{"a receipt by a key of no platform", "receipt signature", vneid.ErrSignature, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		s.receiptKey = &key{w.receipt.id, w.stranger.priv}
	}},
	{"another platform's receipt", "receipt issuer", vneid.ErrUntrusted, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.receipt["iss"] = "https://other.example" }},
	{"a licence by a key of no police", "document signature", vneid.ErrSignature, func(w *world, _ *Verifier, s *spec, _ *Expect) { s.papers[1].key = w.stranger }},
	{"a licence by the insurance", "kinds", vneid.ErrUntrusted, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		p := s.papers[1]
		p.key, p.open["iss"], p.open["status"] = w.insurance, insurance, j{"status_list": j{"idx": 1, "uri": healthURI}}
	}},
	{"another client's answer", "audience", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.envelope["aud"] = "another" }},
	{"an answer of another transaction", "txn", vneid.ErrMismatch, func(_ *world, _ *Verifier, _ *spec, want *Expect) { want.Txn = "txn-2" }},
	{"an answer of another grant", "grant", vneid.ErrMismatch, func(_ *world, _ *Verifier, _ *spec, want *Expect) { want.Grant = "grant-2" }},
	{"an answer to another request", "nonce", vneid.ErrMismatch, func(_ *world, _ *Verifier, _ *spec, want *Expect) { want.Nonce = "nonce-2" }},
	{"an answer without a nonce", "nonce", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { delete(s.envelope, "nonce") }},
	{"an answer by another than who logged in", "subject", vneid.ErrMismatch, func(_ *world, _ *Verifier, _ *spec, want *Expect) { want.Subject = "pairwise-2" }},
	{"an answer by another than who was asked", "subject", vneid.ErrMismatch, func(_ *world, _ *Verifier, _ *spec, want *Expect) { want.Request.Subject = "pairwise-2" }},
	{"an old envelope", "time", vneid.ErrExpired, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		s.envelope["iat"], s.envelope["exp"] = w.now.Unix()-3600, w.now.Unix()-3500
		s.envelope["auth_time"], s.envelope["approvals"] = w.now.Unix()-4000, []j{{"by": "self", "at": w.now.Unix() - 3900}}
		s.receipt["iat"] = w.now.Unix() - 3600
		s.receipt["events"] = []j{{"event_type": "decided", "event_state": "given", "event_time": w.now.Unix() - 3900, "by": "self"}}
	}},
	{"an envelope of tomorrow", "time", vneid.ErrNotYetValid, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		s.envelope["iat"], s.envelope["exp"] = w.now.Unix()+86400, w.now.Unix()+86500
	}},
	{"a locked electronic card", "lock", vneid.ErrLocked, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.envelope["eid_locked"] = true }},
	{"a document put in another's place", "digests", vneid.ErrSignature, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		other := *s.papers[0]
		other.hidden = j{"name": "Nguyễn Thị Mẫu", "birth": "1980-05-06", "id": "999180000001"}
		s.after = func(parts j) { parts["documents"].([]string)[0] = other.sign() }
	}},
	{"a document shown with one disclosure less", "digests", vneid.ErrSignature, func(_ *world, _ *Verifier, s *spec, want *Expect) {
		s.papers[2].hidden["valid_until"] = "2026-01-31"
		want.Request.Documents[2].Claims = append(want.Request.Documents[2].Claims, Claim{Name: "valid_until", Optional: true})
		s.envelope["decision"], s.envelope["declined"] = "partial", []j{{"kind": "health-insurance", "claims": []string{"valid_until"}}}
		s.after = func(parts j) {
			docs := parts["documents"].([]string)
			list := strings.SplitAfter(docs[2], "~")
			docs[2] = list[0] + list[1] // number; valid_until is behind it
		}
	}},
	{"documents in another order", "digests", vneid.ErrSignature, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.after = func(parts j) { d := parts["documents"].([]string); d[0], d[1] = d[1], d[0] }
		info := s.purpose()["pii_information"].([]j)
		info[0], info[1] = info[1], info[0]
	}},
	{"a document taken out", "digests", vneid.ErrSignature, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.envelope["decision"], s.envelope["declined"] = "partial", []j{{"kind": "health-insurance"}}
		s.purpose()["pii_information"] = s.purpose()["pii_information"].([]j)[:2]
		s.after = func(parts j) { parts["documents"] = parts["documents"].([]string)[:2] }
	}},
	{"another receipt of the same consent", "receipt digest", vneid.ErrSignature, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		s.after = func(parts j) { s.receipt["jti"] = "r-2"; parts["receipt"] = w.receipt.sign(s.receiptTyp, s.receipt) }
	}},
	{"a document for another client", "document audience", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.papers[1].open["aud"] = "another" }},
	{"a document of another answer to this client", "document txn", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.papers[1].open["txn"] = "txn-0" }},
	{"a document of somebody else", "document subject", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.papers[1].open["sub"] = "pairwise-2" }},
	{"a document that has expired", "document time", vneid.ErrExpired, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		s.papers[0].open["iat"], s.papers[0].open["exp"] = w.now.Unix()-7200, w.now.Unix()-3600
	}},
	{"a document of tomorrow", "document time", vneid.ErrNotYetValid, func(w *world, _ *Verifier, s *spec, _ *Expect) { s.papers[0].open["nbf"] = w.now.Unix() + 3600 }},
	{"a document older than was asked", "max age", vneid.ErrExpired, func(w *world, _ *Verifier, s *spec, _ *Expect) { s.papers[1].open["iat"] = w.now.Unix() - 90000 }},
	{"two documents of one kind", "one of a kind", vneid.ErrMismatch, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		s.papers = append(s.papers, w.paper(document.HealthInsurance, insurance, healthURI, 4, w.insurance, j{"number": "0000000001"}, nil))
		s.purpose()["pii_information"] = append(s.purpose()["pii_information"].([]j), s.info(2))
	}},
	{"a document that nobody asked for", "asked", vneid.ErrMismatch, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		s.papers = append(s.papers, w.paper(document.ElectronicID, police, policeURI, 4, w.police, j{"spouse": "x"}, nil))
		s.purpose()["pii_information"] = append(s.purpose()["pii_information"].([]j), j{"pii_type": "electronic-id", "attributes": []string{"spouse"}})
	}},
	{"a claim that nobody asked for", "asked", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.papers[2].hidden["facility"] = "x"
		s.info(2)["attributes"] = []string{"facility", "number"}
	}},
	{"an answer to a question that nobody asked", "asked", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.papers[1].predicates["age>=21"] = true
		s.info(1)["predicates"] = []string{"age>=18", "age>=21", "licence:B"}
	}},
	{"a claim lost on the way", "accounted", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		delete(s.papers[1].hidden, "classes")
		s.info(1)["attributes"] = []string{"number", "name"}
	}},
	{"partial although all is there", "accounted", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.envelope["decision"] = "partial" }},
	{"declined and yet there", "accounted", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.envelope["decision"], s.envelope["declined"] = "partial", []j{{"kind": "health-insurance"}}
	}},
	{"declined though nobody asked", "accounted", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.envelope["decision"], s.envelope["declined"] = "partial", []j{{"kind": "passport"}}
	}},
	{"without an essential document", "essential", vneid.ErrDenied, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.papers = s.papers[1:]
		s.purpose()["pii_information"] = s.purpose()["pii_information"].([]j)[1:]
		s.envelope["decision"], s.envelope["declined"] = "partial", []j{{"kind": "identity"}}
	}},
	{"without an essential claim", "essential", vneid.ErrDenied, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		delete(s.papers[1].hidden, "number")
		s.info(1)["attributes"] = []string{"name", "classes"}
		s.envelope["decision"], s.envelope["declined"] = "partial", []j{{"kind": "driver-licence", "claims": []string{"number"}}}
	}},
	{"without an essential answer", "essential", vneid.ErrDenied, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		delete(s.papers[1].predicates, "licence:B")
		s.info(1)["predicates"] = []string{"age>=18"}
		s.envelope["decision"], s.envelope["declined"] = "partial", []j{{"kind": "driver-licence", "claims": []string{"licence:B"}}}
	}},
	{"another client's receipt", "receipt audience", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.receipt["aud"] = "another" }},
	{"a receipt that names another controller", "receipt audience", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.purpose()["pii_controller"] = "another" }},
	{"another's receipt", "receipt subject", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.receipt["sub"] = "pairwise-2" }},
	{"a receipt of another transaction", "receipt txn", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.receipt["txn"] = "txn-0" }},
	{"a receipt of another grant", "receipt txn", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.receipt["grant"] = "grant-0" }},
	{"consent to another purpose", "receipt purpose", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.purpose()["purpose"] = "marketing" }},
	{"another legal basis", "receipt basis", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.purpose()["lawful_basis"] = "contract" }},
	{"consent to shorter keeping", "receipt use", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.purpose()["retention_period_days"] = 7 }},
	{"consent to looking and not storing", "receipt use", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.purpose()["processing_method"] = "view" }},
	{"consent to repeating", "receipt use", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.purpose()["collection_method"] = "periodic" }},
	{"consent to less than is there", "receipt categories", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.info(1)["attributes"] = []string{"number", "classes"}
	}},
	{"consent to more than is there", "receipt categories", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.info(2)["attributes"] = []string{"number", "facility"}
	}},
	{"consent to another document", "receipt categories", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.info(2)["pii_type"] = "social-insurance" }},
	{"consent to another question", "receipt categories", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.info(1)["predicates"] = []string{"age>=18", "age>=21"}
	}},
	{"an approval that the receipt lacks", "receipt approvals", vneid.ErrMismatch, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		s.envelope["approvals"] = append(s.envelope["approvals"].([]j), j{"by": "guardian", "relation": "mother", "at": w.now.Unix() - 20, "attested": "registry"})
	}},
	{"a refusal told as an approval", "receipt approvals", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.receipt["events"].([]j)[1]["event_state"] = "refused"
	}},
	{"a receipt from after the answer", "receipt time", vneid.ErrMismatch, func(w *world, _ *Verifier, s *spec, _ *Expect) { s.receipt["iat"] = w.now.Unix() + 5 }},
	{"consent that has ended", "consent time", vneid.ErrExpired, func(w *world, _ *Verifier, s *spec, _ *Expect) { s.purpose()["validity_end"] = w.now.Unix() - 3600 }},
	{"consent that begins tomorrow", "consent time", vneid.ErrNotYetValid, func(w *world, _ *Verifier, s *spec, _ *Expect) { s.purpose()["validity_start"] = w.now.Unix() + 86400 }},
	{"documents of two people, by name", "one person", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.papers[1].hidden["name"] = "Trần Văn Thử" }},
	{"documents of two people, by birth", "one person", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, want *Expect) {
		s.papers[2].hidden["birth"] = "1991-05-06"
		s.info(2)["attributes"] = []string{"number", "birth"}
		want.Request.Documents[2].Claims = append(want.Request.Documents[2].Claims, Claim{Name: "birth"})
	}},
	{"documents of two people, by number", "one person", vneid.ErrMismatch, func(_ *world, _ *Verifier, s *spec, want *Expect) {
		s.papers[2].hidden["id"] = "999190000002"
		s.info(2)["attributes"] = []string{"number", "id"}
		want.Request.Documents[2].Claims = append(want.Request.Documents[2].Claims, Claim{Name: "id"})
	}},
	{"an answer that nobody agreed to", "approvals", vneid.ErrDenied, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.envelope["approvals"], s.receipt["events"] = []j{}, []j{}
	}},
	{"an approval from after the answer", "approval time", vneid.ErrMalformed, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		s.envelope["approvals"] = []j{{"by": "self", "at": w.now.Unix() + 5}}
		s.receipt["events"] = []j{{"event_type": "decided", "event_state": "given", "event_time": w.now.Unix() + 5, "by": "self"}}
	}},
	{"a minor without guardian", "guardian", vneid.ErrDenied, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.papers[0].hidden["birth"] = "2014-05-06"
		s.by(j{"by": "child"})
	}},
	{"a child alone, whatever the date of birth", "guardian", vneid.ErrDenied, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.by(j{"by": "child"}) }},
	{"a minor who calls himself grown up", "guardian", vneid.ErrDenied, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.papers[0].hidden["birth"] = "2014-05-06" }},
	{"a guardian whom nobody attests", "guardian", vneid.ErrDenied, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.papers[0].hidden["birth"] = "2014"
		s.by(j{"by": "child"}, j{"by": "guardian", "relation": "mother"})
	}},
	{"a guardian alone, for a child that has a say", "guardian", vneid.ErrDenied, func(_ *world, _ *Verifier, s *spec, _ *Expect) {
		s.papers[0].hidden["birth"] = "2014-05-06"
		s.by(j{"by": "guardian", "relation": "mother", "attested": "population database"})
	}},
	{"an account of level 1", "level", vneid.ErrLevel, func(_ *world, _ *Verifier, s *spec, want *Expect) {
		s.envelope["acr"], want.Request.Need = "urn:vneid:acr:l1:a3", vneid.Assurance{}
	}},
	{"a login with one factor", "level", vneid.ErrLevel, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.envelope["acr"] = "urn:vneid:acr:l2:a1" }},
	{"a login from long ago", "level", vneid.ErrLevel, func(w *world, _ *Verifier, _ *spec, want *Expect) { want.Request.Need.At = w.now }},
	{"a revoked document", "revoked", vneid.ErrRevoked, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.status(0, policeURI, 5) }},
	{"a document in a state that no list should have", "revoked", vneid.ErrRevoked, func(_ *world, _ *Verifier, s *spec, _ *Expect) { s.status(0, policeURI, 6) }},
	{"a status list on another host", "status host", vneid.ErrUntrusted, func(w *world, _ *Verifier, s *spec, _ *Expect) {
		uri := "https://elsewhere.example/status/1"
		w.lists[uri] = w.policeStatus.sign("statuslist+jwt", w.list(uri, police))
		s.status(0, uri, 0)
	}},
	{"a status list by a key of no police", "status signature", vneid.ErrSignature, func(w *world, _ *Verifier, _ *spec, _ *Expect) {
		w.lists[policeURI] = (&key{w.policeStatus.id, w.stranger.priv}).sign("statuslist+jwt", w.list(policeURI, police))
	}},
	{"a status list by the key for documents", "status signature", vneid.ErrUntrusted, func(w *world, _ *Verifier, _ *spec, _ *Expect) {
		w.lists[policeURI] = w.police.sign("statuslist+jwt", w.list(policeURI, police))
	}},
	{"a status list that names another issuer", "status issuer", vneid.ErrUntrusted, func(w *world, _ *Verifier, _ *spec, _ *Expect) {
		w.lists[policeURI] = w.policeStatus.sign("statuslist+jwt", w.list(policeURI, insurance))
	}},
	{"a status list held back for an hour", "stale", vneid.ErrUnavailable, func(w *world, _ *Verifier, _ *spec, _ *Expect) {
		l := w.list(policeURI, police)
		l["iat"] = w.now.Unix() - 3600
		w.lists[policeURI] = w.policeStatus.sign("statuslist+jwt", l)
	}},
	{"an envelope without kid", "kid", vneid.ErrMalformed, func(w *world, v *Verifier, s *spec, _ *Expect) {
		s.envelopeKey = &key{"", w.platform.priv}
		v.Keys = v.Keys.(keyed).and(trust(platform, UseEnvelope, s.envelopeKey))
	}},
	{"a document without kid", "kid", vneid.ErrMalformed, func(w *world, v *Verifier, s *spec, _ *Expect) {
		s.papers[1].key = &key{"", w.police.priv}
		t := v.Issuers[police]
		t.Keys = t.Keys.(keyed).and(trust(police, UseDocument, s.papers[1].key))
		v.Issuers[police] = t
	}},
}

// status refers document i to another place.
func (s *spec) status(i int, uri string, idx int) {
	s.papers[i].open["status"] = j{"status_list": j{"idx": idx, "uri": uri}}
}

// by says who approved, in envelope and receipt.
func (s *spec) by(list ...j) {
	at := s.envelope["approvals"].([]j)[0]["at"]
	var approvals, events []j
	for _, a := range list {
		approval, event := maps.Clone(a), maps.Clone(a)
		approval["at"], event["event_time"], event["event_type"], event["event_state"] = at, at, "decided", "given"
		approvals, events = append(approvals, approval), append(events, event)
	}
	s.envelope["approvals"], s.receipt["events"] = approvals, events
}

// TestAttacks runs each attack with all checks, and without the one it aims at.
func TestAttacks(t *testing.T) {
	checks := map[string]int{}
	for _, x := range attacks {
		t.Run(x.name, func(t *testing.T) {
			run := func(off string, do bool) (Records, error) {
				w := newWorld()
				v, s, want := w.verifier(), w.answer(), expect()
				if do {
					x.do(w, v, s, &want)
				}
				v.off = off
				return verify(v, s, want)
			}
			if _, err := run("", false); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			r, err := run("", true)
			if err == nil {
				t.Fatalf("succeeded although %s is checked", x.check)
			}
			if k := kindOf(t, err); k != x.kind || !r.IsZero() {
				t.Errorf("%v: %v, want %v", err, k, x.kind)
			}
			if !strings.HasPrefix(err.Error(), "share: ") {
				t.Errorf("no prefix: %v", err)
			}
			if _, err := run(x.check, true); err != nil {
				t.Fatalf("without %s: %v", x.check, err)
			}
			checks[x.check]++
			t.Logf("pair %s: stopped by %s (%v), succeeds without", x.name, x.check, x.kind)
		})
	}
	t.Logf("0 of %d attacks succeed; without their check all do, by %d checks", len(attacks), len(checks))
}

// The status list says suspended: two checks would stop it, each alone.
func TestASuspendedDocumentIsRevoked(t *testing.T) {
	w := newWorld()
	s := w.answer()
	s.status(0, policeURI, 3)
	_, err := verify(w.verifier(), s, expect())
	if kindOf(t, err) != vneid.ErrRevoked || !strings.Contains(err.Error(), "suspended") {
		t.Error(err)
	}
}

func TestAnAnswerPassesOnce(t *testing.T) {
	w := newWorld()
	v := w.verifier()
	bundle := w.answer().bundle()
	if _, err := v.Verify(context.Background(), bundle, expect()); err != nil {
		t.Fatal(err)
	}
	_, err := v.Verify(context.Background(), bundle, expect())
	if kindOf(t, err) != vneid.ErrReplayed {
		t.Error(err)
	}
	v.off = "replay"
	if _, err := v.Verify(context.Background(), bundle, expect()); err != nil {
		t.Error("without the check: ", err)
	}
}

func TestARefusedAnswerIsNotUsedUp(t *testing.T) {
	w := newWorld()
	v := w.verifier()
	bundle := w.answer().bundle()
	wrong := expect()
	wrong.Nonce = "another"
	if _, err := v.Verify(context.Background(), bundle, wrong); err == nil {
		t.Fatal("another nonce")
	}
	w.now = w.now.Add(10 * time.Second)
	if _, err := v.Verify(context.Background(), bundle, expect()); err != nil {
		t.Error(err)
	}
}

func TestApprovalsThatAreEnough(t *testing.T) {
	mother := j{"by": "guardian", "relation": "mother", "attested": "population database"}
	for sentence, c := range map[string]struct {
		birth string
		by    []j
	}{
		"a baby's mother":                   {"2024-05-06", []j{mother}},
		"a child and its mother":            {"2014-05-06", []j{{"by": "child"}, mother}},
		"perhaps a child":                   {"2010", []j{{"by": "child"}, mother}},
		"sixteen":                           {"2010-11-22", []j{{"by": "self"}}},
		"a ward of thirty and its guardian": {"1996-05-06", []j{mother}},
		"the day in Vietnam, not in Utopia": {"2010-11-22", []j{{"by": "self"}}},
	} {
		w := newWorld()
		w.now = time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC) // one o'clock on the 22nd in Vietnam
		w.lists[policeURI] = w.policeStatus.sign("statuslist+jwt", w.list(policeURI, police))
		w.lists[healthURI] = w.insuranceStatus.sign("statuslist+jwt", w.list(healthURI, insurance))
		v, s := w.verifier(), w.answer()
		v.Replay = vneid.NewMemoryReplay(0, v.Now)
		s.papers[0].hidden["birth"] = c.birth
		s.by(c.by...)
		if _, err := verify(v, s, expect()); err != nil {
			t.Errorf("%s: %v", sentence, err)
		}
	}
}
