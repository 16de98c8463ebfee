// Writes pinned.json, accepted/*.json and refused/*.json:
//
//	npm install --no-save --ignore-scripts jose@6.2.17 && node make_bundle.mjs
//
// Bundles and status lists are signed by jose, the list packed by Node's zlib, the
// certificate and its revocation list made by the openssl command (3.0). Test keys
// that anyone may know; the issuers are invented. The codes that these bundles verify
// are those of qr/testdata.
import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { CompactSign } from 'jose'

const now = 1768446000 // 2026-01-15 10:00:00 in Vietnam
const maker = 'https://kiosks.vneid.example'
const qrIssuer = 'https://qr.vneid.example'
const listURI = 'https://status.vneid.example/1'
const typ = 'vneid-trust-bundle+jwt'

// ---------------------------------------------------------------- keys

const secret = (word) => createHash('sha256').update('vneid-go test key: ' + word).digest()
const ed = (word) =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret(word)]),
    format: 'der', type: 'pkcs8',
  })
const pkcs8EC = (word, curve) => {
  // A SEC1 key inside PKCS #8, so that the public half is computed by OpenSSL.
  const oid = { p256: '06082a8648ce3d030107', p384: '06052b81040022' }[curve]
  const d = curve === 'p256' ? secret(word) : Buffer.concat([secret(word), secret(word + '+').subarray(0, 16)])
  d[0] &= 0x7f
  const der = (tag, ...parts) => {
    const body = Buffer.concat(parts)
    return Buffer.concat([Buffer.from(body.length < 128 ? [tag, body.length] : [tag, 0x81, body.length]), body])
  }
  const hex = (s) => Buffer.from(s, 'hex')
  const inner = der(0x30, hex('020101'), der(0x04, d))
  return createPrivateKey({
    key: der(0x30, hex('020100'), der(0x30, hex('06072a8648ce3d0201'), hex(oid)), der(0x04, inner)), format: 'der', type: 'pkcs8',
  })
}
const jwk = (key, kid) => ({ ...createPublicKey(key).export({ format: 'jwk' }), kid })
const keys = {
  maker: { key: ed('bundle'), kid: 'bundle-1', alg: 'EdDSA' },
  maker256: { key: pkcs8EC('bundle p256', 'p256'), kid: 'bundle-2', alg: 'ES256' },
  maker384: { key: pkcs8EC('bundle p384', 'p384'), kid: 'bundle-3', alg: 'ES384' },
  stranger: { key: ed('stranger'), kid: 'bundle-1', alg: 'EdDSA' },
  status: { key: pkcs8EC('status', 'p256'), kid: 'status-1', alg: 'ES256' },
}
const qrKeys = JSON.parse(readFileSync('../../../qr/testdata/keys.json')).qr
const pinned = { issuer: maker, keys: ['maker', 'maker256', 'maker384'].map((n) => jwk(keys[n].key, keys[n].kid)) }

// ---------------------------------------------------------------- parts

async function sign(payload, by = keys.maker, header = {}) {
  const h = { alg: by.alg, kid: by.kid, typ, ...header }
  for (const k of Object.keys(h)) if (h[k] === undefined) delete h[k]
  return new CompactSign(Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))).setProtectedHeader(h).sign(by.key)
}

async function list(set = {}) {
  const bytes = Buffer.alloc(256) // 1,024 statuses of two bits
  for (const [index, status] of Object.entries(set)) bytes[index >> 2] |= status << ((index & 3) * 2)
  const claims = {
    sub: listURI, iat: now - 1800, exp: now + 86400, ttl: 300,
    status_list: { bits: 2, lst: deflateSync(bytes, { level: 9 }).toString('base64url') },
  }
  return sign(claims, keys.status, { typ: 'statuslist+jwt' })
}

function authority() {
  const dir = mkdtempSync(join(tmpdir(), 'bundle'))
  const run = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
  run('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', 'ca.key')
  writeFileSync(join(dir, 'ca.cnf'), `
[req]
distinguished_name = dn
x509_extensions = ext
prompt = no
[dn]
C = VN
O = Test
CN = Test CSCA
[ext]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = ca1
[ca1]
database = index.txt
crlnumber = number
default_md = sha256
default_crl_days = 90
crl_extensions = crl
[crl]
authorityKeyIdentifier = keyid
`)
  run('req', '-x509', '-new', '-key', 'ca.key', '-config', 'ca.cnf', '-days', '3650', '-out', 'ca.pem')
  writeFileSync(join(dir, 'index.txt'), '')
  writeFileSync(join(dir, 'number'), '01')
  run('ca', '-config', 'ca.cnf', '-gencrl', '-keyfile', 'ca.key', '-cert', 'ca.pem', '-out', 'ca.crl')
  const der = (kind, file) => run(kind, '-in', file, '-outform', 'DER').toString('base64')
  const out = { certificate: der('x509', 'ca.pem'), crl: der('crl', 'ca.crl') }
  rmSync(dir, { recursive: true })
  return out
}

const csca = authority()
const valid = await list()

