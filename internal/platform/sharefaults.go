package platform

import (
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Faults of data requests. What each must come to at a relying party is tested with
// package vneid/share itself, in vneid/vneidtest.

func renamed(typ string) func(*signed) { return func(t *signed) { t.header.set("typ", typ) } }

func setHeader(name string, value any) func(*signed) {
	return func(t *signed) { t.header.set(name, value) }
}

// shareEnvelopeFaults are wrong envelopes around right documents.
func shareEnvelopeFaults() []fault {
	both := []string{"iat", "exp"}
	one := func(name, about string, f func(*signed)) fault {
		return fault{name: "share-envelope-" + name, about: "the envelope " + about, shareEnvelope: f}
	}
	stranger := jws.Raw(`[{"by":"stranger","at":1,"attested":"x"}]`)
	return []fault{
		one("wrong-key", "names the right key and is signed by another", otherKey),
		one("unknown-key", "is signed by a key that nobody published", setHeader("kid", "nobody-knows-me")),
		one("no-kid", "names no key", func(t *signed) { t.header.drop("kid") }),
		one("bad-signature", "has one wrong bit in its signature", flipped),
		one("alg-none", "is not signed", unsignedAs(wire.TypeEnvelope)),
		one("alg-hs256", "is a MAC under the public key", maced(wire.TypeEnvelope)),
		one("wrong-typ", "has a receipt's type", renamed(wire.TypeReceipt)),
		one("id-token", "has an ID token's type", renamed("JWT")),
		one("wrong-issuer", "names another platform", setClaim("iss", elsewhere)),
		one("wrong-audience", "is for another client: its bundle was stolen", setClaim("aud", "another-client")),
		one("more-audiences", "is for several clients", func(t *signed) {
			aud, _ := t.claims.get("aud").(string)
			t.claims.set("aud", []string{aud, "another-client"})
		}),
		one("wrong-nonce", "answers another request", setClaim("nonce", "another-nonce-0123456789")),
		one("no-nonce", "answers no request", dropClaim("nonce")),
		one("wrong-txn", "belongs to another transaction", setClaim(wire.Transaction, "another-transaction")),
		one("wrong-grant", "belongs to another consent", setClaim(wire.Grant, "another-grant")),
		one("no-grant", "belongs to no consent", dropClaim(wire.Grant)),
		one("other-sub", "is about somebody else than the documents", setClaim("sub", "somebody-else")),
		one("no-sub", "is about nobody", dropClaim("sub")),
		one("no-jti", "has no name of its own", dropClaim("jti")),
		one("replayed", "has the name of every other", setClaim("jti", "always-the-same-name")),
		one("expired", "is an hour old", shift([]string{"iat", "exp", "auth_time"}, -time.Hour)),
		one("future", "begins in an hour: the platform's clock is ahead", shift(both, time.Hour)),
		one("endless", "lives a day", shift([]string{"exp"}, 24*time.Hour)),
		one("weak-acr", "tells of the weakest login there is", setClaim("acr", wire.ACR(1, 1))),
		one("odd-acr", "tells of a login in words that nobody knows", setClaim("acr", "urn:example:gold")),
		one("late-login", "tells of a login that came after it", shift([]string{"auth_time"}, time.Hour)),
		one("no-login", "does not say when the person logged in", dropClaim("auth_time")),
		one("eid-locked", "says that the electronic identity card is locked", setClaim(wire.EIDLocked, true)),
		one("no-lock", "says nothing of locks", dropClaim(wire.EIDLocked)),
		one("odd-decision", "tells of a decision that nobody knows", setClaim(wire.Decision, "maybe")),
		one("no-approvals", "names nobody who agreed", setClaim(wire.Approvals, jws.Raw("[]"))),
		one("odd-approval", "names a stranger who agreed", setClaim(wire.Approvals, stranger)),
		one("no-seq", "has a number of events below zero", setClaim(wire.Sequence, -1)),
		one("wrong-digest", "was made for another document", setClaim(wire.Digests, []string{digest("another")})),
		one("no-digests", "was made for no documents", setClaim(wire.Digests, []string{})),
		one("wrong-receipt", "was made for another receipt", setClaim(wire.ReceiptDigest, digest("another"))),
		one("double-claim", "has sub twice", func(t *signed) {
			t.payload = func(b []byte) []byte { return append([]byte(`{"sub":"somebody-else",`), b[1:]...) }
		}),
	}
}

// shareReceiptFaults are wrong receipts beside right documents.
func shareReceiptFaults() []fault {
	one := func(name, about string, f func(*signed)) fault {
		return fault{name: "share-receipt-" + name, about: "the receipt " + about, receipt: f}
	}
	replace := func(old, new string) func(*signed) {
		return func(t *signed) {
			t.payload = func(b []byte) []byte { return []byte(strings.Replace(string(b), old, new, 1)) }
		}
	}
	return []fault{
		one("wrong-key", "names the right key and is signed by another", otherKey),
		one("alg-none", "is not signed", unsignedAs(wire.TypeReceipt)),
		one("wrong-typ", "has an envelope's type", renamed(wire.TypeEnvelope)),
		one("wrong-issuer", "is another platform's", setClaim("iss", elsewhere)),
		one("wrong-audience", "was made for another client", setClaim("aud", "another-client")),
		one("other-sub", "is about somebody else", setClaim("sub", "somebody-else")),
		one("wrong-txn", "belongs to another transaction", setClaim(wire.Transaction, "another-transaction")),
		one("wrong-grant", "belongs to another consent", setClaim(wire.Grant, "another-grant")),
		one("odd-version", "is of a version that nobody knows", setClaim(wire.ReceiptSchema, "urn:example:receipt:9")),
		one("no-purpose", "names no purpose", setClaim(wire.ReceiptPurposes, jws.Raw("[]"))),
		one("wrong-purpose", "was given for another purpose", replace(`"purpose":"`, `"purpose":"x-`)),
		one("wrong-basis", "names another legal basis", replace(`"lawful_basis":"consent"`, `"lawful_basis":"contract"`)),
		one("wrong-retention", "allows to keep the data for longer", replace(`"retention_period_days":`, `"retention_period_days":9`)),
		one("wrong-controller", "names another controller", replace(`"pii_controller":"`, `"pii_controller":"x-`)),
		one("less", "tells of fewer claims than came", replace(`"attributes":["number"`, `"attributes":["name"`)),
		one("no-decision", "tells of nobody who agreed", replace(`"event_type":"decided"`, `"event_type":"requested"`)),
		one("later", "was made after the answer", shift([]string{"iat"}, time.Hour)),
	}
}

// shareBundleFaults are wrong sets of right parts, and answers that are none.
func shareBundleFaults() []fault {
	one := func(name, about string, f func(*bundled)) fault {
		return fault{name: "share-bundle-" + name, about: about, bundle: f}
	}
	call := func(name, about string, f handlerFault) fault {
		return fault{name: "share-bundle-" + name, about: about, call: f}
	}
	return []fault{
		one("turned", "the documents come in another order", func(b *bundled) {
			for i, j := 0, len(b.docs)-1; i < j; i, j = i+1, j-1 {
				b.docs[i], b.docs[j] = b.docs[j], b.docs[i]
			}
		}),
		one("short", "a document is missing", func(b *bundled) { b.docs = b.docs[:max(0, len(b.docs)-1)] }),
		one("twice", "a document comes twice", func(b *bundled) { b.docs = append(b.docs, b.docs...) }),
		one("cut-document", "a disclosure is missing", func(b *bundled) {
			for i, d := range b.docs {
				parts := strings.SplitAfter(d, "~")
				b.docs[i] = strings.Join(parts[:len(parts)-2], "")
			}
		}),
		one("receipt-swapped", "envelope and receipt are in each other's place", func(b *bundled) { b.envelope, b.receipt = b.receipt, b.envelope }),
		one("in-the-clear", "the bundle is not encrypted, although the client registered a key", func(b *bundled) { b.to = nil }),
		one("other-recipient", "the bundle is encrypted to somebody else's key", func(b *bundled) {
			t := &signed{to: b.to}
			otherRecipient(t)
			b.to = t.to
		}),
		call("down", "the bundle's endpoint answers 503", at(wire.PathBundle, down)),
		call("page", "a proxy answers with a page", at(wire.PathBundle, page)),
		call("cut", "the answer breaks off", at(wire.PathBundle, broken)),
		call("flood", "the answer is endless", at(wire.PathBundle, flood)),
		call("redirect", "the endpoint sends the caller, and its token, elsewhere", at(wire.PathBundle, away)),
		{name: "share-swapped", about: "documents of the person's last bundle stand in the next one", swap: true},
		{name: "share-blind", about: "documents go out after a withdrawal or a lock, and nobody looks", blind: true},
		{name: "share-clock-ahead", about: "the platform's clock is ten minutes ahead", delivery: skewed(10 * time.Minute)},
		{name: "share-clock-behind", about: "the platform's clock is ten minutes behind", delivery: skewed(-10 * time.Minute)},
		{name: "share-nobody-agreed", about: "documents go out although nobody agreed", delivery: func(d *delivery) { d.sharing.Approvals = nil }},
		{name: "share-child-alone", about: "a child's documents go out on the child's own approval", delivery: func(d *delivery) {
			d.sharing.Approvals = d.sharing.Approvals[:min(1, len(d.sharing.Approvals))]
		}},
		{name: "share-granted-wider", about: "the token's answer grants more than was asked for", granted: func(d *sharewire.Details) {
			for i := range d.Documents {
				d.Documents[i].Claims = append(d.Documents[i].Claims, sharewire.Claim{Name: "birth"})
			}
		}},
		{name: "share-granted-other", about: "the token's answer grants a document that nobody asked for", granted: func(d *sharewire.Details) {
			d.Documents = append(d.Documents, sharewire.Document{Kind: document.Passport, Claims: []sharewire.Claim{{Name: "number"}}})
		}},
		{name: "share-granted-longer", about: "the token's answer grants to keep the data for longer", granted: func(d *sharewire.Details) { d.RetentionDays++ }},
		{name: "share-granted-missing", about: "the token's answer does not say what was granted", token: func(m *members) { m.drop(wire.Details) }},
		{name: "share-granted-odd", about: "the token's answer grants something of another type", token: func(m *members) {
			m.set(wire.Details, jws.Raw(`[{"type":"payment"}]`))
		}},
	}
}

// skewed moves all times of a delivery.
func skewed(by time.Duration) func(*delivery) {
	return func(d *delivery) {
		s := &d.sharing
		s.Approvals = slices.Clone(s.Approvals)
		for i := range s.Approvals {
			s.Approvals[i].At = s.Approvals[i].At.Add(by)
		}
		d.at, s.At, s.Made, s.Decided = d.at.Add(by), s.At.Add(by), s.Made.Add(by), s.Decided.Add(by)
	}
}
