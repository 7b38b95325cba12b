import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { Facts } from '../aggregate/facts.ts'
import { type ErrorCode, messageOf, OffchannelError } from '../base/errors.ts'
import { quarterOf } from '../base/time.ts'
import { Classifier } from '../classify/classifier.ts'
import { EarlierAnswers } from '../classify/earlier-answers.ts'
import { UnmatchedNames } from '../classify/unmatched-names.ts'
import { canReadParts } from '../log-parts.ts'
import type { Batch } from '../model/batch.ts'
import type { Policy } from '../model/policy.ts'
import type { Format } from '../model/reader.ts'
import type { SignatureSet } from '../model/signature.ts'
import { addCoverage, FactSink, type InputSink, type InputSummary, readInput } from '../pipeline.ts'
import { type Fingerprint, fingerprintFile } from '../read/fingerprint.ts'
import { type OpenInput, openInput } from '../read/open.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import type { Store } from '../store/store.ts'
import { Clients } from '../subjects/clients.ts'
import { NetworkMap } from '../subjects/network-map.ts'
import { FLUSH_SIZE } from './flush-size.ts'
import { type Hashing, hashFile } from './hasher.ts'
import { findKnown } from './known.ts'
import type { PartsRequest } from './part-worker.ts'
import { readInParts, threadsFor } from './parts.ts'
import { type ReadAs, settingsOf, withSlashes } from './settings.ts'

export interface SweepOptions extends ReadAs {
  readonly store: Store
  readonly signatures: SignatureSet
  readonly policy: Policy
  /** Of the pseudonyms. */
  readonly key: Uint8Array
  /** The site that the policy declares for an input. */
  readonly siteOf: (input: string) => string
  readonly standardInput: Readable
  /** Of an input that is read otherwise than the others; undefined for one that is not. */
  readonly readAs?: (input: string) => ReadAs | undefined
  /** Read known contents again where the settings changed. */
  readonly again: boolean
  /** Take the SHA-256 of every content. */
  readonly hash: boolean
  /** Of a log that is read in parts, each by a thread: bytes. */
  readonly partSize?: number
  /** Called between windows of an input with the bytes of it that were delivered. */
  readonly progress: (input: string, delivered: number) => void
  /** Asked between windows: true ends the sweep, and what is half read is left for the next time. */
  readonly stopped: () => boolean
  /** Called as soon as it is settled what became of an input. */
  readonly done?: (outcome: InputOutcome) => void
}

/** What became of one input. */
export interface InputOutcome {
  readonly input: string
  /**
   * read: its facts are in the store. known: they were already. changed: they are, read with other settings, and stay
   * (`again` replaces them). empty: no byte. stopped: the sweep ended before it, or in it. failed: it could not be
   * read.
   */
  readonly status: 'read' | 'replaced' | 'known' | 'changed' | 'empty' | 'stopped' | 'failed'
  /** Why it failed; under which name it is known. */
  readonly detail: string | undefined
  readonly format: string | undefined
  readonly unit: 'packets' | 'records'
  readonly summary: InputSummary | undefined
  /** Bytes, unpacked. */
  readonly bytes: number
  /** Observations that matched a signature. */
  readonly matched: number
}

/** A log is read in parts where it has at least two of them. */
const PART_SIZE = 32 * 1024 * 1024

/** The options, and what they come to, made once for all inputs. */
interface Context extends SweepOptions {
  readonly classifier: Classifier
  readonly unmatched: UnmatchedNames
  /** Of inputs that were recognised already. */
  readonly formats: Map<string, Format>
  readonly networks: NetworkMap
  readonly clients: Clients
  /** What clients were told by DNS in the inputs so far. */
  readonly answers: EarlierAnswers
}

/** What would befall every other input as well. */
const ENDING: ReadonlySet<ErrorCode> = new Set(['store_unusable', 'usage'])

/** Reads the inputs one after the other into the store. What cannot be read is an outcome, and the others are done. */
export async function sweep(inputs: readonly string[], options: SweepOptions): Promise<InputOutcome[]> {
  const outcomes: InputOutcome[] = []
  const classifier = new Classifier(options.signatures)
  const answers = new EarlierAnswers(options.signatures)
  const context: Context = {
    ...options,
    classifier,
    unmatched: new UnmatchedNames(classifier, answers),
    formats: new Map(),
    networks: new NetworkMap(options.policy),
    answers,
    clients: new Clients(options.key, options.store.identities === 'clear'),
  }
  const order = await answersFirst(inputs, context)
  for (const index of order) {
    const input = inputs[index]!
    if (options.stopped()) outcomes[index] = outcome(input, 'stopped')
    else {
      try {
        outcomes[index] = await sweepInput(input, contextOf(input, context))
      } catch (thrown) {
        if (thrown instanceof OffchannelError && ENDING.has(thrown.code)) throw thrown
        outcomes[index] = outcome(input, 'failed', { detail: messageOf(thrown) })
      }
    }
    options.done?.(outcomes[index]!)
  }
  return outcomes
}

