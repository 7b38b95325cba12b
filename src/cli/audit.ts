import { appendFileSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { AuditVerdict } from '../audit/verify.ts'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless, plural } from '../base/text.ts'
import { formatMicros } from '../base/time.ts'
import type { AuditEntry } from '../model/audit.ts'
import { readAuditKey } from './audit-key.ts'
import { now } from './clock.ts'
import { jsonOption, storeOption, withOptions } from './options.ts'
import type { PublishedHeads } from './published-heads.ts'
import type { Terminal } from './terminal.ts'

interface AuditOptions {
  readonly store: string
  readonly last?: number
  readonly action?: string
  readonly key: string
  readonly out?: string
  readonly heads?: readonly string[]
  readonly publicKey?: readonly string[]
  readonly json?: true
}

/** `offchannel audit`: what was done to a store, and whether the log of it is whole. */
export function addAuditCommand(program: Command, terminal: Terminal): void {
  const group = program
    .command('audit')
    .summary('show what was done to the store, and check the log of it')
    .description(
      'The store keeps a log of every sweep, judgement, change of policy, review, export, report, pack, purge, erasure, hold, correction and re-labelling. Each entry holds the hash of the one before; signed heads that are kept elsewhere tell that the log was not cut or written anew.',
    )
    .addHelpText(
      'after',
      `
Examples:
  openssl genpkey -algorithm ed25519 -out auditor.pem
  openssl pkey -in auditor.pem -pubout -out auditor.pub
  offchannel audit sign --key auditor.pem --out /mnt/elsewhere/heads.ndjson
  offchannel audit verify --store copy.db --heads /mnt/elsewhere/heads.ndjson --public-key auditor.pub
What receivers of a job were sent, as they wrote it:
  offchannel audit verify --store copy.db --heads siem/offchannel.log.1.gz --heads mails/ --public-key offchannel.db.heads.pub
  offchannel audit list --last 20`,
    )
  const list = group
    .command('list')
    .summary('list entries, the latest last')
    .description('Lists what was done, the latest last.')
    .option('--last <number>', 'so many', parseCount, 50)
    .option('--action <name>', 'of this kind only, as judge or erase')
  withOptions(list, storeOption(), jsonOption())
  list.action((options: AuditOptions) => listEntries(options, terminal))
  const head = group.command('head').summary('print the number and hash of the last entry')
  withOptions(head.description('Prints what `audit sign` would sign.'), storeOption(), jsonOption())
  head.action((options: AuditOptions) => printHead(options, terminal))
  const sign = group
    .command('sign')
    .summary('sign the last entry')
    .description('Signs the number and hash of the last entry, and appends that as a line to a file, or prints it.')
    .requiredOption('--key <file>', 'Ed25519 private key, PEM or OpenSSH, without a passphrase')
    .option('--out <file>', 'file to append to (default: standard output)')
  withOptions(sign, storeOption())
  sign.action((options: AuditOptions) => signLast(options, terminal))
  const verify = group
    .command('verify')
    .summary('check that nothing was altered, dropped, reordered, cut off or written anew')
    .description(
      'Holds the log against itself, and against heads that were signed earlier, which are found in text of any form: what a syslog server or a webhook wrote, files of ECS or OCSF, mails as they were received, lines of `audit sign`, also packed with gzip or Zstandard. It needs no network and no key of the store, and works on a copy. Exit status 2 where something is wrong.',
    )
  const several = (file: string, before: readonly string[] = []) => [...before, file]
  withOptions(
    verify,
    new Option('--heads <path>', 'file, folder or glob that holds heads; may be repeated').argParser(several),
    new Option('--public-key <file>', 'of a key that signed them; may be repeated').argParser(several),
    storeOption(),
    jsonOption(),
  )
  verify.action((options: AuditOptions) => verifyStore(options, terminal))
}

async function openLog(file: string) {
  const { AuditLog } = await import('../store/audit.ts')
  return AuditLog.openReadOnly(file)
}

async function listEntries(options: AuditOptions, terminal: Terminal): Promise<void> {
  const log = await openLog(options.store)
  try {
    for (const entry of log.entries({ last: options.last, action: options.action })) {
      if (options.json) terminal.json({ ...entry, time: formatMicros(entry.at), details: JSON.parse(entry.details) })
      else terminal.out(entryText(entry))
    }
  } finally {
    log.close()
  }
}

