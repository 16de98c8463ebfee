package share

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// rounds is how many mutations each of the two tests makes: 1,000, or half of what
// VNEID_MUTATIONS says.
func rounds(t *testing.T) int {
	t.Helper()
	if s := os.Getenv("VNEID_MUTATIONS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal("VNEID_MUTATIONS is no number")
		}
		return n / 2
	}
	return 1_000
}

// who signed something.
type who int

const (
	owner     who = iota // whose it is to sign
	stranger             // somebody else, under the owner's kid
	neighbour            // another key of the same party, for another use
)

// situation is an answer as numbers and words, drawn at random; which verdict it
// deserves is written below without a look at the verifier. Times are seconds after
// now.
type situation struct {
	envKey                            who
	iss, aud, sub, txn, grant, nonce  string
	iat, life, auth                   int
	level, factors                    int
	decision                          string
	locked                            bool
	swapped, dropped, foreign, rewrit bool // documents; the receipt
	approvedAt                        int
	approvedBy                        string // "" nobody

	recKey                                  who
	recIss, recAud, recSub, recTxn, recCode string
	recVersion                              string
	recDays, recAt, recStart, recEnd        int
	recLess, recMore, recOther              bool // categories; another approval

	docs [3]docSituation

	listKey         who
	listAge, listTo int
	listURI         string

	need int // authentication level
}

type docSituation struct {
	key           who
	iss, kind     string
	aud, txn, sub string
	iat, exp, nbf int
	state         string
	idx           int
	more, bent    bool // a claim, a disclosure too many
	lost, told    bool // something missing, and said to be
	name, birth   string
}

func fine() situation {
	s := situation{
		iss: platform, aud: client, sub: person, txn: txn, grant: grant, nonce: nonce, life: 300, auth: -30, level: 2, factors: 3, approvedAt: -20, approvedBy: "self",
		recIss: platform, recAud: client, recSub: person, recTxn: txn, recCode: "car-rental", recVersion: "urn:vneid:consent-receipt:1", recDays: 30, recStart: -20,
		listAge: 60, listTo: 86400, listURI: policeURI, need: 2,
	}
	for i := range s.docs {
		s.docs[i] = docSituation{iss: police, aud: client, txn: txn, sub: person, exp: 86400, nbf: -10, state: "verified", idx: i, birth: "1990-05-06"}
	}
	s.docs[0].kind, s.docs[1].kind, s.docs[2].kind = "identity", "driver-licence", "health-insurance"
	s.docs[0].name, s.docs[1].name, s.docs[2].iss = "Nguyễn Thị Mẫu", "NGUYỄN THỊ MẪU", insurance
	return s
}

