// Reads pictures from standard input (width and height as little-endian 32-bit
// numbers, then a grey byte per pixel) and answers each with one line: a JSON array
// of the payloads found, in base64.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

// Left alone it would fetch its binary from a server.
const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')))
await prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) }, fireImmediately: true })

const options = { formats: ['QRCode'], tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true, maxNumberOfSymbols: 8 }

let pending = Buffer.alloc(0)
const chunks = process.stdin[Symbol.asyncIterator]()
async function take(n) {
  const parts = [pending]
  let size = pending.length
  while (size < n) {
    const { value, done } = await chunks.next()
    if (done) process.exit(0)
    parts.push(value)
    size += value.length
  }
  const all = Buffer.concat(parts)
  pending = all.subarray(n)
  return all.subarray(0, n)
}

for (;;) {
  const head = await take(8)
  const width = head.readUInt32LE(0), height = head.readUInt32LE(4)
  const grey = await take(width * height)
  const data = new Uint8ClampedArray(4 * width * height)
  for (let i = 0; i < grey.length; i++) {
    data[4 * i] = data[4 * i + 1] = data[4 * i + 2] = grey[i]
    data[4 * i + 3] = 255
  }
  const found = await readBarcodes({ data, width, height, colorSpace: 'srgb' }, options)
  const payloads = found.filter(c => c.isValid).map(c => Buffer.from(c.bytes).toString('base64'))
  process.stdout.write(JSON.stringify(payloads) + '\n')
}
