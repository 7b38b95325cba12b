import type { Readable } from 'node:stream'
import { type ErrorCode, messageOf, OffchannelError } from '../base/errors.ts'
import { Classifier } from '../classify/classifier.ts'
import { EarlierAnswers } from '../classify/earlier-answers.ts'
import { UnmatchedNames } from '../classify/unmatched-names.ts'
import type { Batch } from '../model/batch.ts'
import type { Policy } from '../model/policy.ts'
import type { SignatureSet } from '../model/signature.ts'
import { addCoverage, type InputSummary } from '../pipeline.ts'
import { type Fingerprint, fingerprintFile } from '../read/fingerprint.ts'
import { type OpenInput, openInput } from '../read/open.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import type { Store } from '../store/store.ts'
import { Clients } from '../subjects/clients.ts'
import { NetworkMap } from '../subjects/network-map.ts'
import { type Context, contextOf } from './context.ts'
import { type Hashing, hashFile } from './hasher.ts'
import { findKnown } from './known.ts'
import { answersFirst } from './order.ts'
import { readParts, readWhole } from './read-input.ts'
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
