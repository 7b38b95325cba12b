import type { KeyObject } from 'node:crypto'
import { plural } from '../base/text.ts'
import { formatMicros, type Micros } from '../base/time.ts'
import type { SignedHead } from '../model/audit.ts'
import { linkHash, sha256 } from './entry.ts'
import { EXTRACT, type ExtractAbout, type ExtractFiles } from './extract.ts'
import { isSignedBy, parseHeadWords } from './heads.ts'

/** Something that a pack says was done, and that an entry must tell of. */
export interface Claim {
  readonly action: 'judge' | 'review' | 'correct'
  readonly at: Micros
  /** Undefined where it does not matter who. */
  readonly author: string | undefined
  /** What the entry has of its text, where it is about nothing else. */
  readonly digest: string | undefined
  /** In words. */
  readonly what: string
}

/** What came of it, in sentences. */
export interface ExtractVerdict {
  readonly holds: readonly string[]
  readonly fails: readonly string[]
  readonly notChecked: readonly string[]
}

/** Sentences of one kind. */
const SHOWN = 20

/**
 * Holds an extract against itself, against the heads in it, and what a pack says was done against the entries. Nothing in it
 * makes it throw.
 *
 * @param key of whoever signs heads; undefined where that is not known.
 */
export function checkExtract(
  files: ExtractFiles,
  claims: readonly Claim[],
  key: KeyObject | undefined,
): ExtractVerdict {
  const missing = Object.values(EXTRACT).filter((path) => !files.has(path))
  if (missing.length > 0) return failing(missing.map((path) => `${path}: is missing`))
  const about = aboutOf(textOf(files, EXTRACT.about))
  const heads = linesOf(files, EXTRACT.heads).map(parseHeadWords)
  if (about === undefined) return failing([`${EXTRACT.about}: is not what an extract has`])
  if (about.shown === 0 && files.get(EXTRACT.chain)!.length === 0) {
    return { holds: [], fails: [], notChecked: ['the audit log of the store has no entry that concerns the findings'] }
  }
  const verdict = new Verdict()
  const hashes = chainOf(files, about, verdict)
  const entries = entriesOf(files, hashes, verdict)
  if (verdict.fails.length > 0) return verdict
  const published = headsOf(heads, hashes, about, key, verdict)
  verdict.say(
    'holds',
    `entries ${about.from} to ${about.to} fit together, ${entries.length} of them shown, of the others only hashes`,
  )
  const after = entries.filter(({ seq }) => seq > published).length
  if (after > 0 && published > 0) {
    verdict.say(
      'notChecked',
      `${plural(after, 'entry', 'entries')} came after the last head: only the pack vouches for them`,
    )
  }
  if (about.leftOut > 0)
    verdict.say('notChecked', `${plural(about.leftOut, 'earlier entry', 'earlier entries')} of the findings left out`)
  holdClaims(claims, entries, about, verdict)
  return verdict
}

class Verdict implements ExtractVerdict {
  readonly holds: string[] = []
  readonly fails: string[] = []
  readonly notChecked: string[] = []

  say(outcome: keyof ExtractVerdict, sentence: string): void {
    if (this[outcome].length < SHOWN) this[outcome].push(sentence)
  }
}

function failing(fails: readonly string[]): ExtractVerdict {
  return { holds: [], fails, notChecked: [] }
}

interface Link {
  readonly body: string
  readonly hash: string
}

/** The hash of each entry, made anew from the one before. */
function chainOf(files: ExtractFiles, about: ExtractAbout, verdict: Verdict): ReadonlyMap<number, Link> {
  const links = new Map<number, Link>()
  let [hash = ''] = linesOf(files, EXTRACT.before)
  if (!/^(?:[0-9a-f]{64})?$/.test(hash) || (hash === '') !== (about.from === 1)) {
    verdict.say('fails', `${EXTRACT.before}: is not the hash of an entry`)
  }
  let next = about.from
  for (const line of linesOf(files, EXTRACT.chain)) {
    const body = /^(\d+) ([0-9a-f]{64})$/.exec(line)
    if (body?.[1] !== String(next)) {
      verdict.say('fails', `${EXTRACT.chain}: entry ${next} is missing, or its line is none of a chain`)
      return links
    }
    hash = linkHash(next, hash, body[2]!)
    links.set(next, { body: body[2]!, hash })
    next++
  }
  if (next !== about.to + 1)
    verdict.say('fails', `${EXTRACT.chain}: ends before entry ${about.to}, or goes on behind it`)
  if (about.from === 1 && links.get(1)?.hash !== about.log) {
    verdict.say('fails', `${EXTRACT.about}: names another log than the chain begins`)
  }
  return links
}

