// A peer for bundle_test.go: one JSON request on standard input, one answer on standard
// output. It opens an encrypted answer, and checks archived ones by itself: signatures by
// jose, digests and disclosures and status lists by Node. "" is a verdict that all holds.
import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import * as jose from 'jose'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const { sealed, key, archives } = JSON.parse(Buffer.concat(chunks))
const sha = (text) => createHash('sha256').update(text).digest('base64url')
const must = (ok, what) => { if (!ok) throw new Error(what) }

async function check(e) {
  const keys = Object.fromEntries(Object.entries(e.keys).map(([iss, set]) => [iss, jose.createLocalJWKSet(set)]))
  const at = new Date(e.verified)
  const read = (token, iss, typ) => jose.jwtVerify(token, keys[iss], { typ, issuer: iss, audience: e.client, currentDate: at, clockTolerance: 60 }).then(r => r.payload)
  const envelope = await read(e.envelope, e.platform, 'vneid-envelope+jwt')
  const receipt = await read(e.receipt, e.platform, 'consent-receipt+jwt')
  must(envelope.receipt === sha(e.receipt) && receipt.sub === envelope.sub && receipt.txn === e.txn && envelope.txn === e.txn && envelope.grant === e.grant, 'envelope')
  must(envelope.documents.length === e.documents.length, 'documents')
  const claims = {}
  for (const [i, doc] of e.documents.entries()) {
    must(envelope.documents[i] === sha(doc.slice(0, doc.lastIndexOf('~') + 1)), 'digest')
    const [jwt, ...list] = doc.split('~')
    const { iss } = jose.decodeJwt(jwt)
    const c = await read(jwt, iss, 'dc+sd-jwt')
    must(c.sub === envelope.sub && c.txn === e.txn && c._sd_alg === 'sha-256', 'binding')
    const digests = new Set([...c._sd ?? [], ...c.predicates?._sd ?? []])
    const said = claims[c.vct] = {}
    for (const text of list.slice(0, -1)) {
      const [, name, value] = JSON.parse(Buffer.from(text, 'base64url'))
      must(digests.delete(sha(text)), 'disclosure')
      said[name] = value
    }
    const { idx, uri } = c.status.status_list
    const { payload: l } = await jose.jwtVerify(e.status[uri], keys[iss], { typ: 'statuslist+jwt', subject: uri, currentDate: at, clockTolerance: 60 })
    const { bits, lst } = l.status_list
    const bytes = inflateSync(Buffer.from(lst, 'base64url'))
    must(((bytes[Math.floor(idx * bits / 8)] >> (idx * bits % 8)) & (2 ** bits - 1)) === 0, 'status')
  }
  return claims
}

const verdicts = []
let claims = {}
for (const [i, e] of archives.entries()) {
  try {
    const said = await check(e)
    if (i === 0) claims = said
    verdicts.push('')
  } catch (err) {
    verdicts.push(err.code ?? err.message)
  }
}
const opened = await jose.compactDecrypt(sealed, await jose.importJWK(key, 'ECDH-ES+A256KW'))
const bent = sealed.slice(0, -4) + (sealed.endsWith('AAAA') ? 'BBBB' : 'AAAA')
const refused = await jose.compactDecrypt(bent, await jose.importJWK(key, 'ECDH-ES+A256KW')).then(() => false, () => true)
process.stdout.write(JSON.stringify({ verdicts, claims, plain: new TextDecoder().decode(opened.plaintext), cty: opened.protectedHeader.cty, refused }))
