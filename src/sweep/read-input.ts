import { setImmediate } from 'node:timers/promises'
import type { Facts } from '../aggregate/facts.ts'
import { quarterOf } from '../base/time.ts'
import type { InputSink, InputSummary } from '../input.ts'
import type { Batch } from '../model/batch.ts'
import type { Format } from '../model/reader.ts'
import type { LogEnd } from '../model/reading.ts'
import { FactSink, readInput } from '../pipeline.ts'
import type { Fingerprint } from '../read/fingerprint.ts'
import type { OpenInput } from '../read/open.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import { CitedFrames } from './cited-frames.ts'
import type { Context } from './context.ts'
import { FLUSH_SIZE } from './flush-size.ts'
import { withSlashes } from './settings.ts'

/** What was met in an input or a part of it, and its facts that are not in the store yet. */
export interface Met {
  readonly facts: Facts
  readonly summary: InputSummary
  readonly matched: number
  readonly bytes: number
}

/** What became of an input that was read. */
export interface Read extends Met {
  readonly stopped: boolean
  readonly content: Fingerprint & { readonly sha256?: string | undefined }
  /** Lines that stand before those that the facts count, which are read on from there. */
  readonly before: number
  /** From where it can be read on; undefined where that cannot be. */
  readonly end: LogEnd | undefined
  /** The last line, where it has no end yet. */
  readonly tail: Met | undefined
  /** Of a capture whose frames are kept in mind; of a log, where lines that facts were made of stand. */
  readonly frames?: CitedFrames | undefined
  readonly places?: readonly LogEnd[] | undefined
}

/** Reads an input from its beginning to its end. */
export async function readWhole(
  input: string,
  { chunks, fingerprint, source, zeros, packed }: OpenInput,
  format: Format,
  put: (batch: Batch) => void,
  context: Context,
): Promise<Read> {
  const isStream = input === STANDARD_INPUT
  const sink = sinkOf(input, format, context)
  const isCited = format.kind === 'capture' && context.landmarks !== undefined && source.file !== undefined && !packed
  const frames = isCited ? new CitedFrames() : undefined
  const flush = flusher(keeping(put, frames), sink, isStream, 0, frames)
  const listening = listen(input, sink, context, () => source.delivered, flush, isStream)
  const { sink: heard } = listening
  const observe: InputSink['observe'] = (observation) => {
    const answer = heard.observe(observation)
    frames?.observe(observation, answer === 'follow')
    return answer
  }
  const placed = isCited ? frames!.placing(format) : format
  const listener = frames === undefined ? heard : { ...heard, observe }
  const summary = await readInput(chunks, placed, listener, { ...context.times, latest: source.modified })
  // A stream that waits is ended by closing it.
  const stopped = listening.stopped() || (isStream && context.stopped())
  // What a damaged input holds behind the damage belongs to its content all the same.
  if (!stopped) await chunks.drain()
  if (zeros > 0) summary.oddities.count('zeros_before_log', zeros)
  const content = fingerprint.finish()
  return {
    ...{ facts: sink.facts, summary, matched: sink.matched, bytes: content.length },
    ...{ stopped, content, before: 0, end: undefined, tail: undefined, frames },
  }
}

/** Puts facts into the store, and what they cite is kept in mind. */
function keeping(put: (batch: Batch) => void, frames: CitedFrames | undefined): (batch: Batch) => void {
  if (frames === undefined) return put
  return (batch) => {
    put(batch)
    frames.keep(batch)
  }
}

/** What becomes of the observations of an input. */
export function sinkOf(input: string, format: Format, context: Context): FactSink {
  const { classifier, networks, clients, answers, siteOf } = context
  const site = siteOf(withSlashes(input))
  return new FactSink({ classifier, networks, clients, answers, site, isCapture: format.kind === 'capture' })
}

/** Hands an input to a sink, telling how far it has come and asking whether to go on. */
export function listen(
  input: string,
  sink: FactSink,
  { unmatched, progress, stopped }: Pick<Context, 'unmatched' | 'progress' | 'stopped'>,
  delivered: () => number,
  flush: () => void,
  isStream = false,
): { readonly sink: InputSink; stopped(): boolean } {
  let stop = false
  return {
    stopped: () => stop,
    sink: {
      observe: sink.observe,
      mark: sink.mark,
      // Of a stream every record is read: facts are asked for as its time goes on.
      unmatched: isStream ? undefined : unmatched,
      isWanted: sink.isWanted,
      packet: sink.packet,
      pause: async () => {
        progress(input, delivered())
        flush()
        // A file answers at once, so nothing else, such as an interrupt, would have its turn.
        await setImmediate()
        stop = stopped()
        return stop
      },
    },
  }
}

/**
 * Puts facts into the store when there are many; those of a stream also whenever it has come to another quarter-hour.
 *
 * @param before how many lines stand before those that positions count.
 */
export function flusher(
  put: (batch: Batch) => void,
  sink: FactSink,
  isStream: boolean,
  before: number,
  frames?: CitedFrames,
): () => void {
  let quarter = -1
  return () => {
    const now = quarterOf(sink.lastTime)
    const ended = isStream && now !== quarter
    quarter = now
    const isTime = ended || sink.facts.size >= FLUSH_SIZE || frames?.isFull
    if (sink.facts.size > 0 && isTime) put(sink.facts.take(before))
  }
}
