package platform

import (
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// anew signs a token again with its own key after a change of its header and payload.
func anew(token string, key *signingKey, typ string, change func(payload string) string) string {
	parts := strings.Split(token, ".")
	payload, ok := jws.DecodeBase64(parts[1])
	if !ok {
		return token
	}
	out, err := jws.Compact(key.alg, key.signer, []jws.Member{is("typ", typ), is("kid", key.kid)}, []byte(change(string(payload))))
	if err != nil {
		return token
	}
	return out
}

// reissue is anew for the issuer's part of a document.
func reissue(t *issuing, typ string, change func(payload string) string) {
	t.text = func(doc string) string {
		jwt, rest, _ := strings.Cut(doc, "~")
		return anew(jwt, t.key, typ, change) + "~" + rest
	}
}

func same(s string) string { return s }

// shareDocumentFaults are wrong documents in a bundle that is right about them.
func shareDocumentFaults() []fault {
	one := func(name, about string, f func(*Platform, *issuing)) fault {
		return fault{name: "share-document-" + name, about: "the document " + about, document: f}
	}
	set := func(name string, value any) func(*Platform, *issuing) {
		return func(_ *Platform, t *issuing) { t.claims.set(name, value) }
	}
	drop := func(name string) func(*Platform, *issuing) {
		return func(_ *Platform, t *issuing) { t.claims.drop(name) }
	}
	move := func(names []string, by time.Duration) func(*Platform, *issuing) {
		return func(_ *Platform, t *issuing) { shift(names, by)(&signed{claims: t.claims}) }
	}
	text := func(old, new string) func(*Platform, *issuing) {
		return func(_ *Platform, t *issuing) {
			reissue(t, sdjwt.Type, func(s string) string { return strings.Replace(s, old, new, 1) })
		}
	}
	return []fault{
		one("wrong-key", "names the right key and is signed by another", func(_ *Platform, t *issuing) {
			if k, err := generate(t.key.alg); err == nil {
				t.key = &signingKey{kid: t.key.kid, alg: k.alg, signer: k.signer}
			}
		}),
		one("unknown-key", "is signed by a key that nobody published", func(_ *Platform, t *issuing) {
			if k, err := generate(t.key.alg); err == nil {
				t.key = k
			}
		}),
		one("platform-key", "is signed by the platform, which issues none", func(p *Platform, t *issuing) {
			if k, err := p.share.signer("ES256"); err == nil {
				t.key = k
			}
		}),
		one("other-issuer", "is signed by an issuer that signs other kinds: health insurance signs a licence", func(p *Platform, t *issuing) {
			if k, err := p.issuers["insurance"].keys.signer("ES256"); err == nil {
				t.key = k
				t.claims.set("iss", p.issuers["insurance"].url)
			}
		}),
		one("unknown-issuer", "is signed by an issuer that nobody knows", set("iss", elsewhere)),
		one("other-kind", "says that it is a passport", set(wire.DocType, wire.DocTypePrefix+"passport"+wire.DocTypeSuffix)),
		one("odd-kind", "is of a type that nobody knows", set(wire.DocType, "https://example.com/licence")),
		one("wrong-audience", "was made for another client", set("aud", "another-client")),
		one("no-audience", "was made for anybody", drop("aud")),
		one("wrong-txn", "belongs to another transaction", set(wire.Transaction, "another-transaction")),
		one("other-sub", "is about somebody else", set("sub", "somebody-else")),
		one("expired", "has run out", move([]string{"iat", "exp"}, -2*documentLife)),
		one("future", "begins tomorrow", move([]string{"iat", "exp"}, 24*time.Hour)),
		one("old", "was made two days ago", move([]string{"iat"}, -48*time.Hour)),
		one("no-exp", "never ends", drop("exp")),
		one("no-status", "does not say where its status stands", drop("status")),
		one("foreign-status", "has its status with somebody else", set("status", []jws.Member{is("status_list", []jws.Member{is("idx", 1), is("uri", elsewhere+"/status/1")})})),
		one("beyond-status", "has a place that the status list does not have", func(p *Platform, t *issuing) {
			t.claims.set("status", []jws.Member{is("status_list", []jws.Member{is("idx", listLength), is("uri", t.by.url+wire.IssuerStatus+"1")})})
		}),
		one("odd-state", "is in a state that nobody knows", set(wire.DocVerification, []jws.Member{is(wire.DocState, "maybe"), is(wire.DocAt, 1), is(wire.DocSource, "x")})),
		one("no-state", "does not say whether it was verified", drop(wire.DocVerification)),
		one("more", "discloses a claim that nobody asked for", oneMore),
		one("wrong-typ", "has an old type", func(_ *Platform, t *issuing) { reissue(t, "vc+sd-jwt", same) }),
		one("sd-alg", "is hashed by another algorithm", text(`"_sd_alg":"sha-256"`, `"_sd_alg":"sha-512"`)),
		one("cnf", "is bound to a key that nobody proves", func(_ *Platform, t *issuing) { t.claims.set("cnf", []jws.Member{is("jwk", jws.Raw(jwkText(t.key)))}) }),
		one("key-proof", "comes with a proof of a key that it is not bound to", func(_ *Platform, t *issuing) {
			t.text = func(doc string) string { return doc + strings.SplitN(doc, "~", 2)[0] }
		}),
		one("disclosed-twice", "discloses a claim twice", func(_ *Platform, t *issuing) {
			t.text = func(doc string) string { return doc + strings.Split(doc, "~")[1] + "~" }
		}),
		one("forged", "has a disclosure that its issuer never made", func(_ *Platform, t *issuing) {
			t.text = func(doc string) string { return doc + b64([]byte(`["salt","number","000000000000"]`)) + "~" }
		}),
	}
}

func jwkText(k *signingKey) string {
	m := members{is("kty", "EC"), is("crv", "P-256")}
	public := publicJWK(k.signer.Public())
	for _, name := range []string{"x", "y"} {
		v, _ := public[name].(string)
		m = append(m, is(name, v))
	}
	text, _ := jws.Encode(m...) // strings of our own
	return string(text)
}

// shareListFaults are wrong status lists, for everybody.
func shareListFaults() []fault {
	one := func(name, about string, f func(*listing)) fault {
		return fault{name: "share-status-" + name, about: "the status list " + about, list: f}
	}
	all := func(to sdjwt.Status) func(*listing) {
		return func(l *listing) {
			for i := range listLength {
				_ = l.statuses.Set(i, to) // within the list
			}
		}
	}
	sign := func(typ string, change func(string) string) func(*listing) {
		return func(l *listing) { l.text = func(s string) string { return anew(s, l.key, typ, change) } }
	}
	replace := func(old, new string) func(*listing) {
		return sign(sdjwt.ListType, func(s string) string { return strings.Replace(s, old, new, 1) })
	}
	return []fault{
		one("revoked", "says that everything is revoked", all(sdjwt.Invalid)),
		one("suspended", "says that everything is suspended", all(sdjwt.Suspended)),
		one("odd", "has a status that nobody knows", all(3)),
		one("stale", "is a day old and says that it is good for longer", func(l *listing) { l.at = l.at.Add(-listLife + time.Hour) }),
		one("expired", "is two days old", func(l *listing) { l.at = l.at.Add(-2 * listLife) }),
		one("wrong-key", "names the right key and is signed by another", func(l *listing) {
			if k, err := generate(l.key.alg); err == nil {
				l.key = &signingKey{kid: l.key.kid, alg: k.alg, signer: k.signer}
			}
		}),
		one("other-uri", "is another list", func(l *listing) { l.uri += "0" }),
		one("wrong-typ", "is a token of another type", sign("JWT", same)),
		one("unsigned", "is not signed", func(l *listing) {
			l.text = func(s string) string {
				return b64([]byte(`{"alg":"none","typ":"statuslist+jwt"}`)) + "." + strings.Split(s, ".")[1] + "."
			}
		}),
		one("odd-bits", "has three bits for each", replace(`"bits":2`, `"bits":3`)),
		one("not-packed", "is no zlib stream", replace(`"lst":"`, `"lst":"AAAA`)),
		one("no-ttl", "does not say how long it is good", replace(`"ttl":300`, `"ttl":0`)),
	}
}

// shareEventFaults are wrong security events.
func shareEventFaults() []fault {
	one := func(name, about string, f func(*signed)) fault {
		return fault{name: "share-event-" + name, about: "the event " + about, event: f}
	}
	return []fault{
		one("wrong-key", "names the right key and is signed by another", otherKey),
		one("alg-none", "is not signed", unsignedAs(wire.TypeEvent)),
		one("wrong-typ", "has an envelope's type", renamed(wire.TypeEnvelope)),
		one("wrong-issuer", "is another platform's", setClaim("iss", elsewhere)),
		one("wrong-audience", "is for another client", setClaim("aud", "another-client")),
		one("no-jti", "has no name", dropClaim("jti")),
		one("future", "happens in an hour", shift([]string{"iat"}, time.Hour)),
		one("no-seq", "has no place in the person's order", dropClaim(wire.Sequence)),
		one("no-told", "has no place among all that are told", dropClaim(wire.EventTold)),
		one("no-subject", "is about nobody", dropClaim(wire.SubjectID)),
		one("with-exp", "ends, as a login does", func(t *signed) { t.claims.set("exp", int64(4102444800)) }),
		one("two", "tells of two things", setClaim(wire.Events, []jws.Member{
			is(wire.EventPrefix+wire.EIDLock, []jws.Member{}), is(wire.EventPrefix+wire.EIDUnlock, []jws.Member{}),
		})),
		one("old-seq", "has the number of the first one: an old unlock comes after a new lock", func(t *signed) { t.claims.set(wire.Sequence, 1) }),
	}
}

// oneMore discloses the first claim that is hidden and was not asked for.
func oneMore(_ *Platform, t *issuing) {
	for _, c := range t.claims {
		path := "/" + escaped(c.Name)
		if _, hidden := c.Value.(sdjwt.Hidden); hidden && !slices.Contains(t.paths, path) {
			t.paths = append(t.paths, path)
			return
		}
	}
}
