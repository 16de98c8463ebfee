// Makes accepted/bundles.json and refused/bundles.json. In a folder of its own:
//
//   npm install jose@6.2.17 @sd-jwt/sd-jwt-vc@0.19.0 @sd-jwt/jwt-status-list@0.19.0
//   node PATH/vneid/share/testdata/make.mjs
//
// Whole answers: documents by @sd-jwt/sd-jwt-vc, status lists by @sd-jwt/jwt-status-list,
// envelope, receipt and encryption by jose. Each refused one differs from its twin in the
// one fault that it is named after and is signed by whose it is to sign. The keys serve
// nothing else.
import crypto from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const at = pathToFileURL(process.cwd() + '/')
const load = async (name) => import(pathToFileURL(createRequire(at).resolve(name)))
const jose = await load('jose')
const { SDJwtVcInstance } = await load('@sd-jwt/sd-jwt-vc')
const { StatusList, createHeaderAndPayload } = await load('@sd-jwt/jwt-status-list')
const version = (name) => name + ' ' + JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, at))).version
const by = `made by ${version('jose')}, ${version('@sd-jwt/sd-jwt-vc')} and ${version('@sd-jwt/jwt-status-list')} on Node: node make.mjs`

const now = 1795323600
const platform = 'https://vneid.example', police = platform + '/issuer/police', insurance = 'https://insurance.example'
const key = async (kid, alg) => ({ kid, alg, ...await jose.generateKeyPair(alg, { extractable: true }) })
const keys = {
  envelope: await key('envelope-1', 'ES256'), receipt: await key('receipt-1', 'EdDSA'), police: await key('police-1', 'ES256'),
  policeStatus: await key('police-status', 'ES256'), insurance: await key('insurance-1', 'EdDSA'), insuranceStatus: await key('insurance-status', 'EdDSA'),
  stranger: await key('police-1', 'ES256')
}
const jwks = async (...names) => ({ keys: await Promise.all(names.map(async n => ({ ...await jose.exportJWK(keys[n].publicKey), kid: keys[n].kid, alg: keys[n].alg }))) })
const enc = await jose.generateKeyPair('ECDH-ES+A256KW', { extractable: true })
const rsa = await jose.generateKeyPair('RSA-OAEP-256', { extractable: true, modulusLength: 2048 })
const holder = await jose.generateKeyPair('ES256', { extractable: true })

const jws = (k, typ, claims) => new jose.SignJWT(claims).setProtectedHeader({ alg: k.alg, kid: k.kid, typ }).sign(k.privateKey)
const sha = (text) => crypto.createHash('sha256').update(text).digest('base64url')
const signer = (k) => async (data) => crypto.sign(k.alg === 'EdDSA' ? null : 'sha256', Buffer.from(data),
  { key: crypto.KeyObject.from(k.privateKey), dsaEncoding: 'ieee-p1363' }).toString('base64url')

async function document (d) {
  const vc = new SDJwtVcInstance({
    signer: signer(d.key), signAlg: d.key.alg, hashAlg: 'sha-256', saltGenerator: () => crypto.randomBytes(16).toString('base64url'),
    hasher: (data, alg) => new Uint8Array(crypto.createHash(alg.replace('-', '')).update(Buffer.from(data)).digest()),
    kbSigner: signer({ alg: 'ES256', privateKey: holder.privateKey }), kbSignAlg: 'ES256'
  })
  const frame = { _sd: Object.keys(d.hidden), _sd_decoy: 3 }
  const payload = { ...d.open, ...d.hidden }
  const show = Object.fromEntries(Object.keys(d.hidden).filter(n => !d.withheld?.includes(n)).map(n => [n, true]))
  if (d.predicates) {
    payload.predicates = d.predicates
    frame.predicates = { _sd: Object.keys(d.predicates) }
    show.predicates = Object.fromEntries(Object.keys(d.predicates).map(n => [n, true]))
  }
  const issued = await vc.issue(payload, frame, { header: { kid: d.key.kid } })
  return vc.present(issued, show, d.open.cnf && { kb: { payload: { iat: now, aud: d.proofFor ?? 'portal', nonce: 'nonce-1' } } })
}

