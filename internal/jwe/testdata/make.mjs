// Makes accepted/answers.json and refused/answers.json: npm ci in
// internal/interop/jose, and there
//
//   node ../../jwe/testdata/make.mjs
//
// Encrypted answers by jose on Node, and others that differ from one of them in the
// one fault that they are named after. The keys serve nothing else.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const at = pathToFileURL(process.cwd() + '/')
const jose = await import(pathToFileURL(createRequire(at).resolve('jose')))
const { version } = JSON.parse(readFileSync(new URL('node_modules/jose/package.json', at)))
const by = `made by jose ${version} on Node: node ../../jwe/testdata/make.mjs`

const plain = '{"envelope":"e30.e30.AA","receipt":"e30.e30.AA","documents":[]}'
const bytes = new TextEncoder().encode(plain)
const cty = 'vneid-bundle+json'
const accepted = {}, keys = {}, publics = {}
for (const [name, alg, option] of [['P-256', 'ECDH-ES+A256KW', { crv: 'P-256' }], ['P-384', 'ECDH-ES+A256KW', { crv: 'P-384' }],
  ['P-521', 'ECDH-ES+A256KW', { crv: 'P-521' }], ['RSA', 'RSA-OAEP-256', { modulusLength: 2048 }]]) {
  const pair = await jose.generateKeyPair(alg, { ...option, extractable: true })
  keys[name] = await jose.exportPKCS8(pair.privateKey)
  publics[name] = pair.publicKey
  accepted[name] = { key: name, token: await new jose.CompactEncrypt(bytes).setProtectedHeader({ alg, enc: 'A256GCM', kid: name, cty }).encrypt(pair.publicKey) }
}
accepted['P-256 with apu and apv'] = { key: 'P-256', token: await new jose.CompactEncrypt(bytes)
  .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: 'P-256', cty })
  .setKeyManagementParameters({ apu: new Uint8Array([1, 2]), apv: new Uint8Array([3]) }).encrypt(publics['P-256']) }

const refused = {}
const faulty = async (name, key, header, set = x => x) => {
  const alg = key === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW'
  const whole = { alg, enc: 'A256GCM', kid: key, cty, ...header }
  for (const k in whole) if (whole[k] === undefined) delete whole[k]
  refused[name] = { twin: key, token: await set(new jose.CompactEncrypt(bytes).setProtectedHeader(whole)).encrypt(publics[key]) }
}
await faulty('without kid', 'P-256', { kid: undefined })
await faulty('the kid of another key', 'P-256', { kid: 'P-384' })
await faulty('a kid of nobody', 'P-256', { kid: 'P-25' })
await faulty('without cty', 'P-256', { cty: undefined })
await faulty('the cty of a token', 'P-256', { cty: 'JWT' })
await faulty('a typ', 'P-256', { typ: 'JOSE' })
await faulty('a jku', 'P-256', { jku: 'https://op.example/keys' })
await faulty('an apu where nothing is agreed', 'RSA', { apu: 'AQI' })
for (const alg of ['ECDH-ES', 'ECDH-ES+A128KW']) await faulty(alg, 'P-256', { alg })
await faulty('RSA-OAEP-512', 'RSA', { alg: 'RSA-OAEP-512' }).catch(() => delete refused['RSA-OAEP-512'])
for (const enc of ['A128GCM', 'A128CBC-HS256', 'A256CBC-HS512']) await faulty(enc, 'P-256', { enc })
const part = (name, i, change) => {
  const parts = accepted['P-256'].token.split('.')
  parts[i] = change(parts[i], parts)
  refused[name] = { twin: 'P-256', token: parts.join('.') }
}
const flip = s => (s[0] === 'A' ? 'B' : 'A') + s.slice(1)
part('another wrapped key', 1, flip)
part('another initialisation vector', 2, flip)
part('another ciphertext', 3, flip)
part('another tag', 4, flip)
part('a tag of eight bytes', 4, s => s.slice(0, 11).slice(0, 10) + 'A')
part('without ciphertext', 3, () => '')
part('without wrapped key', 1, () => '')
part('six parts', 4, s => s + '.AA')
part('padding', 4, s => s + '==')
part('a line break', 3, s => s.slice(0, 4) + '\n' + s.slice(4))
const edit = (name, change) => part(name, 0, s => {
  const h = JSON.parse(Buffer.from(s, 'base64url'))
  return Buffer.from(change(h) ?? JSON.stringify(h)).toString('base64url')
})
edit('a zip', h => { h.zip = 'DEF' })
edit('an epk off the curve', h => { h.epk.x = flip(h.epk.x) })
edit('an epk of another curve', h => { h.epk.crv = 'P-384' })
edit('an epk with a private part', h => { h.epk.d = h.epk.x })
edit('an epk cut short', h => { h.epk.y = h.epk.y.slice(0, 40) })
edit('the point at infinity', h => { h.epk.x = h.epk.y = 'A'.repeat(43) })
edit('without epk', h => { delete h.epk })
edit('a member twice', h => JSON.stringify(h).replace('"enc"', '"cty":"vneid-bundle+json","enc"'))
edit('a header that is changed and means the same', h => ' ' + JSON.stringify(h))

const write = (name, o) => writeFileSync(new URL(name, import.meta.url), JSON.stringify({ by, plain, ...o }, null, 1) + '\n')
write('accepted/answers.json', { keys, cases: accepted })
write('refused/answers.json', { cases: refused })