/** With how this input is read. */
function contextOf(input: string, context: Context): Context {
  return { ...context, ...context.readAs?.(input) }
}

/**
 * Inputs, by index, in the order in which they are read: those that hold answers of DNS first, since what they told names flows of
 * the others; then by name, so that the order of arguments changes nothing.
 */
async function answersFirst(inputs: readonly string[], options: Context): Promise<readonly number[]> {
  const ranked: { readonly index: number; readonly input: string; readonly rank: number }[] = []
  for (const [index, input] of inputs.entries()) {
    const first = inputs.length > 1 && (await givesAnswers(input, contextOf(input, options)))
    ranked.push({ index, input, rank: first ? 0 : 1 })
  }
  ranked.sort((a, b) => a.rank - b.rank || (a.input < b.input ? -1 : a.input > b.input ? 1 : 0))
  return ranked.map(({ index }) => index)
}

/** Recognises an input before its turn; what cannot be read says so then. */
async function givesAnswers(input: string, { standardInput, format, formats }: Context): Promise<boolean> {
  if (input === STANDARD_INPUT) return false
  try {
    const open = await openInput(input, { standardInput, format, hashStandardInput: false })
    open.close()
    if (open.format !== undefined) formats.set(input, open.format)
    return open.format?.kind === 'log' && open.format.givesAnswers === true
  } catch {
    return false
  }
}

function outcome(input: string, status: InputOutcome['status'], more: Partial<InputOutcome> = {}): InputOutcome {
  return {
    input,
    status,
    detail: undefined,
    format: undefined,
    unit: 'packets',
    summary: undefined,
    bytes: 0,
    matched: 0,
    ...more,
  }
}

async function sweepInput(input: string, options: Context): Promise<InputOutcome> {
  const { hash, standardInput, formats } = options
  const format = options.format ?? formats.get(input)
  const open = await openInput(input, { standardInput, format, hashStandardInput: hash })
  const size = open.source.size
  const hashing = hash && size !== undefined ? hashFile(input, size) : undefined
  try {
    if (open.format === undefined) return outcome(input, 'empty')
    // A packed file tells its content only when it is unpacked: it is compared when it has been read.
    if (size !== undefined && !open.packed && options.store.knowsLength(size)) {
      const content = fingerprintFile(input, size)
      const known = await knownOutcome(input, content, () => hashing?.hashes.then((hashes) => hashes.content), options)
      if (known !== undefined) return known
    }
    return await readInto(input, open, hashing, options)
  } finally {
    hashing?.cancel()
    open.close()
  }
}

/** The outcome for a content whose facts the store has and is to keep; undefined for one that is to be read. */
async function knownOutcome(
  input: string,
  content: Fingerprint,
  sha256Of: () => Promise<string | undefined> | undefined,
  options: Context,
): Promise<InputOutcome | undefined> {
  const known = await findKnown(options.store, content, sha256Of)
  if (known === undefined) return undefined
  if (known.settings === settingsOf(input, options)) return outcome(input, 'known', { detail: known.input })
  return options.again ? undefined : outcome(input, 'changed', { detail: known.input })
}

/** Reads an input that is open into the store. */
async function readInto(
  input: string,
  open: OpenInput,
  hashing: Hashing | undefined,
  options: Context,
): Promise<InputOutcome> {
  const { format } = open
  if (format === undefined) throw new Error('an empty input is not read')
  const isStream = input === STANDARD_INPUT
  const begin = () =>
    options.store.begin({
      input: withSlashes(input),
      kind: format.kind,
      format: format.name,
      source: isStream ? 'stream' : 'file',
      settings: settingsOf(input, options),
    })
  let writer = begin()
  const told = new EarlierAnswers(options.signatures)
  const put = (batch: Batch) => {
    told.add(batch.answers)
    writer.add(batch)
  }
  try {
    let read = await readParts(input, open, format, put, options)
    if (read === 'whole') {
      writer.discard()
      writer = begin()
      read = undefined
    }
    read ??= await readWhole(input, open, format, put, options)
    if (read.stopped && !isStream) {
      writer.discard()
      return outcome(input, 'stopped')
    }
    const { facts, summary, matched } = read
    const { sha256: streamSha256, ...content } = read.content()
    const hashes = await hashing?.hashes
    const sha256 = hashes?.content ?? streamSha256
    const known = await knownOutcome(input, content, async () => sha256, options)
    if (known !== undefined) {
      writer.discard()
      return known
    }
    const unit = format.kind === 'capture' ? 'packets' : 'records'
    addCoverage(facts, summary, unit, content.length)
    if (read.stopped) facts.coverage('interrupted', 1)
    const rest = facts.take()
    told.add(rest.answers)
    const completion = writer.complete({ ...content, sha256 }, rest, hashes?.file)
    // Only now: a log does not name its own flows, since its parts may be read at the same time.
    options.answers.add(told.all)
    if (completion.result === 'duplicate') return outcome(input, 'known', { detail: completion.of })
    return {
      input,
      status: completion.result === 'replaced' ? 'replaced' : 'read',
      detail: completion.of,
      format: format.name,
      unit,
      summary,
      bytes: content.length,
      matched,
    }
  } catch (thrown) {
    writer.discard()
    throw thrown
  }
}

