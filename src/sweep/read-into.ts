import { OffchannelError } from '../base/errors.ts'
import { BAD_LINES_SHOWN, type InputSummary } from '../input.ts'
import type { Batch } from '../model/batch.ts'
import type { Format } from '../model/reader.ts'
import { addCoverage } from '../pipeline.ts'
import { type OpenInput, openInput } from '../read/open.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import type { Grown } from '../store/growth.ts'
import type { Continued } from '../store/reading-writer.ts'
import type { KnownContent } from '../store/readings.ts'
import type { Context } from './context.ts'
import { hashFile } from './hasher.ts'
import { findKnown } from './known.ts'
import type { Look } from './look.ts'
import { type InputOutcome, outcome } from './outcome.ts'
import { type Met, type Read, readWhole } from './read-input.ts'
import { readOn } from './read-on.ts'
import { remember } from './seen.ts'
import { settingsOf, withSlashes } from './settings.ts'

/** The outcome for a content whose facts the store has and is to keep; undefined for one that is to be read. */
export function knownOutcome(input: string, known: KnownContent, options: Context): InputOutcome | undefined {
  // What has grown since is read with other settings when the whole is.
  if (known.outgrown || known.settings === settingsOf(input, options)) {
    return outcome(input, 'known', { detail: known.input })
  }
  return options.again ? undefined : outcome(input, 'changed', { detail: known.input })
}

/** Reads an input that is open into the store: only what is new of a log where that can be. */
export async function readInto(
  input: string,
  open: OpenInput,
  seen: Look | undefined,
  options: Context,
): Promise<InputOutcome> {
  const { format } = open
  if (format === undefined) throw new Error('an empty input is not read')
  const content = seen?.content
  const from = seen?.known === undefined ? seen?.beginning : undefined
  const whole: Continued | undefined = from && { from, with: 'whole' }
  if (content !== undefined && from?.end !== undefined && goesOn(from, input, format, options)) {
    const { end } = from
    const told = await readAs(input, open, seen, { from, with: 'more' }, options, (put) =>
      readOn(input, open, format, content, end, put, options),
    )
    if (told !== undefined) return told
  } else if (content !== undefined && !open.packed) {
    const told = await readAs(input, open, seen, whole, options, (put) =>
      readOn(input, open, format, content, undefined, put, options),
    )
    if (told !== undefined) return told
  }
  // A packed one was unpacked beyond its beginning.
  const isUsed = open.packed && open.chunks.start > 0
  const again = isUsed ? await openInput(input, { ...options, format, hashUnpacked: options.hash }) : open
  try {
    const told = await readAs(input, again, seen, whole, options, (put) =>
      readWhole(input, again, format, put, options),
    )
    return told ?? outcome(input, 'failed')
  } finally {
    again.close()
  }
}

/** Whether a log can be read on, as it was read before. */
function goesOn({ kind, format, settings }: Grown, input: string, { name }: Format, options: Context): boolean {
  return kind === 'log' && format === name && settings === settingsOf(input, options)
}

