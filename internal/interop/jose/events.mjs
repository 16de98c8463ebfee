// A peer for events_test.go: one JSON request on standard input, one answer on standard
// output. It verifies security event tokens of the platform (verdicts: what happened, or
// "bad: " and why), and pushes some of its own to a receiver as RFC 8935 says.
import { randomUUID } from 'node:crypto'
import * as jose from 'jose'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const { jwks, issuer, client, tokens, push } = JSON.parse(Buffer.concat(chunks))
const prefix = 'urn:vneid:event:'

async function verify() {
  const keys = jose.createLocalJWKSet(jwks)
  const verdicts = {}
  for (const [name, token] of Object.entries(tokens)) {
    try {
      const { payload: c } = await jose.jwtVerify(token, keys, {
        typ: 'secevent+jwt', issuer, audience: client, requiredClaims: ['iat', 'jti', 'events', 'sub_id', 'seq', 'told'], clockTolerance: 5,
      })
      const [event, ...others] = Object.keys(c.events)
      const id = c.sub_id
      const fits = others.length === 0 && event.startsWith(prefix) && c.exp === undefined && c.sub === undefined && // RFC 8417 §2.2, §4.5
        Object.keys(id).length === 3 && id.format === 'iss_sub' && id.iss === issuer && typeof id.sub === 'string' && // RFC 9493 §3.2.4
        Number.isSafeInteger(c.seq) && c.seq > 0
      verdicts[name] = fits ? `${c.seq} ${event.slice(prefix.length)}` : 'bad: check'
    } catch (e) {
      verdicts[name] = 'bad: ' + (e.code ?? e.message)
    }
  }
  return verdicts
}

// Three events in the wrong order, one of them twice, and one for another client.
async function pushed() {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256')
  const jwk = await jose.exportJWK(publicKey)
  const set = (seq, name, aud = client) => new jose.SignJWT({
    seq, told: seq, sub_id: { format: 'iss_sub', iss: issuer, sub: 'pairwise-1' }, events: { [prefix + name]: {} },
  }).setProtectedHeader({ alg: 'ES256', kid: 'node', typ: 'secevent+jwt' })
    .setIssuer(issuer).setAudience(aud).setJti(randomUUID()).setIssuedAt().sign(privateKey)
  await fetch(push + '/keys', { method: 'POST', body: JSON.stringify({ keys: [{ ...jwk, kid: 'node', alg: 'ES256', use: 'sig' }] }) })
  const lock = await set(3, 'eid-locked')
  const answers = []
  for (const token of [lock, await set(2, 'eid-unlocked'), await set(1, 'eid-locked'), lock, await set(4, 'eid-unlocked', 'somebody')]) {
    const res = await fetch(push + '/events', { method: 'POST', headers: { 'content-type': 'application/secevent+jwt', accept: 'application/json' }, body: token })
    const text = await res.text()
    answers.push(res.status + (text ? ' ' + JSON.parse(text).err + ' ' + res.headers.get('content-language') : ''))
  }
  return answers
}

process.stdout.write(JSON.stringify(push ? await pushed() : await verify()))
