// A peer for objects_test.go: one JSON request on standard input, one answer on
// standard output. It verifies what the platform signed besides ID tokens (verdicts: ""
// or why not), each sort by its own specification, and makes its own for us.
import { randomUUID } from 'node:crypto'
import * as jose from 'jose'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const { jwks, issuer, objects, make } = JSON.parse(Buffer.concat(chunks))
const event = 'http://schemas.openid.net/event/backchannel-logout'

const sorts = {
  logout: { // OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6
    options: { typ: 'logout+jwt', requiredClaims: ['iat', 'jti', 'exp'], maxTokenAge: 120 },
    check: (c) => typeof c.events?.[event] === 'object' && c.nonce === undefined && (c.sub !== undefined || c.sid !== undefined),
  },
  access: { // RFC 9068 §2.2, §4; RFC 9449 §6.1
    options: { typ: 'at+jwt', requiredClaims: ['exp', 'sub', 'client_id', 'iat', 'jti'], maxTokenAge: 600 },
    check: (c, { thumbprint }) => c.cnf?.jkt === thumbprint && (thumbprint || c.cnf === undefined),
  },
  response: { // JARM §2.1, §2.4
    options: { requiredClaims: ['exp', 'code', 'state'] },
    check: (c, { state }) => c.state === state && c.exp - Date.now() / 1000 <= 600,
  },
}

async function verify() {
  const keys = jose.createLocalJWKSet(jwks)
  const verdicts = {}
  for (const [name, o] of Object.entries(objects)) {
    try {
      const { options, check } = sorts[o.sort]
      const { payload } = await jose.jwtVerify(o.token, keys, { ...options, issuer, audience: o.audience, clockTolerance: 5 })
      verdicts[name] = check(payload, o) ? '' : 'check'
    } catch (e) {
      verdicts[name] = e.code ?? e.message
    }
  }
  return verdicts
}

async function made() {
  const keys = [], tokens = {}
  for (const alg of make.algs) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg)
    const jwk = await jose.exportJWK(publicKey)
    const kid = await jose.calculateJwkThumbprint(jwk)
    keys.push({ ...jwk, kid, alg, use: 'sig' })
    const sign = (typ, audience, claims) => new jose.SignJWT({ jti: randomUUID(), ...claims }).setProtectedHeader({ alg, kid, typ })
      .setIssuer(issuer).setSubject('9b1f').setAudience(audience).setIssuedAt().setExpirationTime('2m').sign(privateKey)
    tokens[alg] = {
      logout: await sign('logout+jwt', make.client, { sid: 's-1', events: { [event]: {} } }),
      access: await sign('at+jwt', make.api, { client_id: make.client, scope: 'records' }),
      bound: await sign('at+jwt', [make.api], { client_id: make.client, scope: 'records', cnf: { jkt: make.thumbprint } }),
    }
  }
  return { jwks: { keys }, tokens }
}

process.stdout.write(JSON.stringify(make ? await made() : await verify()))
