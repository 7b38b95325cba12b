import type { KeyObject } from 'node:crypto'
import type { AuditEntry, SignedHead } from '../model/audit.ts'
import { hashOf } from './entry.ts'
import { isSignedBy } from './heads.ts'

/**
 * What is wrong with a log. altered: an entry is not what its hash is of. dropped: numbers are missing. reordered: an
 * entry follows another one than it did. replaced: it follows none that there is. cut: there were later ones.
 * recomputed: the log fits together, and is not the one that was published. foreign: heads of another log. forged: a
 * head that none of the keys signed.
 */
export type AuditFault = 'altered' | 'dropped' | 'reordered' | 'replaced' | 'cut' | 'recomputed' | 'foreign' | 'forged'

/** A fault with the entry that it was found at, and a sentence. */
export interface AuditProblem {
  readonly fault: AuditFault
  readonly seq: number
  readonly text: string
}

/** What came out of holding a log against itself and against what was published of it. */
export interface AuditVerdict {
  readonly entries: number
  /** Up to here it is the one that was published; 0 where no head says so. */
  readonly publishedUpTo: number
  /** Heads of entries that a purge took out: they can no longer be held against anything. */
  readonly headsOfPurged: number
  /** The first of each kind and at most 100. */
  readonly problems: readonly AuditProblem[]
  /** How many more there are. */
  readonly more: number
}

/** Where a log begins that was purged: what its first entry says it follows. */
export interface AuditStart {
  readonly seq: number
  readonly hash: string
}

const SHOWN = 100

/**
 * Holds a log against itself, against the number that the store gave out last, and against heads.
 *
 * @param entries by number. @param lastGiven the last number that was ever given to an entry, 0 where it is not known.
 * @param starts what purges wrote down of the last entry that they took out.
 * @param keys of those who signed heads, of which each needs one.
 */
export function verifyLog(
  entries: readonly AuditEntry[],
  lastGiven: number,
  starts: readonly AuditStart[],
  heads: readonly SignedHead[],
  keys: readonly KeyObject[],
): AuditVerdict {
  const found: AuditProblem[] = []
  const add = (fault: AuditFault, seq: number, text: string) => found.push({ fault, seq, text })
  checkChain(entries, starts, add)
  const last = entries.at(-1)?.seq ?? 0
  if (lastGiven > last) add('cut', last, `the log ends with entry ${last}, and had ${lastGiven}`)
  const sound: SignedHead[] = []
  for (const head of heads) {
    if (keys.some((key) => isSignedBy(head, key))) sound.push(head)
    else add('forged', head.seq, `the head of entry ${head.seq} was signed with none of these keys`)
  }
  const { publishedUpTo, headsOfPurged } = checkHeads(entries, sound, add)
  return {
    ...{ entries: entries.length, publishedUpTo, headsOfPurged },
    ...{ problems: found.slice(0, SHOWN), more: Math.max(0, found.length - SHOWN) },
  }
}

type Add = (fault: AuditFault, seq: number, text: string) => void

function checkChain(entries: readonly AuditEntry[], starts: readonly AuditStart[], add: Add): void {
  const bySelf = new Map(entries.map((entry) => [entry.hash, entry.seq]))
  for (const [n, entry] of entries.entries()) {
    const before = n === 0 ? startOf(entry, starts) : entries[n - 1]!
    const expected = (before?.seq ?? 0) + 1
    if (hashOf(entry) !== entry.hash) add('altered', entry.seq, `entry ${entry.seq} is not what its hash is of`)
    if (entry.seq !== expected) {
      const missing =
        expected === entry.seq - 1 ? `entry ${expected} is` : `entries ${expected} to ${entry.seq - 1} are`
      add('dropped', entry.seq, `${missing} missing`)
    } else if (entry.previous !== (before?.hash ?? '')) {
      const other = bySelf.get(entry.previous)
      if (other !== undefined) {
        add('reordered', entry.seq, `entry ${entry.seq} stands behind another than entry ${other}, which it followed`)
      } else add('replaced', entry.seq, `entry ${entry.seq} does not follow the one that stands before it`)
    }
  }
}

/** What the first entry follows: nothing, or the last that a purge took out. */
function startOf(first: AuditEntry, starts: readonly AuditStart[]): AuditStart | undefined {
  return first.seq === 1 ? undefined : starts.find(({ seq }) => seq === first.seq - 1)
}

function checkHeads(
  entries: readonly AuditEntry[],
  heads: readonly SignedHead[],
  add: Add,
): Pick<AuditVerdict, 'publishedUpTo' | 'headsOfPurged'> {
  const first = entries[0]
  const last = entries.at(-1)
  const bySeq = new Map(entries.map((entry) => [entry.seq, entry]))
  let publishedUpTo = 0
  let headsOfPurged = 0
  let differs: number | undefined
  const sorted = [...heads].sort((a, b) => a.seq - b.seq || a.at - b.at)
  for (const head of sorted) {
    const entry = bySeq.get(head.seq)
    if (first?.seq === 1 && head.log !== first.hash) {
      const words =
        'was published of a log that begins with another entry: of another store, or this one was begun anew'
      add('foreign', head.seq, `the head of entry ${head.seq} ${words}`)
    } else if (entry !== undefined && entry.hash === head.hash) {
      if (differs === undefined) publishedUpTo = head.seq
    } else if (entry !== undefined) differs ??= head.seq
    else if (last === undefined || head.seq > last.seq) {
      add('cut', last?.seq ?? 0, `the log ends with entry ${last?.seq ?? 0}, and entry ${head.seq} was published`)
    } else if (first !== undefined && head.seq < first.seq) headsOfPurged++
  }
  if (differs !== undefined) {
    const from = publishedUpTo + 1
    add('recomputed', differs, `entries ${from} to ${differs} are not those that were published`)
  }
  return { publishedUpTo, headsOfPurged }
}