const list = async (k, uri, iss, change = x => x) => {
  const statuses = Array(1 << 17).fill(0)
  statuses[3] = 2; statuses[5] = 1
  const { header, payload } = createHeaderAndPayload(new StatusList(statuses, 2), { iss, sub: uri, iat: now - 60, exp: now + 86400, ttl: 300 }, { alg: k.alg, kid: k.kid })
  return new jose.SignJWT(change(payload)).setProtectedHeader({ ...header, alg: k.alg, kid: k.kid, typ: 'statuslist+jwt' }).sign(k.privateKey)
}

// good describes an answer, for change to spoil.
function good () {
  const paper = (kind, iss, idx, k, hidden, predicates) => ({ key: k, hidden, predicates, open: {
    iss, vct: `urn:vneid:document:${kind}:1`, aud: 'portal', txn: 'txn-1', sub: 'pairwise-1', iat: now, exp: now + 86400,
    status: { status_list: { idx, uri: iss + '/status/1' } }, verification: { state: 'verified', at: now - 86400, source: 'register' } } })
  return {
    docs: [
      paper('identity', police, 0, keys.police, { name: 'Nguyễn Thị Mẫu', birth: '1990-05-06', id: '999190000001' }),
      paper('driver-licence', police, 1, keys.police, { number: '999000000001', name: 'NGUYỄN THỊ MẪU', classes: [{ class: 'B' }] }, { 'age>=18': true, 'licence:B': true }),
      paper('health-insurance', insurance, 2, keys.insurance, { number: '0000000001' })],
    envelope: { iss: platform, aud: 'portal', sub: 'pairwise-1', txn: 'txn-1', grant: 'grant-1', jti: 'e-' + crypto.randomUUID(), nonce: 'nonce-1', iat: now, exp: now + 300,
      acr: 'urn:vneid:acr:l2:a3', auth_time: now - 30, decision: 'approved', declined: [], approvals: [{ by: 'self', at: now - 20 }], eid_locked: false, seq: 7 },
    receipt: { iss: platform, aud: 'portal', sub: 'pairwise-1', txn: 'txn-1', grant: 'grant-1', jti: 'r-1', iat: now, schema_version: 'urn:vneid:consent-receipt:1', record_id: 'c-1',
      purposes: [{ purpose: 'car-rental', vi: 'Thuê xe', lawful_basis: 'consent', processing_method: 'store', retention_period_days: 30, collection_method: 'once',
        validity_start: now - 20, pii_controller: 'portal', withdrawal_method: platform + '/grants', pii_information: [
          { pii_type: 'identity', attributes: ['name', 'birth', 'id'] },
          { pii_type: 'driver-licence', attributes: ['number', 'name', 'classes'], predicates: ['age>=18', 'licence:B'] },
          { pii_type: 'health-insurance', attributes: ['number'] }] }],
      events: [{ event_type: 'decided', event_state: 'given', event_time: now - 20, by: 'self' }] },
    envelopeKey: keys.envelope, receiptKey: keys.receipt
  }
}

async function bundle (change = () => {}, after = () => {}, to) {
  const a = good()
  change(a)
  const documents = []
  for (const d of a.docs) documents.push(await document(d))
  const receipt = await jws(a.receiptKey, 'consent-receipt+jwt', a.receipt)
  a.envelope.documents ??= documents.map(d => sha(d.slice(0, d.lastIndexOf('~') + 1)))
  a.envelope.receipt ??= sha(receipt)
  const parts = { envelope: await jws(a.envelopeKey, 'vneid-envelope+jwt', a.envelope), receipt, documents }
  await after(parts, a)
  const text = JSON.stringify(parts)
  if (!to) return text
  return new jose.CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader({ alg: to.alg, enc: 'A256GCM', kid: to.kid, cty: 'vneid-bundle+json' }).encrypt(to.key)
}

