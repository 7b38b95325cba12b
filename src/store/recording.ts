import type { Database } from 'better-sqlite3'
import { OffchannelError } from '../base/errors.ts'
import { plural } from '../base/text.ts'
import type { Micros } from '../base/time.ts'
import { guarded, unusable } from './failure.ts'
import { RunLock } from './run-lock.ts'

/** Characters of a reason, note or statement, and of a name. */
export const TEXT_LIMIT = 4000
export const AUTHOR_LIMIT = 200

/** Who does it, when, and why. */
export interface Entry {
  readonly at: Micros
  readonly author: string
  readonly text: string
}

/**
 * Records what somebody does in one transaction, also beside a run that writes. Where that holds the store for too long
 * nothing is recorded, and OffchannelError `store_unusable` says who holds it.
 */
export function recorded<T>(file: string, database: Database, change: () => T): T {
  return guarded(file, () => {
    try {
      return database.transaction(change).immediate()
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('SQLITE_BUSY'))) throw thrown
      const who = RunLock.isHeld(file) ? 'a sweep or judge' : 'another program'
      throw unusable(file, `${who} is writing to it: nothing was recorded, try again in a moment`, { cause: thrown })
    }
  })
}

/** Well-formed and within the limits: what anybody may write, but not without end. Throws `usage`. */
export function checkedEntry({ at, author, text }: Entry, mayBeEmpty: boolean): Entry {
  const [name, words] = [author.trim().toWellFormed(), text.trim().toWellFormed()]
  if (name === '') throw new OffchannelError('usage', 'the author has no name: give one with --author')
  if (words === '' && !mayBeEmpty) throw new OffchannelError('usage', 'the reason is empty: say why, in words')
  refuseLong('the name of the author', name, AUTHOR_LIMIT)
  refuseLong('the text', words, TEXT_LIMIT)
  return { at, author: name, text: words }
}

function refuseLong(what: string, text: string, limit: number): void {
  if (text.length <= limit) return
  const length = plural(text.length, 'character')
  throw new OffchannelError('usage', `${what} has ${length}, and may have ${limit}: shorten it, or refer to a document`)
}