function entryText({ seq, at, author, action, details }: AuditEntry): string {
  const who = author === '' ? '(nobody named)' : harmless(author)
  const told = Object.entries(JSON.parse(details) as Record<string, unknown>)
    .map(([key, value]) => `${key}=${harmless(String(value)).slice(0, 80)}`)
    .join(' ')
  return `${String(seq).padStart(6)}  ${formatMicros(at).slice(0, 19)}Z  ${action.padEnd(14)} ${who}  ${told}`
}

async function lastHead(file: string) {
  const log = await openLog(file)
  try {
    const [last] = log.entries({ last: 1 })
    if (last === undefined) {
      const words = 'nothing was entered in its audit log yet: sweep or judge first'
      throw new OffchannelError('usage', `${harmless(file)}: ${words}`)
    }
    return { log: log.name(), seq: last.seq, hash: last.hash, at: now() }
  } finally {
    log.close()
  }
}

async function printHead(options: AuditOptions, terminal: Terminal): Promise<void> {
  const { log, seq, hash } = await lastHead(options.store)
  if (options.json) terminal.json({ log, seq, hash })
  else terminal.out(`${seq} ${hash} (log ${log.slice(0, 16)})`)
}

async function signLast(options: AuditOptions, terminal: Terminal): Promise<void> {
  const [{ parseSigningKey }, { readSmall }, { headLine, signHead }] = await Promise.all([
    import('../prove/keys.ts'),
    import('./pack-files.ts'),
    import('../audit/heads.ts'),
  ])
  const key = parseSigningKey(readSmall(options.key).toString(), options.key)
  const line = headLine(signHead(await lastHead(options.store), key))
  if (options.out === undefined) terminal.out(line)
  else append(options.out, `${line}\n`)
}

function append(file: string, text: string): void {
  try {
    appendFileSync(file, text, { mode: 0o644, flush: true })
  } catch (thrown) {
    const words = `cannot be written (${messageOf(thrown)}): name another file with --out`
    throw new OffchannelError('usage', `${harmless(file)}: ${words}`, { cause: thrown })
  }
}

async function verifyStore(options: AuditOptions, terminal: Terminal): Promise<void> {
  const { heads: paths = [], publicKey: keyFiles = [] } = options
  if ((paths.length === 0) !== (keyFiles.length === 0)) {
    throw new OffchannelError('usage', 'heads are checked with the key that signed them: give --heads and --public-key')
  }
  const [{ readPublishedHeads }, { verifyLog }] = await Promise.all([
    import('./published-heads.ts'),
    import('../audit/verify.ts'),
  ])
  const keys = await Promise.all(keyFiles.map(readAuditKey))
  const published = await readPublishedHeads(paths)
  const log = await openLog(options.store)
  try {
    const verdict = verifyLog(log.entries(), log.lastGiven(), log.starts(), published.heads, keys)
    const last = log.entries({ last: 1 })[0]?.seq ?? 0
    tell(verdict, published, last, options.json === true, terminal)
  } finally {
    log.close()
  }
}

function tell(
  verdict: AuditVerdict,
  { heads, damaged }: PublishedHeads,
  last: number,
  json: boolean,
  terminal: Terminal,
): void {
  const { entries, publishedUpTo, headsOfPurged, problems, more } = verdict
  const isWhole = problems.length === 0 && damaged.length === 0
  if (json) terminal.json({ ...verdict, heads: heads.length, damaged, whole: isWhole })
  for (const { fault, text } of problems) {
    if (json) terminal.fail(text)
    else terminal.problem(`${fault}: ${text}`)
  }
  for (const place of damaged) {
    if (json) terminal.fail(`${place}: a damaged head`)
    else terminal.problem(`${place}: a head is cut off or was changed here: it proves nothing`)
  }
  if (json) return
  if (more > 0) terminal.problem(`and ${plural(more, 'more problem')}`)
  if (problems.length === 0) terminal.out(`${plural(entries, 'entry', 'entries')}: the log fits together.`)
  if (heads.length === 0) {
    terminal.out(
      'No heads were given: that the whole log was written anew, or its end cut off with care, cannot be told without them.',
    )
  } else {
    terminal.out(`Up to entry ${publishedUpTo} it is what was published; ${last - publishedUpTo} came after that.`)
    if (headsOfPurged > 0) terminal.out(`${plural(headsOfPurged, 'head')} are of entries that were purged.`)
  }
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('write a number such as 50.')
  return Number(text)
}
