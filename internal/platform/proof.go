package platform

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/oauth"
)

const (
	proofHeader = "Dpop" // as http.Header spells it
	nonceHeader = "DPoP-Nonce"

	nonceCanonical = "Dpop-Nonce" // as http.Header spells it

	proofLife = time.Minute
	nonceLife = 5 * time.Minute // a nonce is good for as long again after its time
)

// proofPolicy is what is asked of the proofs of one client at one endpoint.
type proofPolicy struct {
	nonce  bool   // one of ours must be in it
	kind   string // whose nonces: every endpoint takes the same ones
	scheme string // the challenge's, at userinfo
}

// proofPolicy says it for a client; nil is for any, while none has faults (broken).
func (p *Platform) proofPolicy(c *Client, path string) proofPolicy {
	policy := proofPolicy{nonce: true, scheme: "DPoP"}
	if c != nil {
		for _, f := range p.faultsOf(c.ID) {
			if f.proof != nil {
				f.proof(&policy)
			}
		}
	}
	if path != pathUserinfo {
		policy.kind = ""
	}
	return policy
}

// proof checks the request's DPoP proof (RFC 9449 §4.3), spends it, and returns the
// thumbprint of its key.
func (p *Platform) proof(w http.ResponseWriter, r *http.Request, c *Client, access string) (jkt string, err error) {
	jkt, m, err := p.prove(w, r, c, access)
	if err == nil {
		err = p.spendNow(r.Context(), m)
	}
	return jkt, err
}

// prove is proof with a mark that the caller spends. htu is compared with the configured
// issuer, never with Host. A proof is good once, and its jti is spent last. access is the
// token that it must cover; empty at the endpoints that issue tokens.
func (p *Platform) prove(w http.ResponseWriter, r *http.Request, c *Client, access string) (jkt string, m mark, err error) {
	noteOf(w).by(c)
	all, now, policy := r.Header.Values(proofHeader), p.now(), p.proofPolicy(c, r.URL.Path)
	ours := p.noncesAt(policy.kind, now)
	if policy.nonce {
		w.Header()[nonceCanonical] = ours.header
	}
	if len(all) != 1 {
		return "", m, badProof("there must be one DPoP header")
	}
	rules := oauth.ProofRules{
		Method: r.Method, URL: p.cfg.Issuer + r.URL.Path, Access: access,
		Now: now, MaxAge: proofLife, Skew: clientSkew, Verify: p.verify,
	}
	stale := false
	if policy.nonce {
		rules.Nonce = func(nonce string) error {
			if stale = !ours.good(nonce) && p.on("proof-nonce"); stale {
				return errors.New("not a nonce of ours")
			}
			return nil
		}
	}
	proven, err := oauth.VerifyProof(all[0], rules)
	switch {
	case stale:
		return "", m, refuse(http.StatusBadRequest, "use_dpop_nonce", "")
	case err != nil:
		noteOf(w).heard.Detail = err.Error()
		return "", m, badProof("")
	}
	m, err = p.mark(r.Context(), proven.Issued.Add(proofLife+2*clientSkew), "proof-once", usedAgain{errProofUsed, ""}, "proof", proven.Thumbprint, proven.ID)
	return proven.Thumbprint, m, err
}

var errProofUsed = badProof("the proof was used before")

func badProof(text string) error { return refuse(http.StatusBadRequest, "invalid_dpop_proof", text) }

// proofNonce is a server nonce (RFC 9449 §8). Nothing is stored: it is the number
// of a period and its keyed hash, and the next period brings another.
func (p *Platform) proofNonce(kind string, at time.Time) string {
	number := strconv.FormatInt(noncePeriod(at), 36)
	return number + "." + p.mac("proof nonce", kind, number)[:22]
}

func noncePeriod(at time.Time) int64 { return at.Unix() / int64(nonceLife/time.Second) }

// nonces are those of one period for everybody: the one to give out, and the last one's,
// so that none ends between an answer and the next request.
type nonces struct {
	period    int64
	now, last string
	header    []string // now, for every answer
}

func (p *Platform) noncesAt(kind string, now time.Time) *nonces {
	period := noncePeriod(now)
	if n := p.nonce.Load(); n != nil && n.period == period && kind == "" {
		return n
	}
	n := &nonces{period: period, now: p.proofNonce(kind, now), last: p.proofNonce(kind, now.Add(-nonceLife))}
	n.header = []string{n.now}
	if kind == "" {
		p.nonce.Store(n)
	}
	return n
}

func (n *nonces) good(nonce string) bool {
	return subtle.ConstantTimeCompare([]byte(nonce), []byte(n.now)) == 1 || subtle.ConstantTimeCompare([]byte(nonce), []byte(n.last)) == 1
}