interface Shown {
  readonly seq: number
  readonly time: string
  readonly author: string
  readonly action: string
  readonly details: Readonly<Record<string, unknown>>
}

function entriesOf(files: ExtractFiles, links: ReadonlyMap<number, Link>, verdict: Verdict): readonly Shown[] {
  const entries: Shown[] = []
  for (const line of linesOf(files, EXTRACT.entries)) {
    const space = line.indexOf(' ')
    const [seq, text] = [Number(line.slice(0, space)), line.slice(space + 1)]
    const told = parsed(text)
    if (links.get(seq)?.body !== sha256(`${text}\n`) || told === undefined) {
      verdict.say('fails', `${EXTRACT.entries}: entry ${seq} is not the one of the chain`)
    } else entries.push({ seq, ...told })
  }
  return entries
}

function parsed(text: string): Omit<Shown, 'seq'> | undefined {
  try {
    const { time, author, action, details } = JSON.parse(text) as Record<string, unknown>
    if (typeof details !== 'object' || details === null) return undefined
    return { time: String(time), author: String(author), action: String(action), details: { ...details } }
  } catch {
    return undefined
  }
}

/** Gives up to which entry the log is the one that was published. */
function headsOf(
  heads: readonly (SignedHead | undefined)[],
  links: ReadonlyMap<number, Link>,
  about: ExtractAbout,
  key: KeyObject | undefined,
  verdict: Verdict,
): number {
  let published = 0
  for (const [n, head] of heads.entries()) {
    if (head === undefined) verdict.say('fails', `${EXTRACT.heads}:${n + 1}: is no head`)
    else if (head.log !== about.log || links.get(head.seq)?.hash !== head.hash) {
      verdict.say('fails', `the head of entry ${head.seq} is of another log than the chain`)
    } else if (key !== undefined && !isSignedBy(head, key)) {
      verdict.say('fails', `the head of entry ${head.seq} was not signed with the key that was given`)
    } else published = Math.max(published, head.seq)
  }
  if (heads.length === 0) {
    verdict.say(
      'notChecked',
      'no signed head of the log is in the pack: that the log was not written anew before the pack was made, nothing shows',
    )
  } else if (published > 0) {
    const last = heads.findLast((head) => head?.seq === published)!
    const said = `${plural(heads.length, 'head')} up to entry ${published}, published at ${formatMicros(last.at)}`
    if (key === undefined) verdict.say('notChecked', `${said}: give the key of whoever signs heads with --audit-key`)
    else verdict.say('holds', `${said}, signed by the key that was given`)
  }
  return published
}

function holdClaims(
  claims: readonly Claim[],
  entries: readonly Shown[],
  { kept, leftOut }: ExtractAbout,
  verdict: Verdict,
): void {
  const byDeed = Map.groupBy(entries, ({ action, time }) => `${action} ${time}`)
  let unseen = 0
  let held = 0
  for (const { action, at, author, digest, what } of claims) {
    const found = (byDeed.get(`${action} ${formatMicros(at)}`) ?? []).filter(
      (entry) => author === undefined || entry.author === author,
    )
    if (found.length === 0) {
      if (kept > 1 || leftOut > 0) unseen++
      else verdict.say('fails', `${what}: the audit log has no entry of it`)
      continue
    }
    const alone = found.filter(({ details }) => details.findings === undefined || details.findings === 1)
    if (
      digest !== undefined &&
      alone.length === found.length &&
      alone.every(({ details }) => details.digest !== digest)
    ) {
      verdict.say('fails', `${what}: its text is not the one that the audit log has the hash of`)
    } else held++
  }
  if (held > 0)
    verdict.say(
      'holds',
      `${plural(held, 'revision, review or statement of the findings is', 'revisions, reviews and statements of the findings are')} in the log`,
    )
  if (unseen > 0)
    verdict.say(
      'notChecked',
      `${plural(unseen, 'revision, review or statement is', 'revisions, reviews and statements are')} older than what is left of the log`,
    )
}

function aboutOf(text: string): ExtractAbout | undefined {
  try {
    const about = JSON.parse(text) as ExtractAbout
    const { log, kept, from, to, shown, heads, leftOut } = about
    const counts = [kept, from, to, shown, heads, leftOut]
    return typeof log === 'string' && counts.every((count) => Number.isSafeInteger(count) && count >= 0)
      ? about
      : undefined
  } catch {
    return undefined
  }
}

function textOf(files: ExtractFiles, path: string): string {
  return Buffer.from(files.get(path)!).toString()
}

/** Without the end behind the last. */
function linesOf(files: ExtractFiles, path: string): readonly string[] {
  const text = textOf(files, path)
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}
