// A relying party made of openid-client alone. It reads one JSON object a line and
// writes one: first what to do, for which it answers where the browser must go, then
// where the browser came back to, for which it answers what the login gave; and last,
// after the logout, for which it answers what a refresh gives then.
import { createInterface } from 'node:readline'
import * as client from 'openid-client'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const read = async () => {
  const { value, done } = await lines.next()
  return done ? process.exit(0) : JSON.parse(value)
}
const write = (o) => process.stdout.write(JSON.stringify(o) + '\n')

const sign = { name: 'ECDSA', namedCurve: 'P-256' }
const key = (jwk, alg, uses) => crypto.subtle.importKey('jwk', jwk, alg, false, uses)

// configured is a client as it was registered.
async function configured(ask) {
  const metadata = { id_token_signed_response_alg: 'ES256', authorization_signed_response_alg: 'ES256' }
  if (ask.signed_userinfo) metadata.userinfo_signed_response_alg = 'ES256'
  const auth = ask.secret
    ? client.ClientSecretPost(ask.secret)
    : client.PrivateKeyJwt({ key: await key(ask.key, sign, ['sign']), kid: ask.kid })
  const config = await client.discovery(new URL(ask.issuer), ask.client, metadata, auth, { execute: [client.allowInsecureRequests] })
  if (ask.jarm) client.useJwtResponseMode(config)
  if (ask.decrypt) {
    const private_ = await key(ask.decrypt, { name: 'ECDH', namedCurve: 'P-256' }, ['deriveBits'])
    client.enableDecryptingResponses(config, ['A256GCM'], { key: private_, kid: ask.decrypt_kid, alg: 'ECDH-ES+A256KW' })
  }
  return config
}

// browser logs in by the code flow.
async function browser(config, ask, DPoP) {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState(), nonce = client.randomNonce()
  const parameters = {
    redirect_uri: ask.redirect, scope: ask.scope, state, nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  }
  const url = ask.par
    ? await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP })
    : client.buildAuthorizationUrl(config, parameters)
  write({ url: url.href })
  const back = new URL((await read()).url)
  return client.authorizationCodeGrant(config, back,
    { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }, undefined, { DPoP })
}

// counter logs in by CIBA in poll mode, when the person has answered.
async function counter(config, ask, DPoP) {
  const answer = await client.initiateBackchannelAuthentication(config,
    { scope: ask.scope, login_hint: ask.hint, binding_message: ask.message, requested_expiry: '60' })
  const { auth_req_id, expires_in, interval } = answer
  write({ url: 'none', id: auth_req_id.length, expires_in, interval })
  await read()
  return client.pollBackchannelAuthenticationGrant(config, { ...answer, interval: 1 }, undefined, { DPoP })
}

async function main() {
  const ask = await read()
  const config = await configured(ask)
  const DPoP = ask.dpop ? client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256')) : undefined
  const first = await (ask.hint ? counter : browser)(config, ask, DPoP)
  const { sub } = first.claims()
  const info = await client.fetchUserInfo(config, first.access_token, sub, { DPoP })
  const second = await client.refreshTokenGrant(config, first.refresh_token, undefined, { DPoP })
  const seen = await client.tokenIntrospection(config, second.access_token)
  await client.tokenRevocation(config, second.access_token)
  const after = await client.tokenIntrospection(config, second.access_token)
  const end = { post_logout_redirect_uri: ask.bye, state: 'logout state' }
  if (!ask.decrypt) end.id_token_hint = first.id_token
  write({
    sub, type: first.token_type, acr: first.claims().acr, citizen: info.citizen_id, name: info.name, info_sub: info.sub,
    second_sub: second.claims().sub, rotated: second.refresh_token !== undefined, active: seen.active, seen_sub: seen.sub,
    jkt: seen.cnf?.jkt, after: after.active, logout: client.buildEndSessionUrl(config, end).href,
  })

  if (!(await read()).over) return
  const left = await client.refreshTokenGrant(config, second.refresh_token ?? first.refresh_token, undefined, { DPoP })
    .then(() => 'tokens', (err) => err.error ?? err.code)
  write({ left })
}

main().then(() => process.exit(0), (err) => {
  write({ error: `${err.name} ${err.code ?? ''}: ${err.message} ${err.cause?.message ?? ''} ${JSON.stringify(err.error ?? '')}` })
  process.exit(0)
})
