import { statSync } from 'node:fs'
import { formatDay, formatMicros, MICROS_PER_SECOND, type Micros } from '../base/time.ts'
import { overdueSince } from '../jobs/overdue.ts'
import type { InputStatus, OutputStatus, RunStatus, Status } from '../jobs/status.ts'
import type { OutputState } from '../model/output.ts'
import type { InputGroup, Run } from '../model/run.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { isAlive } from './is-alive.ts'
import { coverageLines } from './report.ts'

/** How a store and its jobs are at this time. @param busy whether a run is writing to it. */
export function statusOf(store: StoreReader, busy: boolean, now: Micros): Status {
  const purged = store.lastPurge()
  const { readings, sightings, subjects, dirty, firstDay, lastDay } = store.status()
  return {
    time: formatMicros(now),
    store: {
      file: store.file,
      bytes: sizeOf(store.file) + sizeOf(`${store.file}-wal`),
      schema: store.schema,
      identities: store.identities,
      busy,
      ...{ readings, sightings, subjects, dirty },
      ...(firstDay !== undefined && { firstDay: formatDay(firstDay) }),
      ...(lastDay !== undefined && { lastDay: formatDay(lastDay) }),
    },
    findings: store.severities(),
    runs: store.lastRuns().map((run, n) => runStatus(run, (busy && n === 0) || isAlive(run.pid))),
    inputs: store.inputGroups().map((group) => inputStatus(group, now)),
    ...(purged !== undefined && {
      purge: { time: formatMicros(purged.at), reason: purged.reason, taken: purged.taken },
    }),
    outputs: store.outputs().map(outputStatus),
    gaps: coverageLines(store),
  }
}

/** @param mayRun `watch` holds the store only while it reads: then its process tells that it goes on. */
function runStatus({ pid: _, started, ended, status, ...run }: Run, mayRun: boolean): RunStatus {
  return {
    ...run,
    state: ended !== undefined ? 'ended' : mayRun ? 'running' : 'broken-off',
    started: formatMicros(started),
    ...(ended !== undefined && { ended: formatMicros(ended) }),
    ...(status !== undefined && { status }),
  }
}

function inputStatus(group: InputGroup, now: Micros): InputStatus {
  const { job, name, every, since, lastRead } = group
  const due = overdueSince(group, now)
  return {
    ...{ job, name },
    ...(every !== undefined && { every: every / MICROS_PER_SECOND }),
    ...(lastRead !== undefined && { lastRead: formatMicros(lastRead) }),
    lag: Math.max(0, Math.floor((now - (lastRead ?? since)) / MICROS_PER_SECOND)),
    ...(due !== undefined && { overdueSince: formatMicros(due) }),
  }
}

/** How a receiver stands, as `status --json` says it. */
export function outputStatus({ since, lastDelivery, error, retryAt, ...output }: OutputState): OutputStatus {
  return {
    ...output,
    ...(since !== undefined && { since: formatMicros(since) }),
    ...(lastDelivery !== undefined && { lastDelivery: formatMicros(lastDelivery) }),
    ...(error !== '' && { error }),
    ...(retryAt !== undefined && { retryAt: formatMicros(retryAt) }),
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
