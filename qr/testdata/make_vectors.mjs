// Writes accepted/node-*.json and refused/node-*.json:
//
//	npm install --no-save --ignore-scripts jose@6.2.17 cbor-x@1.6.9 && node make_vectors.mjs
//
// JWS codes are made by jose, the CBOR of VN1 codes by cbor-x, signatures by
// Node's crypto (OpenSSL). Same test keys and invented person as make_vectors.py.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { Encoder, Tag } from 'cbor-x'
import { SignJWT } from 'jose'

const iss = 'https://qr.vneid.example'
const now = 1768446000
const cti = Buffer.from(Array.from({ length: 16 }, (_, i) => 0x30 + i))
const jwks = JSON.parse(readFileSync('keys.json')).qr.keys

const secret = (word) => createHash('sha256').update(word).digest()
const ed = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret('vneid-go test key: qr ed25519')]),
  format: 'der', type: 'pkcs8',
})
const half = (BigInt('0x' + secret('vneid-go test key: qr p-256').toString('hex')) >> 1n).toString(16).padStart(64, '0')
const ec = createPrivateKey({
  key: { ...jwks.find((k) => k.kty === 'EC'), d: Buffer.from(half, 'hex').toString('base64url') }, format: 'jwk',
})
const keys = { ed: { private: ed, alg: -19, jose: 'EdDSA', kid: 'qr-ed' }, ec: { private: ec, alg: -9, jose: 'ES256', kid: 'qr-ec' } }

// cbor-x writes maps in the order given: the labels below are in bytewise order.
const encoder = new Encoder({ useRecords: false, mapsAsObjects: false, variableMapSize: true, tagUint8Array: false, int64AsType: 'bigint' })
const cbor = (v) => Buffer.from(encoder.encode(v))
const map = (...pairs) => new Map(pairs)

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
function base45(bytes) {
  let out = ''
  for (let i = 0; i < bytes.length; i += 2) {
    const two = i + 1 < bytes.length
    let n = two ? bytes[i] * 256 + bytes[i + 1] : bytes[i]
    for (let d = two ? 3 : 2; d > 0; d--, n = Math.floor(n / 45)) out += alphabet[n % 45]
  }
  return out
}

function vn1(payload, key, change = (s) => s) {
  const spki = createPublicKey(key.private).export({ format: 'der', type: 'spki' })
  const kid = createHash('sha256').update(spki).digest().subarray(0, 8)
  const header = cbor(map([1, key.alg], [4, kid], [16, 'vn1']))
  const body = cbor(payload)
  const input = cbor(['Signature1', header, Buffer.from('VN1'), body])
  const signature = change(key.alg === -19 ? sign(null, input, ed) : sign('sha256', input, { key: ec, dsaEncoding: 'ieee-p1363' }))
  return 'VN1:' + base45(cbor(new Tag([header, map(), body, signature], 18)))
}

const jws = (claims, key, header = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: key.jose, kid: key.kid, typ: 'vneid-qr+jwt', ...header }).sign(key.private)

const address = 'Số 1, đường Ví Dụ, phường Mẫu, tỉnh Không Có'
const record = {
  id: '999090000001', name: 'Trần Thị Thử Nghiệm', birth: '1990-01-31', sex: 'female', residence: { text: address },
}

const claimsCWT = (t) => map([1, iss], [4, t.exp], [6, t.iat], [7, cti], [-65537, map(
  [1, t.card ? 2 : 1], [2, 2], [3, 3], ...(t.card ? [[4, ['https://status.vneid.example/1', 7]]] : []),
  [5, 1999090000001n], [9, record.name], [10, 19900131], [11, 2], [14, address])])

const claimsJWT = (t) => ({
  iss, exp: t.exp, iat: t.iat, jti: cti.toString('base64url'), code_kind: t.card ? 'card' : 'dynamic', account_level: 2,
  code_holder: 'login', citizen_id: record.id, name: record.name, birthdate: record.birth, gender: 'female',
  residence: { text: address }, ...(t.card && { status: { status_list: { idx: 7, uri: 'https://status.vneid.example/1' } } }),
})

const write = (dir, name, v) => writeFileSync(`${dir}/node-${name}.json`, JSON.stringify(v, null, 1) + '\n')

for (const [kid, key] of Object.entries(keys)) {
  for (const card of [false, true]) {
    const good = { card, iat: now - 10, exp: card ? now + 86400 * 300 : now + 60 }
    const old = { card, iat: now - 3600, exp: now - 3540 }
    const config = { at: now, ...(card && { accept_unchecked: true }) }
    const kind = card ? 'card' : 'dynamic'
    for (const [spelling, make] of Object.entries({
      vn1: async (t) => vn1(claimsCWT(t), key),
      jws: async (t) => jws(claimsJWT(t), key),
    })) {
      const name = `${spelling}-${kind}-${kid}`
      write('accepted', name, {
        desc: `a ${kind} code made by Node`, made: 'make_vectors.mjs', text: await make(good), config, record, level: 2, kind, holder: 'login',
      })
      write('refused', `${name}-expired`, { desc: 'made by Node, ended', want: 'expired', twin: 'node-' + name, text: await make(old), config })
    }
    write('refused', `vn1-${kind}-${kid}-forged`, {
      desc: 'made by Node, one bit of the signature changed', want: 'bad signature', twin: `node-vn1-${kind}-${kid}`,
      text: vn1(claimsCWT(good), key, (s) => { s[40] ^= 4; return s }), config,
    })
    write('refused', `jws-${kind}-${kid}-typ`, {
      desc: 'made by Node, with the type of an ID token', want: 'malformed', twin: `node-jws-${kind}-${kid}`,
      text: await jws(claimsJWT(good), key, { typ: 'JWT' }), config,
    })
  }
}
