import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { messageOf } from '../base/errors.ts'
import { harmless, harmlessJson } from '../base/text.ts'
import { prometheusText } from '../jobs/prometheus.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { now } from './clock.ts'
import { statusOf } from './job-status.ts'
import type { Terminal } from './terminal.ts'

/** Where a run writes what it did; undefined for what is not wanted. */
export interface Outputs {
  readonly prometheus: string | undefined
  readonly summary: string | undefined
}

/** Writes the outputs of a run that has ended, each whole or not at all; what cannot be written is a problem. */
export function writeOutputs(store: StoreReader, job: string, outputs: Outputs, terminal: Terminal): void {
  if (outputs.prometheus === undefined && outputs.summary === undefined) return
  const status = statusOf(store, false, now())
  if (outputs.prometheus !== undefined) replace(outputs.prometheus, prometheusText(status, job), terminal)
  if (outputs.summary !== undefined) replace(outputs.summary, `${harmlessJson(status)}\n`, terminal)
}

/** Whoever reads the file sees the old one or the new one. */
function replace(file: string, text: string, terminal: Terminal): void {
  const beside = `${file}.${process.pid}.part`
  try {
    writeFileSync(beside, text)
    renameSync(beside, file)
  } catch (thrown) {
    rmSync(beside, { force: true })
    terminal.problem(harmless(`${file}: cannot be written: ${messageOf(thrown)}`))
  }
}
