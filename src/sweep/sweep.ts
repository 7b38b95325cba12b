import type { Readable } from 'node:stream'
import { type ErrorCode, OffchannelError, toldOf } from '../base/errors.ts'
import { Classifier } from '../classify/classifier.ts'
import { EarlierAnswers } from '../classify/earlier-answers.ts'
import { UnmatchedNames } from '../classify/unmatched-names.ts'
import type { Policy } from '../model/policy.ts'
import type { SignatureSet } from '../model/signature.ts'
import { GrowingSamples } from '../read/growing-samples.ts'
import { openInput } from '../read/open.ts'
import type { Store } from '../store/store.ts'
import { NetworkMap } from '../subjects/network-map.ts'
import { RotatingClients } from '../subjects/rotating-clients.ts'
import { type Context, contextOf } from './context.ts'
import type { Landmarks } from './landmarks.ts'
import { look } from './look.ts'
import { readingOrder } from './order.ts'
import { type InputOutcome, outcome } from './outcome.ts'
import { knownOutcome, readInto } from './read-into.ts'
import { remember, unchanged } from './seen.ts'
import type { ReadAs } from './settings.ts'

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
  /** What was sampled of large files in earlier sweeps of the same process. */
  readonly samples?: GrowingSamples
  /** Takes where the inputs have what facts cite, for evidence to be cut. */
  readonly landmarks?: Landmarks | undefined
  /** Called between windows of an input with the bytes of it that were delivered. */
  readonly progress: (input: string, delivered: number) => void
  /** Asked between windows: true ends the sweep, and what is half read is left for the next time. */
  readonly stopped: () => boolean
  /** Called as soon as it is settled what became of an input. */
  readonly done?: (outcome: InputOutcome) => void
}

/** What would befall every other input as well. */
const ENDING: ReadonlySet<ErrorCode> = new Set(['store_unusable', 'usage'])

/** Reads the inputs one after the other into the store. What cannot be read is an outcome, and the others are done. */
export async function sweep(inputs: readonly string[], options: SweepOptions): Promise<InputOutcome[]> {
  const outcomes: InputOutcome[] = []
  const classifier = new Classifier(options.signatures)
  const told = options.store.answers()
  const answers = new EarlierAnswers(options.signatures, told)
  const context: Context = {
    ...options,
    classifier,
    unmatched: new UnmatchedNames(classifier, answers),
    formats: new Map(),
    networks: new NetworkMap(options.policy),
    samples: options.samples ?? new GrowingSamples(),
    told,
    answers,
    clients: new RotatingClients(options.key, options.store.identities !== 'pseudonym', options.store.rotation),
  }
  const unseen: number[] = []
  for (const [index, input] of inputs.entries()) {
    const seen = unchanged(input, options.store, contextOf(input, context))
    if (seen === undefined) unseen.push(index)
    else {
      outcomes[index] = outcome(input, 'known', { detail: seen.input })
      options.done?.(outcomes[index]!)
    }
  }
  const order = await readingOrder(
    unseen.map((index) => inputs[index]!),
    context,
  )
  for (const place of order) {
    const index = unseen[place]!
    const input = inputs[index]!
    if (options.stopped()) outcomes[index] = outcome(input, 'stopped')
    else {
      try {
        outcomes[index] = await sweepInput(input, contextOf(input, context))
      } catch (thrown) {
        if (thrown instanceof OffchannelError && ENDING.has(thrown.code)) throw thrown
        outcomes[index] = outcome(input, 'failed', {
          detail: toldOf(thrown),
          ...(isMissing(thrown) && { isGone: true }),
        })
      }
    }
    options.done?.(outcomes[index]!)
  }
  return outcomes
}

/** Whether what was thrown is that there is no such file. */
function isMissing(thrown: unknown): boolean {
  const cause: unknown = thrown instanceof OffchannelError ? thrown.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
}

async function sweepInput(input: string, options: Context): Promise<InputOutcome> {
  const { hash, standardInput, formats } = options
  const format = options.format ?? formats.get(input)
  const open = await openInput(input, { standardInput, format, hashUnpacked: hash })
  try {
    if (open.format === undefined) return outcome(input, 'empty')
    const seen = await look(input, open, { ...options, format })
    const known = seen?.known && knownOutcome(input, seen.known, options)
    if (known?.status === 'known' && seen?.content !== undefined) remember(input, open, seen.content, options.store)
    return known ?? (await readInto(input, open, seen, options))
  } finally {
    open.close()
  }
}