// draw changes one to three things of a good answer.
func draw(rng *rand.Rand) situation {
	s := fine()
	word := func(to *string, list ...string) func() { return func() { *to = list[rng.IntN(len(list))] } }
	near := func(to *int, at, spread int) func() { return func() { *to = at + rng.IntN(2*spread+1) - spread } }
	yes := func(to *bool) func() { return func() { *to = true } }
	key := func(to *who) func() { return func() { *to = who(1 + rng.IntN(2)) } }
	changes := []func(){
		key(&s.envKey), word(&s.iss, "", "https://other.example", platform+"/"), word(&s.aud, "", "another", client+" "), word(&s.sub, "pairwise-2"),
		word(&s.txn, "txn-2", "txn-1x"), word(&s.grant, "grant-2"), word(&s.nonce, "", "nonce-2"), near(&s.iat, 60, 5), near(&s.iat, -360, 5), near(&s.life, 300, 3), near(&s.life, 0, 3),
		near(&s.auth, 0, 3), func() { s.level = rng.IntN(4) }, func() { s.factors = rng.IntN(6) }, word(&s.decision, "partial", "denied", "approved"), yes(&s.locked),
		yes(&s.swapped), yes(&s.dropped), yes(&s.foreign), yes(&s.rewrit), near(&s.approvedAt, 0, 3), word(&s.approvedBy, "", "guardian", "child", "robot"),
		key(&s.recKey), word(&s.recIss, "https://other.example"), word(&s.recAud, "another"), word(&s.recSub, "pairwise-2"), word(&s.recTxn, "txn-2"), word(&s.recCode, "marketing", ""),
		word(&s.recVersion, "", "2"), func() { s.recDays = rng.IntN(60) }, near(&s.recAt, 0, 3), near(&s.recStart, 60, 4), func() { s.recEnd = rng.IntN(200) - 160 }, yes(&s.recLess), yes(&s.recMore), yes(&s.recOther),
		key(&s.listKey), near(&s.listAge, 1200, 8), near(&s.listTo, 0, 4), word(&s.listURI, policeURI+"0", healthURI), func() { s.need = rng.IntN(5) },
	}
	for i := range s.docs {
		d := &s.docs[i]
		changes = append(changes,
			key(&d.key), word(&d.iss, insurance, police, "https://other.example"), word(&d.kind, "identity", "driver-licence", "passport", "biometrics"), word(&d.aud, "another"),
			word(&d.txn, "txn-0"), word(&d.sub, "pairwise-2"), near(&d.iat, 60, 4), func() { d.iat = -86390 - rng.IntN(20) }, near(&d.exp, -60, 4), near(&d.nbf, 60, 4), word(&d.state, "", "pending", "unverified", "true"),
			func() { d.idx = rng.IntN(8) }, yes(&d.more), yes(&d.bent), func() { d.lost = true; d.told = rng.IntN(2) == 0 }, word(&d.name, "Trần Văn Thử", "Nguyen Thi Mau", "nguyễn thị mẫu"), word(&d.birth, "1990", "1990-05", "1991-05-06", "2015-05-06"),
		)
	}
	for range 1 + rng.IntN(3) {
		changes[rng.IntN(len(changes))]()
	}
	return s
}

var lostClaim = [3]string{"birth", "classes", "number"} // the second one is optional, and so is the third document

// claims of document i, and those of them that are there.
func (s *situation) claims(i int) []string {
	all := [3][]string{{"name", "birth", "id"}, {"number", "name", "classes"}, {"number"}}[i]
	var out []string
	for _, name := range all {
		if !(s.docs[i].lost && name == lostClaim[i]) {
			out = append(out, name)
		}
	}
	if s.docs[i].more {
		out = append(out, "spouse")
	}
	return out
}

// there reports whether document i is: one without any claim is not.
func (s *situation) there(i int) bool { return !(i == 2 && s.docs[i].lost && !s.docs[i].more) }

