// Makes node.json with jose 6.2.17 on Node 20:
//
//   cd internal/interop/jose && npm ci && node make_sets.mjs
//
// That script imports this one, so that Node finds the package.
import { writeFileSync } from 'node:fs'

export async function make (jose, version) {
  const iss = 'https://op.example'
  const keys = []
  const tokens = {}
  let n = 0
  for (const alg of ['ES256', 'EdDSA']) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg)
    const jwk = await jose.exportJWK(publicKey)
    const kid = await jose.calculateJwkThumbprint(jwk)
    keys.push({ ...jwk, kid, alg, use: 'sig' })
    for (const [name, body] of Object.entries({
      'eid-locked': {}, 'consent-withdrawn': { grant: 'grant-1' }, 'level-changed': { level: 1 },
      'document-revoked': { kind: 'driver-licence', uri: iss + '/issuer/police/status/1', idx: 4711 }
    })) {
      n++
      const claims = { txn: 'txn-1', seq: n, told: n, sub_id: { format: 'iss_sub', iss, sub: 'pairwise-1' }, events: { ['urn:vneid:event:' + name]: body } }
      tokens[`${name} ${alg}`] = await new jose.SignJWT(claims)
        .setProtectedHeader({ alg, kid, typ: 'secevent+jwt' })
        .setIssuer(iss).setAudience('portal-1').setJti('node-' + n).setIssuedAt(1796000000)
        .sign(privateKey)
    }
  }
  const file = new URL('node.json', import.meta.url)
  writeFileSync(file, JSON.stringify({ maker: `make_sets.mjs, jose ${version}`, now: 1796000000, jwks: { keys }, tokens }, null, 1) + '\n')
}
