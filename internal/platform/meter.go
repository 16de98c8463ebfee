package platform

import "sync/atomic"

// Operation is one sort of signature work and how often the platform has done it
// since it started: what a login costs at the very least is the sum of these.
type Operation struct {
	Verb  string // "sign" or "verify"
	Alg   string
	Count uint64
}

// Operations counts the signatures that the platform made for tokens and answers,
// and those that it checked on assertions and proofs, refused ones included.
func (p *Platform) Operations() []Operation {
	var out []Operation
	for i, alg := range meteredAlgs {
		out = append(out, Operation{"sign", alg, p.meter.signed[i].Load()}, Operation{"verify", alg, p.meter.verified[i].Load()})
	}
	return out
}

var meteredAlgs = [...]string{"ES256", "EdDSA", "PS256", "RS256"}

// meter is a counter for each verb and algorithm.
type meter struct {
	signed, verified [len(meteredAlgs)]atomic.Uint64
}

func (m *meter) sign(alg string)   { count(&m.signed, alg) }
func (m *meter) verify(alg string) { count(&m.verified, alg) }

func count(of *[len(meteredAlgs)]atomic.Uint64, alg string) {
	for i, name := range meteredAlgs {
		if name == alg {
			of[i].Add(1)
		}
	}
}
