// The peer that sdjwt_test.go asks: a line with a request on standard input, a line
// with its answer on standard output. Documents go through @sd-jwt/sd-jwt-vc, lists through
// @sd-jwt/jwt-status-list; signatures are Node's own.
import crypto from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { SDJwtInstance } from '@sd-jwt/core'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { StatusList, createHeaderAndPayload, getListFromStatusListJWT } from '@sd-jwt/jwt-status-list'

const hash = { ES256: 'sha256', ES384: 'sha384', ES512: 'sha512', EdDSA: null }
const salts = () => crypto.randomBytes(16).toString('base64url')
const digest = (data, alg) => new Uint8Array(crypto.createHash(alg.replace('-', '')).update(Buffer.from(data)).digest())

function generate(alg) {
  if (alg === 'EdDSA') return crypto.generateKeyPairSync('ed25519')
  return crypto.generateKeyPairSync('ec', { namedCurve: { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[alg] })
}
const signer = (alg, key) => async (data) =>
  crypto.sign(hash[alg], Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
const verifier = (alg, key) => async (data, sig) =>
  crypto.verify(hash[alg], Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(sig, 'base64url'))
const read = (jwk) => crypto.createPublicKey({ key: jwk, format: 'jwk' })
const write = (key) => key.export({ format: 'jwk' })

// make issues documents of many shapes, shown whole or in part.
async function make({ alg, holderAlg, aud, nonce, now }) {
  const issuer = generate(alg)
  const holder = generate(holderAlg)
  const vc = new SDJwtVcInstance({
    signer: signer(alg, issuer.privateKey), signAlg: alg, verifier: verifier(alg, issuer.publicKey), hasher: digest, hashAlg: 'sha-256',
    saltGenerator: salts, kbSigner: signer(holderAlg, holder.privateKey), kbSignAlg: holderAlg,
  })
  const open = { iss: 'https://authority.example', vct: 'urn:vn:gov:doc:gplx:1', iat: now }
  const person = { name: 'Nguyễn Văn Mẫu "\\\u0001😀', birthdate: '1990-01-02', number: 1.5e3, nothing: null,
    address: { street: '12 Phố Thử', ward: { name: 'Phường Mẫu', code: 999 } }, classes: ['A1', 'B', { class: 'C', since: 2012 }] }
  const deep = { _sd: ['address', 'name'], address: { _sd: ['street', 'ward'], ward: { _sd: ['name'] } }, classes: { _sd: [0, 2], 2: { _sd: ['since'] } } }
  const all = { name: true, birthdate: true, address: { street: true, ward: { name: true } }, classes: { 0: true, 2: { since: true } } }
  const shapes = {
    'nothing hidden': [{}, undefined, undefined],
    'flat': [{}, { _sd: ['name', 'birthdate', 'nothing'] }, { name: true, birthdate: true, nothing: true }],
    'flat, with decoys': [{}, { _sd: ['name', 'birthdate'], _sd_decoy: 5 }, { name: true, birthdate: true }],
    'one of two': [{}, { _sd: ['name', 'birthdate'], _sd_decoy: 2 }, { name: true }],
    'nested': [{}, deep, all],
    'nested, some withheld': [{}, deep, { address: { ward: true }, classes: { 0: true } }],
    'nested, all withheld': [{}, deep, {}],
    'bound': [{ cnf: { jwk: write(holder.publicKey) } }, deep, all],
    'bound, some withheld': [{ cnf: { jwk: write(holder.publicKey) } }, deep, { name: true }],
  }
  const documents = []
  for (const [name, [more, frame, show]] of Object.entries(shapes)) {
    const issued = await vc.issue({ ...open, ...person, ...more }, frame, { header: { kid: 'k1' } })
    const kb = more.cnf && { payload: { iat: now, aud, nonce } }
    const text = await vc.present(issued, show, kb && { kb })
    documents.push({ name, text, claims: await vc.getClaims(text) })
  }
  return { issuer: write(issuer.publicKey), documents }
}

// verify says what each document says, or that it does not hold.
async function verify({ alg, holderAlg, issuer, holder, nonce, documents }) {
  const vc = new SDJwtVcInstance({ verifier: verifier(alg, read(issuer)), hasher: digest, kbVerifier: verifier(holderAlg, read(holder)) })
  const answers = []
  for (const { text, bound } of documents) {
    try {
      const { payload } = await vc.verify(text, bound ? { keyBindingNonce: nonce } : {})
      answers.push({ claims: payload })
    } catch (e) {
      answers.push({ error: String(e.message) })
    }
  }
  return answers
}

// lists makes signed status lists of every width.
async function lists({ uri, now }) {
  const issuer = generate('ES256')
  const made = []
  for (const bits of [1, 2, 4, 8]) {
    const statuses = Array.from({ length: 4096 }, (_, i) => Math.floor((i * i * 7919) / 8) % 2 ** bits)
    const { header, payload } = createHeaderAndPayload(new StatusList(statuses, bits), { sub: uri, iat: now, exp: now + 86400, ttl: 600 }, { alg: 'ES256', kid: 'k1' })
    const data = [header, payload].map((o) => Buffer.from(JSON.stringify(o)).toString('base64url')).join('.')
    made.push({ bits, statuses, token: `${data}.${await signer('ES256', issuer.privateKey)(data)}` })
  }
  return { issuer: write(issuer.publicKey), lists: made }
}

// statuses reads lists: signature, then every status.
async function statuses({ issuer, tokens }) {
  const answers = []
  for (const token of tokens) {
    const at = token.lastIndexOf('.')
    const list = await verifier('ES256', read(issuer))(token.slice(0, at), token.slice(at + 1)) ? getListFromStatusListJWT(token) : null
    answers.push(list && Array.from(list.statusList, (_, i) => list.getStatus(i)))
  }
  return answers
}

// example is the SD-JWT of another implementation that @sd-jwt/core tests itself with:
// one of the IETF drafts' own.
async function example() {
  const source = readFileSync(new URL('node_modules/@sd-jwt/core/src/test/index.spec.ts', import.meta.url), 'utf8')
  const part = source.slice(source.indexOf('created in other implemenation'))
  const text = /'(eyJ[^']+~[^']*)'/.exec(part)[1]
  const [x, y] = ['x', 'y'].map((n) => new RegExp(`\\b${n}: '([^']+)'`).exec(part)[1])
  const issuer = { kty: 'EC', crv: 'P-256', x, y }
  const vc = new SDJwtInstance({ verifier: verifier('ES256', read(issuer)), hasher: digest })
  return { issuer, text, claims: (await vc.verify(text)).payload }
}

// encodings are the list encodings of the Token Status List draft that
// @sd-jwt/jwt-status-list tests itself with.
async function encodings() {
  const source = readFileSync(new URL('node_modules/@sd-jwt/jwt-status-list/src/test/status-list.spec.ts', import.meta.url), 'utf8')
  return source.split('it(\'test from the example').slice(1).map((part) => {
    const statuses = []
    for (const [, i, v] of part.split('new StatusList')[0].matchAll(/status\[(\d+)\] = (\d+)/g)) statuses[i] = Number(v)
    return { bits: Number(/with (\d) bit/.exec(part)[1]), lst: /toBe\(\s*'([\w-]+)'/.exec(part)[1], statuses: Array.from(statuses, (v) => v ?? 0) }
  })
}

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...request } = JSON.parse(line)
  process.stdout.write(JSON.stringify(await { make, verify, lists, statuses, example, encodings }[ask](request)) + '\n')
}
