import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseAddress } from '../../src/base/address.ts'
import { Oddities } from '../../src/base/oddities.ts'
import { claimants, sampleOf } from '../../src/read/detect.ts'
import { openRecords } from '../../src/read/log/framing/index.ts'
import { observationRecord } from '../../src/report/observation.ts'
import { chunksOver } from '../read/log/drive.ts'
import { folder, type Row, table } from './corpora.ts'
import { CAUSES, type Cause } from './log-causes.ts'

/** What is compared of a record. `read`: its format was told, and it gave an observation or a mark. */
export const ASPECTS = ['read', 'time', 'name', 'client', 'server', 'user', 'action', 'bytes'] as const
export type Aspect = (typeof ASPECTS)[number]

export interface Score {
  readonly right: number
  /** Wrong by the other tool, and known why. */
  readonly explained: number
  readonly of: number
}

export interface Difference {
  readonly file: string
  readonly aspect: Aspect
  readonly expected: string
  readonly found: string
  /** Undefined where it is not known. */
  readonly cause: Cause | undefined
}

export interface Scores {
  readonly products: ReadonlyMap<string, Readonly<Record<Aspect, Score>>>
  readonly differences: readonly Difference[]
}

/** Where the logs of one file with one record each stand. */
const LOGS = 'SEKOIA-IO+intake-formats'

export const hasLogs = folder !== undefined && existsSync(join(folder, 'data', LOGS))

/** Reads every log line that another tool read, and compares what both say of it; `only` is a part of a product's name. */
export function compareLogs(only = ''): Scores {
  const products = new Map<string, Record<Aspect, Count>>()
  const differences: Difference[] = []
  for (const row of table('truth/truth-sekoia.tsv')) {
    const { product = '', file = '' } = row
    if (!product.toLowerCase().includes(only.toLowerCase())) continue
    const wanted = expectedOf(row)
    if (wanted === undefined) continue
    const message = messageOf(file)
    const said = observe(message)
    const score = products.get(product) ?? emptyScores()
    products.set(product, score)
    for (const aspect of ASPECTS) {
      const value = wanted[aspect]
      if (value === undefined || (aspect !== 'read' && said.records.length === 0)) continue
      if (said.isMark && !['read', 'time', 'user'].includes(aspect)) continue
      if (!said.isTimed && aspect === 'time') continue
      const found = said.records.map((record) => foundOf(record, aspect)).filter((text) => text !== '')
      const isRight = aspect === 'read' ? said.records.length > 0 : found.some((text) => agree(aspect, value, text))
      score[aspect].of++
      if (isRight) score[aspect].right++
      else {
        const shown = aspect === 'read' ? said.why : [...new Set(found)].join(' | ')
        const cause = CAUSES.find(
          (known) =>
            product.startsWith(known.product) && known.aspect === aspect && (known.record?.test(message) ?? true),
        )
        if (cause !== undefined) score[aspect].explained++
        differences.push({ file, aspect, expected: value, found: shown, cause })
      }
    }
  }
  return { products, differences }
}

interface Count {
  right: number
  explained: number
  of: number
}

function emptyScores(): Record<Aspect, Count> {
  const scores = ASPECTS.map((aspect) => [aspect, { right: 0, explained: 0, of: 0 }])
  return Object.fromEntries(scores) as Record<Aspect, Count>
}

function messageOf(file: string): string {
  const document = JSON.parse(readFileSync(join(folder!, 'data', LOGS, file), 'utf8')) as { input: { message: string } }
  return document.input.message
}

/** What the other tool says; undefined for records that name nothing anybody reached. */
function expectedOf(row: Row): Partial<Record<Aspect, string>> | undefined {
  const url = hostOf(row.url_original ?? '')
  const names = [row.dns_name, row.tls_sni, row.url_domain, row.dest_domain, url]
  const name = names.find((text) => text !== undefined && text !== '' && !isAddress(text))
  if (name === undefined && row.dest_ip === '') return undefined
  const wanted: Partial<Record<Aspect, string>> = { read: row.product ?? '' }
  if (row.timestamp !== '') wanted.time = row.timestamp!
  if (name !== undefined) wanted.name = name
  if (row.src_ip !== '') wanted.client = row.src_ip!
  if (row.dest_ip !== '') wanted.server = row.dest_ip!
  if (row.user !== '') wanted.user = row.user!
  const action = actionOf(row.action ?? '')
  if (action !== '') wanted.action = action
  if (row.bytes_out !== '' && row.bytes_in !== '') wanted.bytes = `${Number(row.bytes_out)} ${Number(row.bytes_in)}`
  return wanted
}

function isAddress(text: string): boolean {
  return parseAddress(text.replace(/^\[|\]$/g, ''), new Uint32Array(4), 0)
}

function hostOf(url: string): string {
  const host = /^[a-z]+:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(url)?.[1] ?? ''
  return host.includes('.') ? host : ''
}

function actionOf(text: string): string {
  if (/block|den(y|ied)|drop|reject|refuse|reset-both|prohibit/i.test(text)) return 'blocked'
  return /^(allow|accept|pass|permit|close)/i.test(text) ? 'allowed' : ''
}

