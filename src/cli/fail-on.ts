import { Option } from 'commander'
import { SEVERITIES, type Severity } from '../model/finding.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { today } from './clock.ts'
import type { Terminal } from './terminal.ts'

export const failOnOption = () =>
  new Option('--fail-on <severity>', 'end with status 1 where a finding as severe is open or acknowledged').choices(
    SEVERITIES.filter((severity) => severity !== 'none'),
  )

/** Makes the exit status 1 where `--fail-on` asks for it, and nothing worse has made it 2. */
export function failWhereAsked(store: StoreReader, failOn: Severity | undefined, terminal: Terminal): void {
  if (failOn !== undefined && terminal.exitStatus === 0 && store.hasUnsettled(failOn, today())) terminal.exitStatus = 1
}
