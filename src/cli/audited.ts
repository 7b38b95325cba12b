import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { AuditDetails } from '../model/audit.ts'
import { now } from './clock.ts'
import type { Terminal } from './terminal.ts'

/**
 * Enters in a store's audit log that something of it was given out, before it is. Whoever may only read the store cannot:
 * that is said, and what was asked is done.
 */
export async function enterAudit(
  store: string,
  action: string,
  details: AuditDetails,
  terminal: Terminal,
  author = terminal.environment.OFFCHANNEL_AUTHOR ?? '',
): Promise<void> {
  const { AuditDesk } = await import('../store/audit.ts')
  try {
    const desk = AuditDesk.open(store)
    try {
      desk.enter({ at: now(), author: author.trim().slice(0, 200), action, details })
    } finally {
      desk.close()
    }
  } catch (thrown) {
    if (!isReadOnly(thrown)) throw thrown
    terminal.note(`${harmless(store)}: may only be read by this user: this is not entered in its audit log`)
  }
}

function isReadOnly(thrown: unknown): boolean {
  if (!(thrown instanceof OffchannelError) || thrown.code !== 'store_unusable') return false
  const code = String((thrown.cause as { code?: unknown } | undefined)?.code ?? '')
  return code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')
}