interface Said {
  readonly records: readonly Record<string, unknown>[]
  /** Of a tunnel or a lease. */
  readonly isMark: boolean
  /** Whether the time is the record's own. */
  readonly isTimed: boolean
  /** Why there is none. */
  readonly why: string
}

/** The headers that the collector took away, of which some records need the time, or the program's name to be known. */
const HEADERS = [
  '<134>Nov 21 18:52:00 gw ',
  '<134>Nov 21 18:52:00 gw daemon[1]: ',
  '<134>Nov 21 18:52:00 gw LEEF:',
  '<134>Nov 21 18:52:00 gw named[1]: ',
]

/** What we say of a text that holds one record: as it stands, else behind a syslog header. */
function observe(text: string): Said {
  const said = observeAsIs(text)
  if (said.records.length > 0 || /: skip/.test(said.why)) return said
  for (const header of HEADERS) {
    const again = observeAsIs(header + text)
    if (again.records.length > 0) return { ...again, isTimed: false }
  }
  return said
}

function observeAsIs(text: string): Said {
  const bytes = Buffer.from(text, 'utf8')
  const formats = claimants(sampleOf(bytes))
  const [format] = formats
  if (format === undefined || formats.length > 1) {
    return {
      records: [],
      isMark: false,
      isTimed: true,
      why: formats.length === 0 ? 'no format' : formats.map(({ name }) => name).join(', '),
    }
  }
  const oddities = new Oddities()
  const chunks = chunksOver(bytes, bytes.length, Math.max(bytes.length, 16))
  chunks.bytes.set(bytes)
  chunks.end = bytes.length
  chunks.ended = true
  const records = openRecords(format.framing, chunks, oddities)
  const reader = format.open({ oddities, year: 2024 })
  const said: Record<string, unknown>[] = []
  const results: string[] = []
  while (records.next()) {
    const result = reader.record(records.bytes, records.start, records.end, {
      observe: (observation) => void said.push(observationRecord(observation, '', 'line')),
      mark: (mark) =>
        void said.push({ time: new Date(mark.time / 1000).toISOString(), user: mark.user, mark: mark.kind }),
    })
    results.push(typeof result === 'string' ? result : result.bad)
  }
  return {
    records: said,
    isMark: said.some(({ mark }) => mark !== undefined),
    isTimed: true,
    why: `${format.name}: ${results.join(' ')}`,
  }
}

function foundOf(record: Record<string, unknown>, aspect: Aspect): string {
  if (aspect === 'time') return [record.time, record.end].filter((time) => time !== undefined).join(' ')
  if (aspect === 'bytes') {
    return record.bytesUp === undefined && record.bytesDown === undefined ? '' : `${record.bytesUp} ${record.bytesDown}`
  }
  return String(record[aspect] ?? (aspect === 'client' ? (record.device ?? '') : ''))
}

function agree(aspect: Aspect, expected: string, found: string): boolean {
  if (aspect === 'time') {
    const wanted = Date.parse(expected)
    return found.split(' ').some((time) => Math.abs(Date.parse(time) - wanted) < 1000)
  }
  if (aspect === 'user') return userOf(expected) === userOf(found)
  if (aspect === 'client' || aspect === 'server') return sameAddress(expected, found)
  const plain = (text: string) => text.toLowerCase().replace(/\.$/, '')
  return plain(expected) === plain(found)
}

/** Without the domain: tools differ in whether they keep it. */
function userOf(text: string): string {
  return text.toLowerCase().replace(/^.*\\/, '').replace(/@.*$/, '')
}

function sameAddress(a: string, b: string): boolean {
  const words = new Uint32Array(8)
  return (
    a === b ||
    (parseAddress(a, words, 0) && parseAddress(b, words, 4) && words.slice(0, 4).join() === words.slice(4).join())
  )
}

/** A table of what is right, and what is not but explained (`3+1/5`), and as many other differences as are asked for. */
export function scoresText({ products, differences }: Scores, shown: number): string {
  const cell = ({ right, explained, of }: Score) =>
    (of === 0 ? '-' : `${right}${explained > 0 ? `+${explained}` : ''}/${of}`).padStart(10)
  const rows = [...products].sort(([a], [b]) => (a < b ? -1 : 1))
  const lines = [`${''.padEnd(42)}${ASPECTS.map((aspect) => aspect.padStart(10)).join('')}`]
  for (const [product, score] of rows)
    lines.push(product.padEnd(42) + ASPECTS.map((aspect) => cell(score[aspect])).join(''))
  const unexplained = differences.filter(({ cause }) => cause === undefined)
  for (const { file, aspect, expected, found } of unexplained.slice(0, shown)) {
    lines.push(`${file}: ${aspect}: expected ${expected}, found ${found}`)
  }
  return lines.join('\n')
}

const isProgram = process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href
if (isProgram && hasLogs) {
  console.log(scoresText(compareLogs(process.argv[2]), Number(process.env.LOGS_WORST ?? 0)))
}
