import { parentPort, workerData } from 'node:worker_threads'
import { Chunks } from '../base/chunks.ts'
import { OffchannelError, toldOf } from '../base/errors.ts'
import type { Rotation } from '../base/period.ts'
import { Classifier } from '../classify/classifier.ts'
import { EarlierAnswers } from '../classify/earlier-answers.ts'
import { UnmatchedNames } from '../classify/unmatched-names.ts'
import type { InputSink, LogOptions } from '../input.ts'
import { readLogPart } from '../log-parts.ts'
import type { Batch } from '../model/batch.ts'
import type { Policy } from '../model/policy.ts'
import type { LogFormat } from '../model/reader.ts'
import type { LogEnd } from '../model/reading.ts'
import type { SignatureSet } from '../model/signature.ts'
import { FactSink } from '../pipeline.ts'
import { formatNamed } from '../read/detect.ts'
import { readMappingFile } from '../read/log/mapping/mapping-file.ts'
import { openFile } from '../read/source.ts'
import { NetworkMap } from '../subjects/network-map.ts'
import { RotatingClients } from '../subjects/rotating-clients.ts'
import { FLUSH_SIZE } from './flush-size.ts'
import { LinePlaces } from './landmarks.ts'

/** All that the parts of one log are read with. */
export interface PartsRequest {
  readonly file: string
  /** Its device and number: under its name may stand another by now. */
  readonly isFile: string
  /** What is read of it, in bytes, and the lines that stand before. */
  readonly start: number
  readonly end: number
  readonly lines: number
  readonly partSize: number
  /** The beginning of the file, with its header. */
  readonly head: Uint8Array
  /** A format's name, or the text of a mapping. */
  readonly format: { readonly name: string } | { readonly mapping: string }
  readonly options: LogOptions
  readonly signatures: SignatureSet
  readonly policy: Policy
  readonly site: string
  /** Where it stands what was told by DNS in the inputs before, and the content to leave out; undefined for nothing. */
  readonly answers: { readonly store: string; readonly without: number } | undefined
  readonly key: Uint8Array
  readonly clear: boolean
  readonly rotation: Rotation
}

/** The same as it goes to a thread. */
export interface SentRequest extends Omit<PartsRequest, 'signatures'> {
  /** As JSON, in memory that the threads share: a structured clone for each takes three times the room. */
  readonly signatures: SharedArrayBuffer
}

/** read: part `index` is to be read. before: so many lines stand before it. */
export type PartOrder =
  | { readonly kind: 'read'; readonly index: number }
  | { readonly kind: 'before'; readonly lines: number }

/**
 * progress: so many more bytes. lines: those of the part. facts: some of its facts, with the lines of the whole input.
 * done: there is nothing more of it. whole: the log cannot be read in parts.
 */
export type PartReply =
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'lines'; readonly index: number; readonly lines: number }
  | { readonly kind: 'facts'; readonly batch: Batch }
  | { readonly kind: 'done'; readonly index: number; readonly told: ToldPart; readonly places: readonly LogEnd[] }
  | { readonly kind: 'whole' }
  | { readonly kind: 'failed'; readonly message: string }

/** What was met in a part, as it goes from thread to thread; lines are those of the whole input. */
export interface ToldPart {
  readonly records: number
  readonly skipped: number
  readonly matched: number
  readonly bad: readonly (readonly [reason: string, count: number, lines: readonly number[]])[]
  readonly oddities: readonly (readonly [name: string, count: number])[]
}

/** Reads the parts that it is told to, one after the other. */
async function serve(port: NonNullable<typeof parentPort>, request: SentRequest): Promise<void> {
  const { options, policy } = request
  const format = formatOf(request.format)
  const signatures = JSON.parse(Buffer.from(request.signatures).toString('utf8')) as SignatureSet
  const classifier = new Classifier(signatures)
  const networks = new NetworkMap(policy)
  const clients = new RotatingClients(request.key, request.clear, request.rotation)
  const answers = await answersOf(request.answers, signatures)
  const unmatched = new UnmatchedNames(classifier, answers)
  const reply = (message: PartReply) => port.postMessage(message)
  let tellLines: (lines: number) => void = () => {}
  /** How many lines stand before the part that is being read: known when those before it have been read. */
  let before = Promise.resolve(0)

  const read = async (index: number): Promise<void> => {
    before = new Promise((resolve) => {
      tellLines = resolve
    })
    const start = request.start + index * request.partSize
    const end = Math.min(start + request.partSize, request.end)
    const source = openFile(request.file, { start: Math.max(0, start - 1), size: request.end })
    try {
      if (!source.file?.stat.startsWith(request.isFile)) return reply({ kind: 'whole' })
      const sink = new FactSink({
        classifier,
        networks,
        clients,
        site: request.site,
        isCapture: false,
        answers,
      })
      let told = 0
      const places = new LinePlaces()
      const inputSink: InputSink = {
        placed: (at, lines) => places.add({ at, lines }),
        observe: sink.observe,
        mark: sink.mark,
        unmatched,
        pause: async () => {
          reply({ kind: 'progress', bytes: source.delivered - told })
          told = source.delivered
          if (sink.facts.size >= FLUSH_SIZE) reply({ kind: 'facts', batch: sink.facts.take(await before) })
          return false
        },
      }
      const summary = await readLogPart(new Chunks(source), format, { start, end }, request.head, inputSink, options)
      if (summary === undefined) return reply({ kind: 'whole' })
      const { records, skipped, oddities } = summary
      reply({ kind: 'lines', index, lines: summary.lines })
      const first = await before
      reply({ kind: 'facts', batch: sink.facts.take(first) })
      const bad = [...summary.bad].map(
        ([reason, { count, lines }]) => [reason, count, lines.map((line) => line + first)] as const,
      )
      const part = { records, skipped, matched: sink.matched, bad, oddities: oddities.entries() }
      const placed = places.all.map(({ at, lines }) => ({ at, lines: lines + first }))
      reply({ kind: 'done', index, told: part, places: placed })
    } finally {
      source.close()
    }
  }

  port.on('message', (order: PartOrder) => {
    if (order.kind === 'before') tellLines(order.lines)
    else read(order.index).catch((thrown: unknown) => reply({ kind: 'failed', message: toldOf(thrown) }))
  })
}

/** The thread looks into the store by itself: it ends with the log. */
async function answersOf(
  given: PartsRequest['answers'],
  signatures: SignatureSet,
): Promise<EarlierAnswers | undefined> {
  if (given === undefined) return undefined
  const { openAnswers } = await import('../store/given-answers.ts')
  const told = openAnswers(given.store)
  told.without = given.without
  return new EarlierAnswers(signatures, told)
}

function formatOf(named: PartsRequest['format']): LogFormat {
  const format = 'name' in named ? formatNamed(named.name) : readMappingFile('', named.mapping).format
  if (format?.kind !== 'log') throw new OffchannelError('usage', 'only logs are read in parts')
  return format
}

if (parentPort !== null) await serve(parentPort, workerData as SentRequest)