function bundle(change = {}) {
  const b = {
    iss: maker, iat: now - 3600, exp: now - 3600 + 7 * 86400, seq: 7,
    issuers: [
      { iss: qrIssuer, uses: ['qr'], kinds: ['driver-licence', 'vehicle-registration', 'health-insurance'], jwks: qrKeys },
      { iss: qrIssuer, uses: ['status'], jwks: { keys: [jwk(keys.status.key, 'status-1')] } },
      { iss: 'https://police.vneid.example', uses: ['document', 'status'], kinds: ['identity', 'driver-licence'], jwks: { keys: [jwk(keys.maker256.key, 'police-1')] } },
    ],
    status_lists: [{ uri: listURI, token: valid }],
    anchors: [{ label: 'test: Node', country: 'VN', passport: false, certificates: [csca.certificate] }],
    crls: [csca.crl],
    ...change,
  }
  for (const k of Object.keys(b)) if (b[k] === undefined) delete b[k]
  return b
}

// ---------------------------------------------------------------- writing

for (const dir of ['accepted', 'refused']) {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir)
}
writeFileSync('pinned.json', JSON.stringify(pinned, null, 1) + '\n')
const write = (where, name, v) => writeFileSync(`${where}/${name}.json`, JSON.stringify(v, null, 1) + '\n')
const accept = async (name, desc, file, more = {}) => write('accepted', name, { desc, made: 'make_bundle.mjs', at: now, file: await file, ...more })
const refuse = async (name, desc, want, file, twin = 'bundle', more = {}) => write('refused', name, { desc, want, twin, at: now, file: await file, ...more })
const spoiled = (name, desc, change, twin) => refuse(name, desc, 'malformed', sign(bundle(change)), twin)

const good = await sign(bundle())
await accept('bundle', 'keys, a list, an anchor, Ed25519', good)
await accept('es256', 'signed on P-256', sign(bundle(), keys.maker256))
await accept('es384', 'signed on P-384', sign(bundle(), keys.maker384))
await accept('empty', 'nobody is trusted', sign(bundle({ issuers: undefined, status_lists: undefined, anchors: undefined, crls: undefined })))
await accept('longest', 'a life of 31 days', sign(bundle({ exp: now - 3600 + 31 * 86400 })))
await accept('last-second', 'in the last second, with the skew', good, { at: now - 3600 + 7 * 86400 + 59 })
await accept('first-second', 'a minute before it was made', good, { at: now - 3660 })
await accept('held', 'the very one that is held', good, { held: 7 })
await accept('one', 'an issuer with one use', sign(bundle({ issuers: [bundle().issuers[0]] })))
await accept('white-space', 'a line end after the file', good + '\n')