// deserves is the rule table: what the package comment promises, first rule first. ""
// is accepted.
func (s *situation) deserves() string {
	type rule struct {
		breaks bool
		want   vneid.Kind
	}
	var rules []rule
	add := func(breaks bool, want vneid.Kind) { rules = append(rules, rule{breaks, want}) }
	signed := func(w who) { add(w == stranger, vneid.ErrSignature); add(w == neighbour, vneid.ErrUntrusted) }

	add(s.iss != platform, vneid.ErrUntrusted)
	signed(s.envKey)
	add(s.level < 1 || s.level > 2 || s.factors < 1 || s.factors > 4 || s.decision != "" && s.decision != "approved" && s.decision != "partial", vneid.ErrMalformed)
	add(s.life <= 0 || s.life > 300 || s.auth > s.iat || s.approvedBy == "robot", vneid.ErrMalformed)
	add(s.aud != client || s.txn != txn || s.grant != grant || s.nonce != nonce, vneid.ErrMismatch)
	add(s.sub != person, vneid.ErrMismatch) // the request names who may answer
	add(s.iat > 60, vneid.ErrNotYetValid)
	add(s.iat+s.life <= -60, vneid.ErrExpired)
	add(s.locked, vneid.ErrLocked)
	add(s.swapped || s.dropped || s.foreign || s.rewrit, vneid.ErrSignature)

	add(s.recIss != platform, vneid.ErrUntrusted)
	signed(s.recKey)
	add(s.recVersion != "urn:vneid:consent-receipt:1", vneid.ErrMalformed)
	add(s.recAud != client || s.recSub != s.sub || s.recTxn != s.txn || s.recCode != "car-rental" || s.recDays != 30 || s.recOther, vneid.ErrMismatch)
	add(s.recAt > s.iat, vneid.ErrMismatch)
	add(s.recStart > 60, vneid.ErrNotYetValid)
	add(s.recEnd != 0 && s.recEnd <= -60, vneid.ErrExpired)

	for i, d := range s.docs {
		if !s.there(i) {
			continue
		}
		may := map[string][]string{police: {"identity", "driver-licence", "electronic-id"}, insurance: {"health-insurance"}}[d.iss]
		allowed := false
		for _, kind := range may {
			allowed = allowed || kind == d.kind
		}
		add(!allowed, vneid.ErrUntrusted)
		add(d.key == neighbour, vneid.ErrUntrusted)
		// Whoever signed had the key of the document's proper issuer.
		add(d.key == stranger, vneid.ErrSignature)
		add((d.iss == insurance) != (i == 2), vneid.ErrUntrusted)
		add(d.bent || d.exp <= d.iat, vneid.ErrMalformed)
		add(d.aud != client || d.txn != s.txn || d.sub != s.sub, vneid.ErrMismatch)
		add(max(d.iat, d.nbf) > 60, vneid.ErrNotYetValid)
		add(d.exp <= -60, vneid.ErrExpired)
		add(d.state != "verified" && d.state != "pending" && d.state != "unverified", vneid.ErrMalformed)
		for n := range i {
			add(s.there(n) && s.docs[n].kind == d.kind, vneid.ErrMismatch)
		}
	}
	// By now every document is of the kind that stands at its place, or of one that
	// nobody asked for.
	kinds := [3]string{"identity", "driver-licence", "health-insurance"}
	silent, partial := false, false
	for i, d := range s.docs {
		if !s.there(i) {
			partial, silent = true, silent || !d.told
			continue
		}
		add(d.kind != kinds[i] || d.more, vneid.ErrMismatch)
		add(i == 1 && d.iat < -86400, vneid.ErrExpired)
		if d.lost {
			partial, silent = true, silent || !d.told
		}
	}
	stated := partial // as what the envelope says it is
	if s.decision != "" {
		stated = s.decision == "partial"
	}
	add(silent || stated != partial, vneid.ErrMismatch)
	add(s.docs[0].lost, vneid.ErrDenied)
	add(s.recLess || s.recMore, vneid.ErrMismatch)
	add(s.docs[0].name == "Trần Văn Thử" != (s.docs[1].name == "Trần Văn Thử"), vneid.ErrMismatch)
	add(s.approvedBy == "" || s.approvedBy == "child", vneid.ErrDenied)
	add(s.approvedAt > s.iat, vneid.ErrMalformed)
	add(s.docs[0].birth == "2015-05-06", vneid.ErrDenied) // a child, and no guardian whom somebody attests
	add(s.level < 2 || s.factors < s.need, vneid.ErrLevel)
	for i, d := range s.docs {
		if !s.there(i) {
			continue
		}
		if i < 2 {
			signed(s.listKey)
			add(s.listURI != policeURI, vneid.ErrMismatch)
			add(s.listTo <= -s.listAge, vneid.ErrMalformed)
			add(s.listAge > 1200 || s.listTo < 0, vneid.ErrUnavailable)
		}
		add(d.idx == 3 || d.idx == 5 || d.idx == 6, vneid.ErrRevoked)
	}
	for _, r := range rules {
		if r.breaks {
			return r.want.Error()
		}
	}
	return ""
}

func (w *world) by(who who, own, other *key) *key {
	switch who {
	case stranger:
		return &key{own.id, w.stranger.priv}
	case neighbour:
		return other
	}
	return own
}

