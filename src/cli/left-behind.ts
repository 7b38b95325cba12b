import { harmless } from '../base/text.ts'
import type { Compacted } from '../store/compact.ts'
import type { Terminal } from './terminal.ts'

/** Says where what was taken out of a store may still be found. */
export function tellLeftBehind({ walRemains, backups }: Compacted, store: string, terminal: Terminal): void {
  if (walRemains) {
    terminal.problem(
      `${harmless(store)}-wal: somebody was reading, so it still has what was taken out: run \`offchannel purge --compact\` when nobody is`,
    )
  }
  for (const file of backups) {
    terminal.problem(`${harmless(file)}: this copy of the store from before an update still has it: delete it`)
  }
}