/** What became of an input that was read: its facts that are not in the store yet, and what was met in it. */
interface Read {
  readonly facts: Facts
  readonly summary: InputSummary
  readonly matched: number
  readonly stopped: boolean
  readonly content: () => Fingerprint & { readonly sha256?: string | undefined }
}

/** Reads an input from its beginning to its end. */
async function readWhole(
  input: string,
  { chunks, fingerprint, source }: OpenInput,
  format: Format,
  put: (batch: Batch) => void,
  { classifier, unmatched, networks, clients, answers, siteOf, progress, stopped, times }: Context,
): Promise<Read> {
  const isStream = input === STANDARD_INPUT
  const isCapture = format.kind === 'capture'
  const site = siteOf(withSlashes(input))
  const sink = new FactSink({ classifier, networks, clients, answers, site, isCapture })
  const flush = flusher(put, sink, isStream)
  let stop = false
  const inputSink: InputSink = {
    observe: sink.observe,
    mark: sink.mark,
    // Of a stream every record is read: facts are asked for as its time goes on.
    unmatched: isStream ? undefined : unmatched,
    isWanted: sink.isWanted,
    packet: sink.packet,
    pause: async () => {
      progress(input, source.delivered)
      flush()
      // A file answers at once, so nothing else, such as an interrupt, would have its turn.
      await setImmediate()
      stop = stopped()
      return stop
    },
  }
  const summary = await readInput(chunks, format, inputSink, { ...times, latest: source.modified })
  // What a damaged input holds behind the damage belongs to its content all the same.
  if (!stop) await chunks.drain()
  const { facts, matched } = sink
  return { facts, summary, matched, stopped: stop, content: () => fingerprint.finish() }
}

/**
 * Reads a large log in parts, on several threads; undefined for any other input. `whole`: it showed that what its
 * records mean depends on those before, and what the writer was given does not count.
 */
async function readParts(
  input: string,
  { chunks, packed, source }: OpenInput,
  format: Format,
  put: (batch: Batch) => void,
  { signatures, policy, key, store, siteOf, mapping, times, partSize = PART_SIZE, answers, progress, stopped }: Context,
): Promise<Read | 'whole' | undefined> {
  const { size } = source
  if (packed || size === undefined || threadsFor(size, partSize) < 2) return undefined
  const options = { ...times, latest: source.modified }
  const head = Uint8Array.prototype.slice.call(chunks.bytes, chunks.start, chunks.end)
  if (!canReadParts(format, head, options)) return undefined
  const request: PartsRequest = {
    file: input,
    size,
    partSize,
    head,
    format: mapping === '' ? { name: format.name } : { mapping },
    options,
    signatures,
    policy,
    site: siteOf(withSlashes(input)),
    answers: answers.all,
    key,
    clear: store.identities === 'clear',
  }
  let delivered = 0
  const { result, summary, matched } = await readInParts(request, {
    facts: put,
    progress: (bytes) => {
      delivered += bytes
      progress(input, delivered)
    },
    stopped,
  })
  if (result === 'whole') return 'whole'
  const content = () => fingerprintFile(input, size)
  return { facts: new Facts(), summary, matched, stopped: result === 'stopped', content }
}

/**
 * Puts facts into the store when there are many; those of a stream also whenever it has come to another quarter-hour.
 */
function flusher(put: (batch: Batch) => void, sink: FactSink, isStream: boolean): () => void {
  let quarter = -1
  return () => {
    const now = quarterOf(sink.lastTime)
    const ended = isStream && now !== quarter
    quarter = now
    if (sink.facts.size > 0 && (ended || sink.facts.size >= FLUSH_SIZE)) put(sink.facts.take())
  }
}
