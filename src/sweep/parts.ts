import { availableParallelism } from 'node:os'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { BAD_LINES_SHOWN, emptySummary, type InputSummary } from '../input.ts'
import type { Batch } from '../model/batch.ts'
import type { LogEnd } from '../model/reading.ts'
import { LinePlaces } from './landmarks.ts'
import type { PartOrder, PartReply, PartsRequest, SentRequest, ToldPart } from './part-worker.ts'

/** What a thread runs stands beside this, as source and in the bundle. */
const WORKER = `part-worker${path.extname(import.meta.url)}`

/** Threads that read: more would wait for the store. */
const THREAD_LIMIT = 8

/** What a thread makes is short-lived: room for more of it would only be memory. */
const YOUNG = { maxYoungGenerationSizeMb: 8 }

export interface PartsListener {
  /** Facts of some part, in any order. */
  facts(batch: Batch): void
  progress(bytes: number): void
  /** Asked now and then: true ends the reading. */
  stopped(): boolean
}

/** What was met in a log that was read in parts. */
export interface PartsOutcome {
  /** whole: it cannot be read in parts, and what was told of it does not count. */
  readonly result: 'read' | 'whole' | 'stopped'
  readonly summary: InputSummary
  readonly matched: number
  /** From the first of the log to the last that was read. */
  readonly lines: number
  /** Where lines that facts were made of stand, in their order. */
  readonly places: readonly LogEnd[]
}

/** How many threads would read the parts of a file; below two it is read as a whole. */
export function threadsFor(size: number, partSize: number): number {
  return Math.min(Math.ceil(size / partSize), availableParallelism(), THREAD_LIMIT)
}

/**
 * Reads a log in parts of one size, on several threads. Which thread reads which part, and when it is done, changes
 * nothing in what comes out: positions are lines of the whole file, and facts merge in any order.
 */
export async function readInParts(request: PartsRequest, listener: PartsListener): Promise<PartsOutcome> {
  const { partSize } = request
  const size = request.end - request.start
  const count = Math.ceil(size / partSize)
  const told: (ToldPart | undefined)[] = new Array(count).fill(undefined)
  /** Lines of each part, and how many stand before it, as far as they are known. */
  const lines: (number | undefined)[] = new Array(count).fill(undefined)
  const before: number[] = [request.lines]
  const workers = new Map<Worker, number>()
  const places = new LinePlaces()
  let next = 0
  let result: PartsOutcome['result'] = 'read'
  const workerData: SentRequest = { ...request, signatures: sharedJson(request.signatures) }
  const all = new Promise<void>((resolve, reject) => {
    const order = (worker: Worker, message: PartOrder) => worker.postMessage(message)
    const tellBefore = (index: number) => {
      if (before[index] === undefined) return
      for (const [worker, reading] of workers) {
        if (reading === index) order(worker, { kind: 'before', lines: before[index] })
      }
    }
    const give = (worker: Worker) => {
      if (next === count) {
        workers.delete(worker)
        void worker.terminate()
        if (workers.size === 0) resolve()
        return
      }
      const index = next++
      workers.set(worker, index)
      order(worker, { kind: 'read', index })
      tellBefore(index)
    }
    const end = (reason: PartsOutcome['result']) => {
      result = reason
      resolve()
    }
    for (let i = 0; i < threadsFor(size, partSize); i++) {
      const worker = new Worker(new URL(WORKER, import.meta.url), { workerData, resourceLimits: YOUNG })
      workers.set(worker, -1)
      worker.on('error', reject)
      worker.on('message', (reply: PartReply) => {
        if (result !== 'read') return
        if (listener.stopped()) return end('stopped')
        switch (reply.kind) {
          case 'progress':
            return listener.progress(reply.bytes)
          case 'facts':
            try {
              return listener.facts(reply.batch)
            } catch (thrown) {
              return reject(thrown)
            }
          case 'lines': {
            lines[reply.index] = reply.lines
            for (let k = before.length - 1; lines[k] !== undefined; k++) {
              before[k + 1] = before[k]! + lines[k]!
              tellBefore(k + 1)
            }
            return
          }
          case 'done':
            told[reply.index] = reply.told
            for (const place of reply.places) places.add(place)
            return give(worker)
          case 'whole':
            return end('whole')
          case 'failed':
            return reject(new Error(reply.message))
        }
      })
      give(worker)
    }
  })
  try {
    await all
    await setImmediate()
  } finally {
    await Promise.all([...workers.keys()].map((worker) => worker.terminate()))
  }
  return { result, ...joined(told), lines: before.at(-1)!, places: places.all }
}

function sharedJson(value: unknown): SharedArrayBuffer {
  const text = Buffer.from(JSON.stringify(value))
  const shared = new SharedArrayBuffer(text.length)
  text.copy(Buffer.from(shared))
  return shared
}

/** What the parts tell, as if it were one. */
function joined(parts: readonly (ToldPart | undefined)[]): Pick<PartsOutcome, 'summary' | 'matched'> {
  const summary = emptySummary()
  let matched = 0
  for (const part of parts) {
    if (part === undefined) continue
    summary.records += part.records
    summary.skipped += part.skipped
    matched += part.matched
    for (const [name, count] of part.oddities) summary.oddities.count(name, count)
    for (const [reason, count, lines] of part.bad) {
      const bad = summary.bad.get(reason) ?? { count: 0, lines: [] }
      bad.count += count
      bad.lines.push(...lines.slice(0, BAD_LINES_SHOWN - bad.lines.length))
      summary.bad.set(reason, bad)
    }
  }
  return { summary, matched }
}
