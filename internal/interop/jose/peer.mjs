// A peer for jose_test.go: one JSON request on standard input, one answer on
// standard output.
//
//   {"make": ["RS256", …]}               → {"jwks": …, "tokens": {"RS256": …}}
//   {"jwks": …, "tokens": {"name": …}}   → {"name": "" or the error's code, …}
import * as jose from 'jose'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const request = JSON.parse(Buffer.concat(chunks))

const answer = request.make ? await make(request.make) : await verify(request.jwks, request.tokens)
process.stdout.write(JSON.stringify(answer))

async function make (algs) {
  const keys = []
  const tokens = {}
  for (const alg of algs) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg)
    const jwk = await jose.exportJWK(publicKey)
    const kid = await jose.calculateJwkThumbprint(jwk)
    keys.push({ ...jwk, kid, alg, use: 'sig' })
    tokens[alg] = await new jose.SignJWT({ nonce: 'n' })
      .setProtectedHeader({ alg, kid, typ: 'JWT' }).setIssuer('https://op.example').setSubject('9b1f')
      .setAudience('rp').setIssuedAt().setExpirationTime('5m').sign(privateKey)
  }
  return { jwks: { keys }, tokens }
}

async function verify (jwks, tokens) {
  const keys = jose.createLocalJWKSet(jwks)
  const verdicts = {}
  for (const [name, token] of Object.entries(tokens)) {
    try {
      await jose.jwtVerify(token, keys, { issuer: 'https://op.example', audience: 'rp', typ: 'JWT' })
      verdicts[name] = ''
    } catch (e) {
      verdicts[name] = e.code ?? e.name
    }
  }
  return verdicts
}