const toEC = { alg: 'ECDH-ES+A256KW', kid: 'enc-1', key: enc.publicKey }, toRSA = { alg: 'RSA-OAEP-256', kid: 'enc-2', key: rsa.publicKey }
const bound = async () => { const cnf = { jwk: await jose.exportJWK(holder.publicKey) }; return a => { a.docs[0].open.cnf = cnf } }
const bind = await bound()
const accepted = {
  'in the clear': { bundle: await bundle() },
  'encrypted to an EC key': { bundle: await bundle(undefined, undefined, toEC), encrypted: true },
  'encrypted to an RSA key': { bundle: await bundle(undefined, undefined, toRSA), encrypted: true },
  'a document bound to a key': { bundle: await bundle(bind) },
  'some of it declined': { bundle: await bundle(a => {
    a.docs[1].withheld = ['classes']; a.receipt.purposes[0].pii_information[1].attributes = ['number', 'name']
    a.envelope.decision = 'partial'; a.envelope.declined = [{ kind: 'driver-licence', claims: ['classes'] }]
  }) }
}
const refused = {}
const spoil = async (name, kind, change, after, twin = 'in the clear', to) => { refused[name] = { kind, twin, encrypted: !!to, bundle: await bundle(change, after, to) } }
await spoil('a key of nobody', 'bad signature', a => { a.docs[0].key = keys.stranger })
await spoil('a licence by the insurance', 'untrusted', a => { a.docs[1].key = keys.insurance; a.docs[1].open.iss = insurance })
await spoil("another client's document", 'mismatch', a => { a.docs[0].open.aud = 'another' })
await spoil("another client's envelope", 'mismatch', a => { a.envelope.aud = 'another' })
await spoil('a document of another transaction', 'mismatch', a => { a.docs[1].open.txn = 'txn-0' })
await spoil('a document of somebody else', 'mismatch', a => { a.docs[1].open.sub = 'pairwise-2' })
await spoil('documents of two people', 'mismatch', a => { a.docs[1].hidden.name = 'Trần Văn Thử' })
await spoil('an old envelope', 'expired', a => { a.envelope.iat -= 3600; a.envelope.exp -= 3600; a.envelope.auth_time -= 3600 })
await spoil('documents in another order', 'bad signature', undefined, p => p.documents.reverse())
await spoil('another rendering of a document', 'bad signature', undefined, async (p, a) => { p.documents[0] = await document(a.docs[0]) })
await spoil('consent to less', 'mismatch', a => { a.receipt.purposes[0].pii_information.pop() })
await spoil('a claim too many', 'mismatch', a => { a.docs[2].hidden.facility = 'x'; a.receipt.purposes[0].pii_information[2].attributes.push('facility') })
await spoil('a suspended document', 'revoked', a => { a.docs[0].open.status.status_list.idx = 3 })
await spoil('a revoked document', 'revoked', a => { a.docs[0].open.status.status_list.idx = 5 })
await spoil('a locked card', 'locked', a => { a.envelope.eid_locked = true })
await spoil('an account of level 1', 'level too low', a => { a.envelope.acr = 'urn:vneid:acr:l1:a3' })
await spoil("a key's proof for another", 'mismatch', a => { bind(a); a.docs[0].proofFor = 'another' }, undefined, 'a document bound to a key')
await spoil('encrypted to a key of another name', 'malformed', undefined, undefined, 'encrypted to an EC key', { ...toEC, kid: 'enc-3' })

const write = (name, o) => writeFileSync(new URL(name, import.meta.url), JSON.stringify({ by, ...o }, null, 1) + '\n')
write('accepted/bundles.json', {
  now, keys: { [platform]: await jwks('envelope', 'receipt'), [police]: await jwks('police', 'policeStatus'), [insurance]: await jwks('insurance', 'insuranceStatus') },
  decrypt: { 'enc-1': await jose.exportPKCS8(enc.privateKey), 'enc-2': await jose.exportPKCS8(rsa.privateKey) },
  lists: { [police + '/status/1']: await list(keys.policeStatus, police + '/status/1', police), [insurance + '/status/1']: await list(keys.insuranceStatus, insurance + '/status/1', insurance) },
  cases: accepted
})
write('refused/bundles.json', { cases: refused })