await refuse('late', 'a second later', 'unavailable', good, 'last-second', { at: now - 3600 + 7 * 86400 + 60 })
await refuse('early', 'a second earlier', 'not yet valid', good, 'first-second', { at: now - 3661 })
await refuse('older', 'a newer one is held', 'untrusted', good, 'held', { held: 8 })
await refuse('stranger', 'signed by a stranger under the same name', 'bad signature', sign(bundle(), keys.stranger))
await refuse('kid', 'a key that is not pinned', 'untrusted', sign(bundle(), { ...keys.maker, kid: 'bundle-9' }))
await refuse('key-mixed', 'one key under the name of another', 'untrusted', sign(bundle(), { ...keys.maker256, kid: 'bundle-1' }), 'es256')
await refuse('maker', 'another maker, by the pinned key', 'untrusted', sign(bundle({ iss: maker + '/' })))
await refuse('altered', 'another payload under the signature', 'bad signature', (() => {
  const [h, , s] = good.split('.')
  return [h, Buffer.from(JSON.stringify(bundle({ seq: 8 }))).toString('base64url'), s].join('.')
})())
await refuse('none', 'unsigned', 'untrusted', (() => {
  const h = Buffer.from(JSON.stringify({ alg: 'none', kid: 'bundle-1', typ })).toString('base64url')
  return h + '.' + good.split('.')[1] + '.AA'
})())
await refuse('typ', 'another type', 'malformed', sign(bundle(), keys.maker, { typ: 'statuslist+jwt' }))
await refuse('typ-absent', 'no type', 'malformed', sign(bundle(), keys.maker, { typ: undefined }))
await refuse('kid-absent', 'no key named', 'malformed', sign(bundle(), keys.maker, { kid: undefined }))
await refuse('jku', 'an address of keys', 'malformed', sign(bundle(), keys.maker, { jku: 'https://evil.example' }))
await refuse('jwk', 'a key of its own', 'malformed', sign(bundle(), keys.maker, { jwk: jwk(keys.maker.key, 'x') }))
await refuse('cty', 'a content type', 'malformed', sign(bundle(), keys.maker, { cty: 'JWT' }))
await refuse('cut', 'half the file', 'malformed', good.slice(0, good.length / 2))
await refuse('nothing', 'an empty file', 'malformed', '')
await refuse('json', 'the payload alone', 'malformed', JSON.stringify(bundle()))
await refuse('list', 'a status list instead', 'malformed', valid)
await refuse('twice', 'a member twice', 'malformed', sign(JSON.stringify(bundle()).replace('{', '{"seq":9,')))
await refuse('trailing', 'something after the object', 'malformed', sign(JSON.stringify(bundle()) + '{}'))
await refuse('array', 'an array', 'malformed', sign('[]'))
await spoiled('life', 'a life of 31 days and a second', { exp: now - 3600 + 31 * 86400 + 1 }, 'longest')
await spoiled('life-none', 'ends when it was made', { exp: now - 3600 })
await spoiled('unknown', 'an unknown member', { more: true })
for (const name of ['iss', 'iat', 'exp', 'seq']) {
  if (name === 'iss') await refuse('iss-absent', 'no iss', 'untrusted', sign(bundle({ iss: undefined })))
  else await spoiled(name + '-absent', 'no ' + name, { [name]: undefined })
  await refuse(name + '-form', name + ' of another form', name === 'iss' ? 'untrusted' : 'malformed', sign(bundle({ [name]: [1] })))
}
await spoiled('seq-zero', 'sequence 0', { seq: 0 })
await spoiled('seq-negative', 'a negative sequence', { seq: -7 })
await spoiled('seq-float', 'a sequence with a fraction', { seq: 7.5 })
for (const name of ['issuers', 'status_lists', 'anchors', 'master_lists', 'crls']) {
  await spoiled(name + '-object', name + ' is an object', { [name]: {} })
  await spoiled(name + '-text', name + ' has a number', { [name]: [1] })
}
const one = bundle().issuers[0]
const issuer = (name, desc, change) => {
  const i = { ...one, ...change }
  for (const k of Object.keys(i)) if (i[k] === undefined) delete i[k]
  return spoiled('issuer-' + name, desc, { issuers: [i] }, 'one')
}
await issuer('nameless', 'an issuer without a name', { iss: undefined })
await issuer('empty', 'an issuer with an empty name', { iss: '' })
await issuer('control', 'a control character in a name', { iss: qrIssuer + '\u0007' })
await issuer('useless', 'an issuer without uses', { uses: undefined })
await issuer('uses-empty', 'an issuer with an empty list of uses', { uses: [] })
await issuer('uses-text', 'uses that are a text', { uses: 'qr' })
await issuer('login', 'keys of logins', { uses: ['id-token'] })
await issuer('login-too', 'keys of logins and of codes', { uses: ['qr', 'access'] })
await issuer('maker', 'keys of makers', { uses: ['trust-bundle'] })
await issuer('keyless', 'an issuer without keys', { jwks: undefined })
await issuer('no-key', 'an empty key set', { jwks: { keys: [] } })
await issuer('weak', 'a key set without a usable key', { jwks: { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] } })
await issuer('private', 'a private key', { jwks: { keys: [...qrKeys.keys, { ...jwk(keys.maker.key, 'p'), d: secret('bundle').toString('base64url') }] } })
await issuer('symmetric', 'a symmetric key', { jwks: { keys: [...qrKeys.keys, { kty: 'oct', k: 'AAAA' }] } })
await issuer('unknown', 'an unknown member of an issuer', { more: 1 })
await issuer('kinds-empty', 'an empty list of kinds', { kinds: [] })
await spoiled('issuer-twice', 'two entries for one issuer and use', { issuers: [one, { ...one, kinds: ['passport'] }] }, 'one')
await spoiled('use-twice', 'a use twice in one entry', { issuers: [{ ...one, uses: ['qr', 'qr'] }] }, 'one')
const lists = (name, desc, ...entries) => spoiled('list-' + name, desc, { status_lists: entries })
await lists('twice', 'one address twice', ...bundle().status_lists, ...bundle().status_lists)
await lists('nowhere', 'a list without an address', { token: valid })
await lists('empty', 'an address without a list', { uri: listURI })
await lists('unknown', 'an unknown member of a list', { ...bundle().status_lists[0], more: 1 })
const anchor = (name, desc, change) => spoiled('anchor-' + name, desc, { anchors: [{ ...bundle().anchors[0], ...change }] })
await anchor('empty', 'an anchor without certificates', { certificates: [] })
await anchor('url', 'certificates in base64url', { certificates: ['-_-_'] })
await anchor('bits', 'stray bits', { certificates: ['AB=='] })
await anchor('line', 'a line break', { certificates: [csca.certificate.slice(0, 64) + '\n' + csca.certificate.slice(64)] })
await anchor('unknown', 'an unknown member of an anchor', { more: 1 })
await anchor('passport', 'passport is a text', { passport: 'no' })
await spoiled('crls-empty', 'no revocation list', { crls: [] })
await spoiled('master-data', 'a master list that is not base64', { master_lists: [{ label: 'test', signers: [csca.certificate], data: '*' }] })
await spoiled('issuers-many', '101 issuers', { issuers: Array.from({ length: 101 }, (_, n) => ({ ...one, kinds: undefined, iss: qrIssuer + '/' + n })) })
