import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Compacted } from '../store/compact.ts'
import type { Store } from '../store/store.ts'
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

/**
 * Writes the file of a store anew after something was taken out of it. Where there is no room that is a problem, and no
 * more: what is gone is overwritten in it.
 */
export function compactBehind(store: Store, file: string, terminal: Terminal): void {
  try {
    tellLeftBehind(store.compact(), file, terminal)
  } catch (thrown) {
    if (!(thrown instanceof OffchannelError)) throw thrown
    const words = 'it is taken out, and `offchannel purge --compact` is still to write the file anew'
    terminal.problem(`${messageOf(thrown)}: ${words}`)
  }
}
