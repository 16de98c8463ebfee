// A provider made of oidc-provider alone, for the person who logs in as "dung" at
// account level 2. The first line of stdin is {issuer, clients}; the answer is the
// port to which the issuer's address leads. Each further line settles what a
// telephone was asked: {account} or {error}; {} asks what happened. The provider
// ends with its stdin.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { Provider, errors } from 'oidc-provider'

console.info = console.warn = () => {} // it warns of Node 20 and of its own defaults
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const write = (o) => process.stdout.write(JSON.stringify(o) + '\n')

const jwk = (kid, kind, options, alg) => ({ ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg })
const keys = [
  jwk('ec', 'ec', { namedCurve: 'P-256' }, 'ES256'),
  jwk('rsa', 'rsa', { modulusLength: 2048 }),
  jwk('ed', 'ed25519', {}, 'EdDSA'),
]
const acr = (l, a) => `urn:vneid:acr:l${l}:a${a}`
const person = {
  name: 'Lê Văn Dũng', birthdate: '1990-01-31', gender: 'male', citizen_id: '999090000001', account_level: 2,
}
const sealing = ['RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A256KW', 'ECDH-ES+A128KW']

const asked = [] // requests that wait for a telephone
const heard = [] // what the provider did by itself

const { issuer, clients } = JSON.parse((await lines.next()).value)
const server = createServer()
server.listen(0, '127.0.0.1')
await once(server, 'listening')

const provider = new Provider(issuer, {
  clients,
  jwks: { keys },
  acrValues: [1, 2].flatMap((l) => [1, 2, 3, 4].map((a) => acr(l, a))),
  claims: {
    profile: ['name', 'birthdate', 'gender'],
    'vneid:id': ['citizen_id', 'birthdate', 'gender'],
    account: ['account_level'],
  },
  scopes: ['openid', 'offline_access', 'vneid:id', 'vneid:share'],
  cookies: { keys: [randomBytes(32).toString('hex')] },
  ttl: { AccessToken: 600, AuthorizationCode: 60, BackchannelAuthenticationRequest: 120, Grant: 3600, IdToken: 600, Interaction: 600, RefreshToken: 3600, Session: 3600 },
  findAccount: (_, sub) => (sub === 'nobody' ? undefined : { accountId: sub, claims: async () => ({ sub, ...person }) }),
  issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: ({ oidc }) => !oidc.client.dpopBoundAccessTokens,
  enabledJWA: {
    clientAuthSigningAlgValues: ['PS256', 'ES256', 'EdDSA'],
    dPoPSigningAlgValues: ['PS256', 'ES256', 'EdDSA'],
    idTokenEncryptionAlgValues: sealing,
    userinfoEncryptionAlgValues: sealing,
    authorizationEncryptionAlgValues: sealing,
  },
  extraTokenClaims: async (_, token) => (token.aud ? { acr: acr(2, 3), auth_time: Math.floor(Date.now() / 1000) } : undefined),
  // Its own fetch would not call this machine; everything else about the call stays.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    encryption: { enabled: true },
    fapi: { enabled: true, profile: (_, client) => (client?.dpopBoundAccessTokens ? '2.0' : undefined) },
    introspection: { enabled: true },
    jwtResponseModes: { enabled: true },
    jwtUserinfo: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    requestObjects: { enabled: true },
    resourceIndicators: { // the client "caller" gets tokens for an API, "asker" for data, all others for userinfo
      enabled: true,
      defaultResource: async (_, client, oneOf) => ({ caller: 'https://api.example/', asker: `${issuer}/share` })[client.clientId] ?? oneOf,
      useGrantedResource: async () => true,
      getResourceServerInfo: async (_, audience) => ({ audience, scope: 'records vneid:share', accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: 'ES256' } } }),
    },
    richAuthorizationRequests: { // what was asked for is granted, as one transaction
      enabled: true,
      types: {
        vneid_share: {
          validate: (_, detail) => {
            if (!Array.isArray(detail.documents)) throw new errors.InvalidAuthorizationDetails('there are no documents')
          },
        },
      },
      authorizationDetailsForGrantSource: ({ oidc }) => JSON.parse(oidc.params.authorization_details),
      authorizationDetailsForAccessToken: (_, token, source) => source.rar.map((d) => ({
        ...d, txn: randomBytes(16).toString('hex'), grant: `grant-${source.grantId.slice(0, 40)}`,
      })),
      authorizationDetailsForIntrospection: (_, token) => token.rar,
    },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    ciba: {
      enabled: true,
      deliveryModes: ['poll', 'ping'],
      processLoginHint: async (_, hint) => (hint === person.citizen_id ? 'dung' : undefined),
      verifyUserCode: async () => {},
      validateRequestContext: async () => {},
      triggerAuthenticationDevice: async (_, request) => { asked.push(request.jti) },
    },
  },
})

// The development pages know no levels: whoever logs in there used three factors.
const finished = provider.interactionFinished.bind(provider)
provider.interactionFinished = (req, res, result, options) =>
  finished(req, res, result.login ? { login: { ...result.login, acr: acr(2, 3), amr: ['pwd', 'otp', 'face'] } } : result, options)

for (const name of ['backchannel.success', 'backchannel.error', 'server_error']) {
  provider.on(name, (_, e) => heard.push(e instanceof Error ? `${name}: ${e.message}` : name))
}
for (const name of ['authorization.error', 'grant.error', 'pushed_authorization_request.error', 'userinfo.error', 'introspection.error', 'end_session.error', 'backchannel_authentication.error']) {
  provider.on(name, (_, e) => heard.push(`${name}: ${e.error}: ${e.error_description} ${e.error_detail ?? ''}`))
}

// settle answers for the telephone that was asked first.
async function settle({ account, error }) {
  const request = await provider.BackchannelAuthenticationRequest.find(asked.shift())
  if (error) return provider.backchannelResult(request, new errors.CustomOIDCProviderError(error))
  const grant = new provider.Grant({ accountId: account, clientId: request.clientId })
  grant.addOIDCScope(request.scope)
  await grant.save()
  return provider.backchannelResult(request, grant, { acr: acr(2, 3), amr: ['face'], authTime: Math.floor(Date.now() / 1000) })
}

server.on('request', provider.callback())
write({ port: server.address().port })
for await (const line of lines) {
  const what = JSON.parse(line)
  try {
    if (what.account || what.error) await settle(what)
    write({ heard: heard.splice(0), asked: asked.length })
  } catch (e) {
    write({ problem: `${e.name}: ${e.message}` })
  }
}
process.exit(0)
