// Makes the committed fixture of vneid/share/events: npm ci && node make_sets.mjs
import { readFileSync } from 'node:fs'
import * as jose from 'jose'
import { make } from '../../../vneid/share/events/testdata/make_sets.mjs'

const { version } = JSON.parse(readFileSync(new URL('node_modules/jose/package.json', import.meta.url)))
await make(jose, version)
