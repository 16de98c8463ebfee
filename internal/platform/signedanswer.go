package platform

import (
	"net/url"
	"slices"
	"time"
)

// answerLife is how long a signed authorization response is good; JARM §2.1
// advises ten minutes at most. The browser needs seconds.
const answerLife = time.Minute

// responseModes are the modes of JARM §2.3 that make sense in the code flow, and
// the plain one.
func responseModes() []string { return []string{"query", "query.jwt", "jwt"} }

func signedMode(mode string) bool { return mode == "jwt" || mode == "query.jwt" }

// signAnswer signs the parameters of an authorization response (JARM §2.1).
func (p *Platform) signAnswer(c Client, params url.Values) (string, error) {
	t, err := p.newSigned(c.Alg, "JWT", is("aud", c.ID), is("exp", p.now().Add(answerLife)))
	if err != nil {
		return "", err
	}
	names := make([]string, 0, len(params))
	for name := range params {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if all := params[name]; len(all) == 1 {
			t.claims = append(t.claims, is(name, all[0]))
		} else {
			t.claims = append(t.claims, is(name, all))
		}
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.jarm != nil {
			f.jarm(t)
		}
	}
	return t.sign()
}
