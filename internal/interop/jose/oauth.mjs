// A peer for oauth_test.go: one JSON request on standard input, one answer on standard
// output. It verifies DPoP proofs, client assertions and encrypted tokens of ours
// (verdicts: "" or why not) and makes its own.
import { createHash, createPrivateKey, createPublicKey, randomUUID } from 'node:crypto'
import * as jose from 'jose'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const request = JSON.parse(Buffer.concat(chunks))
const ath = (token) => createHash('sha256').update(token).digest('base64url')

async function verdicts (table, check) {
  const out = {}
  for (const [name, item] of Object.entries(table ?? {})) {
    try {
      out[name] = (await check(item)) ?? ''
    } catch (e) {
      out[name] = e.code ?? e.message
    }
  }
  return out
}

function must (ok, what) {
  if (!ok) throw new Error(what)
}

async function proof ({ token, method, url, access, thumbprint }) {
  const { payload, protectedHeader } = await jose.jwtVerify(token, jose.EmbeddedJWK, { typ: 'dpop+jwt', maxTokenAge: 60, clockTolerance: 5 })
  must(payload.htm === method && payload.htu === url, 'request')
  must(typeof payload.jti === 'string' && payload.jti.length >= 16, 'jti')
  must(payload.ath === (access ? ath(access) : undefined), 'ath')
  must(await jose.calculateJwkThumbprint(protectedHeader.jwk) === thumbprint, 'thumbprint')
}

async function assertion ({ token, jwk, client, audience }) {
  const { payload } = await jose.jwtVerify(token, await jose.importJWK(jwk, jose.decodeProtectedHeader(token).alg),
    { issuer: client, subject: client, audience, requiredClaims: ['jti', 'exp', 'iat'], maxTokenAge: 60, clockTolerance: 5 })
  must(payload.aud === audience, 'aud is an array')
}

async function opened ({ token, pkcs8, plain }) {
  const { plaintext, protectedHeader } = await jose.compactDecrypt(token, createPrivateKey(pkcs8))
  must(new TextDecoder().decode(plaintext) === plain && protectedHeader.cty === 'JWT', 'plaintext')
}

async function make ({ recipients, plain }) {
  const made = { proofs: [], assertions: [], sealed: {} }
  for (const alg of ['PS256', 'ES256', 'EdDSA', 'Ed25519']) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg)
    const jwk = await jose.exportJWK(publicKey)
    const thumbprint = await jose.calculateJwkThumbprint(jwk)
    for (const access of ['', 'token-1']) {
      const claims = { jti: randomUUID(), htm: 'GET', htu: 'https://rs.example/me', ...(access && { ath: ath(access) }) }
      made.proofs.push({ thumbprint, access, token: await new jose.SignJWT(claims).setProtectedHeader({ typ: 'dpop+jwt', alg, jwk }).setIssuedAt().sign(privateKey) })
    }
    made.assertions.push({
      jwk,
      token: await new jose.SignJWT({ jti: randomUUID() }).setProtectedHeader({ alg, kid: '1' }).setIssuer('rp').setSubject('rp')
        .setAudience('https://op.example').setIssuedAt().setExpirationTime('1m').sign(privateKey)
    })
  }
  for (const [name, { spki, alg, enc }] of Object.entries(recipients)) {
    made.sealed[name] = await new jose.CompactEncrypt(new TextEncoder().encode(plain)).setProtectedHeader({ alg, enc, cty: 'JWT' }).encrypt(createPublicKey(spki))
  }
  return made
}

process.stdout.write(JSON.stringify({
  proofs: await verdicts(request.proofs, proof),
  assertions: await verdicts(request.assertions, assertion),
  sealed: await verdicts(request.sealed, opened),
  made: await make(request)
}))
