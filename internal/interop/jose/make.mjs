// Makes the committed fixtures of vneid/jwks: npm ci && node make.mjs
import { readFileSync } from 'node:fs'
import * as jose from 'jose'
import { make } from '../../../vneid/jwks/testdata/make.mjs'

const { version } = JSON.parse(readFileSync(new URL('node_modules/jose/package.json', import.meta.url)))
await make(jose, version)