/** Puts into the store what a way to read an input gives; undefined where that way does not fit it. */
async function readAs(
  input: string,
  open: OpenInput,
  seen: Look | undefined,
  continued: Continued | undefined,
  options: Context,
  reading: (put: (batch: Batch) => void) => Promise<Read | 'whole'>,
): Promise<InputOutcome | undefined> {
  const format = open.format!
  const { size } = open.source
  const isStream = input === STANDARD_INPUT
  const isMore = continued?.with === 'more'
  const unit = format.kind === 'capture' ? 'packets' : 'records'
  const writer = options.store.begin(
    {
      input: withSlashes(input),
      kind: format.kind,
      format: format.name,
      source: isStream ? 'stream' : 'file',
      settings: settingsOf(input, options),
    },
    continued,
  )
  // A log does not name its own flows, since its parts may be read at the same time.
  options.told.without = seen?.known?.id ?? continued?.from.content ?? 0
  options.answers.renew()
  const put = (batch: Batch) => {
    writer.add(batch)
    options.answers.add(batch.answers)
  }
  // What is read on is not read whole, so its hash is not known until it is.
  const hashing = options.hash && size !== undefined && !isMore ? hashFile(input, size, !open.packed) : undefined
  try {
    const read = await reading(put)
    if (read === 'whole' || (read.stopped && !isStream)) {
      writer.discard()
      return read === 'whole' ? undefined : outcome(input, 'stopped')
    }
    refuseChanged(open, seen, options)
    const { facts, before, end, tail, content } = read
    const hashes = await hashing?.hashes
    const sha256 = content.sha256 ?? hashes?.content
    const fingerprint = { length: content.length, sample: content.sample }
    const known = seen?.content ? seen.known : await findKnown(options.store, fingerprint, async () => sha256)
    const stays = known && knownOutcome(input, known, options)
    if (stays !== undefined) {
      writer.discard()
      remember(input, open, fingerprint, options.store)
      return stays
    }
    addCoverage(facts, read.summary, unit, read.bytes)
    if (read.stopped) facts.coverage('interrupted', 1)
    const last = facts.take(before)
    const lastLine = tail && tailFacts(tail, end?.lines ?? 0)
    const ending = seen && { extent: { head: seen.head, end }, tail: lastLine }
    const completion = writer.complete({ ...fingerprint, sha256 }, last, hashes?.file, ending)
    options.answers.add(last.answers)
    options.answers.add(lastLine?.answers ?? [])
    read.frames?.keep(last)
    if (read.frames !== undefined) options.landmarks?.setFrames(withSlashes(input), read.frames)
    if (read.places !== undefined) options.landmarks?.setLines(withSlashes(input), read.places, isMore)
    remember(input, open, fingerprint, options.store)
    if (completion.result === 'duplicate') return outcome(input, 'known', { detail: completion.of })
    return {
      input,
      status: completion.result === 'kept' ? 'read' : completion.result,
      detail: completion.of,
      format: format.name,
      unit,
      summary: tail === undefined ? read.summary : joined(read.summary, tail.summary, end?.lines ?? 0),
      ended: read.summary,
      bytes: content.length - (completion.result === 'grown' ? (continued?.from.length ?? 0) : 0),
      matched: read.matched + (tail?.matched ?? 0),
    }
  } catch (thrown) {
    writer.discard()
    throw thrown
  } finally {
    hashing?.cancel()
  }
}

/** Nothing is kept of a file that did not stay what it was while it was read, but for what was added to it. */
function refuseChanged(
  { source: { file, size }, packed }: OpenInput,
  seen: Look | undefined,
  { samples }: Pick<Context, 'samples'>,
): void {
  if (file === undefined || size === undefined) return
  const now = file.now()
  const isSame = now.stat === file.stat || packed || seen?.content === undefined
  if (now.size >= size && (isSame || samples.of(file.id, file.readAt, [size])[0] === seen?.content?.sample)) return
  throw new OffchannelError(
    'input_unreadable',
    'it was cut or written anew while it was read: it is read the next time',
  )
}

/** The facts of a last line without end. */
function tailFacts({ facts, summary, bytes }: Met, lines: number): Batch {
  addCoverage(facts, summary, 'records', bytes)
  return facts.take(lines)
}

/** With what is told of the last line, which stands behind so many. */
function joined(summary: InputSummary, tail: InputSummary, lines: number): InputSummary {
  const bad = new Map([...summary.bad].map(([reason, { count, lines: at }]) => [reason, { count, lines: [...at] }]))
  for (const [reason, { count, lines: at }] of tail.bad) {
    const before = bad.get(reason) ?? { count: 0, lines: [] }
    const all = [...before.lines, ...at.map((line) => line + lines)].slice(0, BAD_LINES_SHOWN)
    bad.set(reason, { count: before.count + count, lines: all })
  }
  for (const [name, count] of tail.oddities.entries()) summary.oddities.count(name, count)
  return { ...summary, records: summary.records + tail.records, skipped: summary.skipped + tail.skipped, bad }
}
