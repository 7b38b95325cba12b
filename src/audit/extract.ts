import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { AuditEntry, SignedHead } from '../model/audit.ts'
import { bodyHash, entryLine, linkHash } from './entry.ts'
import { headWords } from './heads.ts'

/** The files of an extract, by path. */
export type ExtractFiles = ReadonlyMap<string, Uint8Array>

const FOLDER = 'data/audit/'

/** What the files are: see docs/evidence.md. */
export const EXTRACT = {
  about: `${FOLDER}about.json`,
  /** The hash of the entry before the first of the chain. */
  before: `${FOLDER}before.txt`,
  /** Of each entry its number and the hash of what it tells. */
  chain: `${FOLDER}chain.txt`,
  /** Of those that are shown the number, and what they tell. */
  entries: `${FOLDER}entries.txt`,
  heads: `${FOLDER}heads.txt`,
} as const

/** What about.json says. */
export interface ExtractAbout {
  /** The hash of the first entry that the log ever had; '' where it has none. */
  readonly log: string
  /** The first entry that the store still has: earlier ones were purged. */
  readonly kept: number
  /** Numbers of the entries in the chain; 0 and 0 where it has none. */
  readonly from: number
  readonly to: number
  readonly shown: number
  readonly heads: number
  /** Entries that concern the findings and stand before the chain, which would be too long with them. */
  readonly leftOut: number
}

/** Entries of a chain: 70 MB of text. */
const CHAIN_LIMIT = 1_000_000

/** A log that an extract is made of. */
export interface ExtractSource {
  /** Of the store, for messages. */
  readonly file: string
  readonly log: string
  /** The entries from a number on, by number. */
  readonly each: (from: number) => Iterable<AuditEntry>
}

/**
 * The entries that concern somebody, with what holds them against heads that were signed: of every other entry in between
 * only a hash that nothing can be guessed from. It ends with the last head, or with the last entry that concerns them and
 * tells of something else than a pack, so that making a pack again gives the same. Throws `store_unusable` where the log
 * does not fit together, or is not the one that the heads are of.
 */
export function auditExtract(
  { file, log, each }: ExtractSource,
  concerns: (entry: AuditEntry) => boolean,
  heads: readonly SignedHead[],
): Map<string, Uint8Array> {
  const published = Map.groupBy(heads, ({ seq }) => seq)
  const met: AuditEntry[] = []
  const usable: SignedHead[] = []
  let kept = 0
  let last: AuditEntry | undefined
  for (const entry of each(0)) {
    if (kept === 0) kept = entry.seq
    checkLink(entry, last, file)
    last = entry
    if (concerns(entry)) met.push(entry)
    for (const head of published.get(entry.seq) ?? []) {
      if (head.log !== log || head.hash !== entry.hash) throw notPublished(head.seq, file)
      usable.push(head)
    }
  }
  const newest = heads.reduce((most, { seq }) => Math.max(most, seq), 0)
  if (newest > (last?.seq ?? 0)) throw notPublished(newest, file)
  const to = Math.max(usable.at(-1)?.seq ?? 0, met.findLast(({ action }) => action !== 'prove')?.seq ?? 0)
  const inReach = met.filter(({ seq }) => seq <= to)
  const from = Math.max(inReach[0]?.seq ?? 0, to - CHAIN_LIMIT + 1)
  const shown = inReach.filter(({ seq }) => seq >= from)
  if (shown.length === 0) return filesOf({ log, kept, from: 0, to: 0, leftOut: inReach.length }, '', [], [], [])
  const chain: string[] = []
  let before = ''
  for (const entry of each(from)) {
    if (entry.seq > to) break
    if (entry.seq === from) before = entry.previous
    chain.push(`${entry.seq} ${bodyHash(entry)}`)
  }
  const leftOut = inReach.length - shown.length
  return filesOf({ log, kept, from, to, leftOut }, before, chain, shown, telling(usable, shown))
}

/** Of the heads the first behind each entry, which says when it was there already, and the last. */
function telling(heads: readonly SignedHead[], shown: readonly AuditEntry[]): readonly SignedHead[] {
  const numbers = new Set([heads.at(-1)?.seq])
  let nth = 0
  for (const { seq } of shown) {
    while (nth < heads.length && heads[nth]!.seq < seq) nth++
    numbers.add(heads[nth]?.seq)
  }
  return heads.filter(({ seq }) => numbers.has(seq))
}

function filesOf(
  about: Omit<ExtractAbout, 'shown' | 'heads'>,
  before: string,
  chain: readonly string[],
  shown: readonly AuditEntry[],
  heads: readonly SignedHead[],
): Map<string, Uint8Array> {
  const told: ExtractAbout = { ...about, shown: shown.length, heads: heads.length }
  const lines = (all: readonly string[]) => Buffer.from(all.map((line) => `${line}\n`).join(''))
  return new Map([
    [EXTRACT.about, Buffer.from(`${JSON.stringify(told, null, 2)}\n`)],
    [EXTRACT.before, lines([before])],
    [EXTRACT.chain, lines(chain)],
    [EXTRACT.entries, lines(shown.map((entry) => `${entry.seq} ${entryLine(entry)}`))],
    [EXTRACT.heads, lines(heads.map(headWords))],
  ])
}

function checkLink(entry: AuditEntry, last: AuditEntry | undefined, file: string): void {
  const fits = last === undefined || (entry.seq === last.seq + 1 && entry.previous === last.hash)
  if (fits && linkHash(entry.seq, entry.previous, bodyHash(entry)) === entry.hash) return
  throw unfit(`does not fit together at entry ${entry.seq}`, file)
}

function notPublished(seq: number, file: string): OffchannelError {
  return unfit(`is not the one that the head of entry ${seq} is of`, file)
}

function unfit(what: string, file: string): OffchannelError {
  const words = `its audit log ${what}: \`offchannel audit verify\` says what is wrong`
  return new OffchannelError('store_unusable', `${harmless(file)}: ${words}`)
}