// make signs the situation.
func (s *situation) make(w *world) ([]byte, Expect) {
	now := w.now.Unix()
	at := func(n int) int64 { return now + int64(n) }
	a, want := w.answer(), expect()
	want.Request.Subject, want.Request.Need = person, vneid.Assurance{Auth: vneid.AuthLevel(s.need)}
	a.envelopeKey, a.receiptKey = w.by(s.envKey, w.platform, w.receipt), w.by(s.recKey, w.receipt, w.platform)
	e := a.envelope
	e["iss"], e["aud"], e["sub"], e["txn"], e["grant"], e["nonce"] = s.iss, s.aud, s.sub, s.txn, s.grant, s.nonce
	e["iat"], e["exp"], e["auth_time"], e["eid_locked"] = at(s.iat), at(s.iat+s.life), at(s.auth), s.locked
	e["acr"] = fmt.Sprintf("urn:vneid:acr:l%d:a%d", s.level, s.factors)
	e["approvals"] = []j{}
	if s.approvedBy != "" {
		e["approvals"] = []j{{"by": s.approvedBy, "at": at(s.approvedAt)}}
	}
	s.papers(w, a)
	s.receipt(a, at)
	if s.decision != "" {
		e["decision"] = s.decision
	}
	docs := a.papers
	a.after = func(parts j) {
		list := parts["documents"].([]string)
		if s.foreign {
			list[0] = docs[0].sign() // the same claims, and other salts
		}
		if s.swapped {
			list[0], list[1] = list[1], list[0]
		}
		if s.dropped {
			parts["documents"] = list[1:]
		}
		if s.rewrit {
			parts["receipt"] = a.receiptKey.sign(a.receiptTyp, a.receipt)
		}
	}
	list := w.list(s.listURI, police)
	list["iat"], list["exp"] = at(-s.listAge), at(s.listTo)
	w.lists[policeURI] = w.by(s.listKey, w.policeStatus, w.police).sign("statuslist+jwt", list)
	return a.bundle(), want
}

func (s *situation) papers(w *world, a *spec) {
	now := w.now.Unix()
	var declined []j
	var papers []*paperSpec
	partial := false
	for i, p := range a.papers {
		d := s.docs[i]
		p.key = w.by(d.key, p.key, map[bool]*key{true: w.insuranceStatus, false: w.policeStatus}[i == 2])
		uri := policeURI
		if i == 2 {
			uri = healthURI
		}
		p.open["iss"], p.open["vct"], p.open["aud"], p.open["txn"], p.open["sub"] = d.iss, "urn:vneid:document:"+d.kind+":1", d.aud, d.txn, d.sub
		p.open["iat"], p.open["exp"], p.open["nbf"] = now+int64(d.iat), now+int64(d.exp), now+int64(d.nbf)
		p.open["verification"], p.open["status"] = j{"state": d.state}, j{"status_list": j{"idx": d.idx, "uri": uri}}
		if _, has := p.hidden["name"]; has {
			p.hidden["name"] = d.name
		}
		if _, has := p.hidden["birth"]; has {
			p.hidden["birth"] = d.birth
		}
		if d.lost {
			delete(p.hidden, lostClaim[i])
			partial = true
			if d.told {
				declined = append(declined, j{"kind": []string{"identity", "driver-licence", "health-insurance"}[i], "claims": []string{lostClaim[i]}})
			}
		}
		if d.more {
			p.hidden["spouse"] = "x"
		}
		if d.bent {
			p.proof = disclose("sex", "female") + "~"
		}
		if s.there(i) {
			papers = append(papers, p)
		}
	}
	a.papers = papers
	if partial {
		a.envelope["decision"] = "partial"
	}
	if declined != nil {
		a.envelope["declined"] = declined
	}
}

