import { createHash } from 'node:crypto'
import { Store } from '../../dist/store/store.js'

const [, , file, source] = process.argv
const DAY = 20778
const SIGHTINGS = 500
const BATCHES = source === 'stream' ? 1000 : 24

const store = Store.open(file, { identities: 'pseudonym', keyCheck: 'k1', create: true, clock: () => 0 })
store.recover()
const writer = store.begin({ input: 'made', kind: 'log', format: 'made', source, settings: 's1' })
console.log('begun')
for (let n = 1; n < BATCHES; n++) {
  writer.add(madeBatch(n))
  console.log(`batch ${n}`)
}
const sha256 = hash('content')
writer.complete({ length: 1, sample: sha256, sha256 }, madeBatch(BATCHES))
store.close()

function madeBatch(n) {
  const sightings = []
  for (let i = 0; i < SIGHTINGS; i++) {
    const quarter = DAY * 96 + (i % 200)
    const client = { kind: 'address', tag: hash(`${n} ${i % 50}`).slice(0, 32), clear: undefined }
    const first = quarter * 900_000_000 + i
    sightings.push({
      client,
      user: undefined,
      network: 'office',
      app: 'whatsapp',
      indicator: `whatsapp exact ${i % 7}.whatsapp.net`,
      means: 'tls-sni',
      action: '',
      quarter,
      mask: 1 + (i % 1000),
      count: 1,
      bytesUp: -1,
      bytesDown: i,
      first,
      last: first + n,
      firstAt: i,
      lastAt: i,
    })
  }
  return { sightings, marks: [], sessions: [], answers: [], coverage: [{ reason: 'records', count: SIGHTINGS }] }
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex')
}
