// Makes accepted/jwe.json: npm ci in internal/interop/jose, and there
//
//   node ../../jwx/testdata/make_jwe.mjs
//
// One encrypted token for each key management and content encryption that is
// accepted, by jose on Node. The keys are thrown away but for what opens the tokens.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const at = pathToFileURL(process.cwd() + '/')
const jose = await import(pathToFileURL(createRequire(at).resolve('jose')))
const { version } = JSON.parse(readFileSync(new URL('node_modules/jose/package.json', at)))

const encs = ['A128GCM', 'A256GCM', 'A128CBC-HS256', 'A256CBC-HS512']
const kinds = [
  ['RSA-OAEP-256', [{ modulusLength: 2048 }]],
  ['ECDH-ES', [{ crv: 'P-256' }, { crv: 'P-384' }, { crv: 'P-521' }]],
  ['ECDH-ES+A128KW', [{ crv: 'P-256' }]],
  ['ECDH-ES+A256KW', [{ crv: 'P-256' }, { crv: 'P-384' }]]
]
const signer = await jose.generateKeyPair('ES256')
const signed = await new jose.SignJWT({ nonce: 'n' }).setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
  .setIssuer('https://op.example').setSubject('9b1f').setAudience('rp').setIssuedAt(1790000000).setExpirationTime(1790000300).sign(signer.privateKey)
const plain = new TextEncoder().encode(signed)

const cases = {}
for (const [alg, options] of kinds) {
  for (const option of options) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { ...option, extractable: true })
    const key = await jose.exportPKCS8(privateKey)
    for (const enc of encs) {
      const header = { alg, enc, kid: 'enc-1', cty: 'JWT' }
      cases[`${alg} ${option.crv ?? ''} ${enc}`.replace('  ', ' ')] =
        { token: await new jose.CompactEncrypt(plain).setProtectedHeader(header).encrypt(publicKey), key, plain: signed }
    }
    if (alg === 'ECDH-ES') {
      const parties = new jose.CompactEncrypt(plain).setProtectedHeader({ alg, enc: 'A256GCM', typ: 'JWT' })
        .setKeyManagementParameters({ apu: new Uint8Array([1, 2]), apv: new Uint8Array([3]) })
      cases[`${alg} ${option.crv} with apu and apv, without kid and cty`] = { token: await parties.encrypt(publicKey), key, plain: signed }
    }
  }
}
const text = JSON.stringify({ maker: `node make_jwe.mjs, jose ${version}`, cases }, null, 1)
writeFileSync(new URL('accepted/jwe.json', import.meta.url), text + '\n')