func (s *situation) receipt(a *spec, at func(int) int64) {
	r, p := a.receipt, a.purpose()
	r["iss"], r["aud"], r["sub"], r["txn"], r["grant"], r["iat"], r["schema_version"] = s.recIss, s.recAud, s.recSub, s.recTxn, s.grant, at(s.recAt), s.recVersion
	p["purpose"], p["retention_period_days"], p["validity_start"] = s.recCode, s.recDays, at(s.recStart)
	if s.recEnd != 0 {
		p["validity_end"] = at(s.recEnd)
	}
	var info []j
	for i, d := range s.docs {
		if s.there(i) {
			one := j{"pii_type": d.kind, "attributes": s.claims(i)}
			if i == 1 {
				one["predicates"] = []string{"age>=18", "licence:B"}
			}
			info = append(info, one)
		}
	}
	if s.recLess {
		info = info[:1]
	}
	if s.recMore {
		info = append(info, j{"pii_type": "passport", "attributes": []string{"number"}})
	}
	p["pii_information"] = info
	r["events"] = []j{}
	if s.approvedBy != "" {
		r["events"] = []j{{"event_type": "decided", "event_state": "given", "event_time": at(s.approvedAt), "by": s.approvedBy}}
	}
	if s.recOther {
		r["events"] = append(r["events"].([]j), j{"event_type": "decided", "event_state": "given", "event_time": at(-25), "by": "child"})
	}
}

func TestResignedAnswersGetTheVerdictOfTheRuleTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2026))
	w := newWorld()
	v := w.verifier()
	verdicts, refused := map[string]int{}, 0
	for refused < rounds(t) {
		s := draw(rng)
		want := s.deserves()
		bundle, expected := s.make(w)
		r, err := v.Verify(context.Background(), bundle, expected)
		got := ""
		if err != nil {
			got = kindOf(t, err).Error()
			refused++
		}
		if got != want || r.IsZero() != (err != nil) {
			t.Fatalf("%q (%v), want %q: %+v", got, err, want, s)
		}
		verdicts[got]++
	}
	t.Logf("%d signed anew and refused as they deserve, %d that deserve it pass: %v", refused, verdicts[""], verdicts)
	for _, k := range []vneid.Kind{vneid.ErrMalformed, vneid.ErrSignature, vneid.ErrUntrusted, vneid.ErrExpired, vneid.ErrNotYetValid, vneid.ErrMismatch, vneid.ErrLevel, vneid.ErrLocked, vneid.ErrRevoked, vneid.ErrDenied, vneid.ErrUnavailable} {
		if verdicts[k.Error()] == 0 {
			t.Errorf("nothing deserved %q", k)
		}
	}
	if verdicts[""] == 0 {
		t.Error("nothing deserved to pass")
	}
}

func TestNoChangeToAnAnswerPasses(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 2026))
	w := newWorld()
	v := w.verifier()
	v.Replay = unlimited{}
	bundle := string(w.answer().bundle())
	if _, err := v.Verify(context.Background(), []byte(bundle), expect()); err != nil {
		t.Fatal(err)
	}
	n := rounds(t)
	for n > 0 {
		changed := scramble(rng, bundle)
		if sameParts([]byte(changed), []byte(bundle)) {
			continue
		}
		n--
		if _, err := v.Verify(context.Background(), []byte(changed), expect()); err == nil {
			t.Fatalf("accepted %q for %q", changed, bundle)
		}
	}
	t.Logf("%d changed answers, 0 accepted", rounds(t))
}

func scramble(rng *rand.Rand, s string) string {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.~{}[]\",:= "
	b := []byte(s)
	for range 1 + rng.IntN(3) {
		i, k := rng.IntN(len(b)), rng.IntN(len(b))
		switch rng.IntN(6) {
		case 0:
			b[i] = letters[rng.IntN(len(letters))]
		case 1:
			b[i] ^= 1 << rng.IntN(8)
		case 2:
			b = append(b[:i], b[i+1:]...)
		case 3:
			b = append(b[:i], append([]byte{letters[rng.IntN(len(letters))]}, b[i:]...)...)
		case 4:
			b[i], b[k] = b[k], b[i]
		case 5: // whole pieces between two marks, as who cuts and pastes would
			pieces := strings.SplitAfter(string(b), "~")
			x, y := rng.IntN(len(pieces)), rng.IntN(len(pieces))
			pieces[x], pieces[y] = pieces[y], pieces[x]
			b = []byte(strings.Join(pieces, ""))
		}
	}
	return string(b)
}
