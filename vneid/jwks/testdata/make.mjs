// Makes accepted/node-jose.json with jose 6.2.17 on Node 20:
//
//   cd internal/interop/jose && npm ci && node make.mjs
//
// That script imports this one, so that Node finds the package.
import { writeFileSync } from 'node:fs'

export async function make (jose, version) {
  const keys = []
  const tokens = {}
  for (const alg of ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg)
    const jwk = await jose.exportJWK(publicKey)
    const kid = await jose.calculateJwkThumbprint(jwk)
    keys.push({ ...jwk, kid, alg, use: 'sig' })
    tokens[alg] = await new jose.SignJWT({ nonce: 'n-0S6_WzA2Mj', name: 'Nguyễn Văn Mẫu' })
      .setProtectedHeader({ alg, kid, typ: 'JWT' })
      .setIssuer('https://op.example').setSubject('9b1f').setAudience('rp')
      .setIssuedAt(1767600000).setExpirationTime(1767600600)
      .sign(privateKey)
  }
  const file = new URL('accepted/node-jose.json', import.meta.url)
  writeFileSync(file, JSON.stringify({ maker: `make.mjs, jose ${version}`, thumbprints: true, jwks: { keys }, tokens }, null, 1) + '\n')
}
