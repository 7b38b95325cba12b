import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { OffchannelError } from '../base/errors.ts'
import type { Rotation } from '../base/period.ts'
import { harmless } from '../base/text.ts'
import type { Micros } from '../base/time.ts'
import { durationText } from '../jobs/duration.ts'
import type { Identities, Recipients } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { now } from './clock.ts'
import { type KeyChoice, keyOf } from './key-source.ts'
import { holderOf } from './store-holder.ts'
import type { Terminal } from './terminal.ts'

export interface StoreChoice extends KeyChoice {
  readonly identities?: Identities
  /** Files with whom identities are sealed to. */
  readonly recipients?: readonly string[]
  /** How long pseudonyms last. */
  readonly rotate?: Rotation
  /** Who does it, for the audit log (default: $OFFCHANNEL_AUTHOR). */
  readonly author?: string
}

interface OpenStore {
  readonly store: Store
  readonly key: Buffer
}

/** Characters of a name. */
const AUTHOR_LENGTH = 200

/** Milliseconds between two tries; a try itself waits a second. */
const PAUSE = 1000

/**
 * Opens a store for writing, under its key; `create` makes both where there is none. Without a choice of identities the
 * store's own counts, and a new one keeps pseudonyms. Says where it was brought up to date, and where it waits for
 * another run that has it, which is as long as `wait`. Throws `store_unusable` and `key_unusable`.
 */
export async function openStore(
  choice: StoreChoice,
  create: boolean,
  terminal: Terminal,
  wait: Micros = 0,
): Promise<OpenStore> {
  const until = now() + wait
  for (let first = true; ; first = false) {
    try {
      const open = await tryToOpen(choice, create, terminal)
      const { upgrade } = open.store
      if (upgrade !== undefined) {
        const { from, to, backup } = upgrade
        const words = `brought from schema ${from} to ${to}; as it was it is kept in ${harmless(backup)}`
        terminal.note(`${harmless(choice.store)}: ${words}`)
      }
      return open
    } catch (thrown) {
      const { RunLock } = await import('../store/run-lock.ts')
      const isUnusable = thrown instanceof OffchannelError && thrown.code === 'store_unusable'
      if (!isUnusable || !RunLock.isHeld(choice.store)) throw thrown
      const taken = `${harmless(choice.store)}: another process is writing to it${await holderOf(choice.store)}`
      if (now() >= until) {
        const waited = wait > 0 ? `, still after ${durationText(wait)}` : ''
        const words = `${taken}${waited}: run this again when that has ended, or give --wait 10m`
        throw new OffchannelError('store_unusable', words, { cause: thrown })
      }
      if (first) terminal.note(`${taken}: waiting for up to ${durationText(wait)}`)
      await pause(Math.min(PAUSE, Math.max(0, (until - now()) / 1000)))
    }
  }
}

async function tryToOpen(choice: StoreChoice, create: boolean, terminal: Terminal): Promise<OpenStore> {
  const { Store } = await import('../store/store.ts')
  // Without a store there is no key to look for: the store's own message is the one that helps.
  if (!create && !existsSync(choice.store)) Store.openReadOnly(choice.store).close()
  const key = await keyOf(choice)
  return openUnder(key, choice, create, terminal)
}

/** Opens a store for writing under a key that is known, without waiting for whoever has it. Throws `store_unusable`. */
export async function openUnder(
  key: Buffer,
  choice: StoreChoice,
  create: boolean,
  terminal: Terminal,
): Promise<OpenStore> {
  const [{ Store }, { keyCheck }] = await Promise.all([import('../store/store.ts'), import('../subjects/clients.ts')])
  const author = (choice.author ?? terminal.environment.OFFCHANNEL_AUTHOR ?? '').trim().slice(0, AUTHOR_LENGTH)
  const { identities, rotate: rotation } = choice
  const recipients = await recipientsOf(choice)
  const options = { identities, recipients, rotation, key, keyCheck: keyCheck(key), create, clock: now, author }
  const store = Store.open(choice.store, options)
  try {
    if (create && store.identities === 'sealed') {
      const { newDataKey } = await import('./sealing.ts')
      store.sealUnder(await newDataKey(store.recipients))
    }
    return { store, key }
  } catch (thrown) {
    store.close()
    throw thrown
  }
}

/** Whom a choice names to seal identities to; throws `usage` where it names some and seals none, or the other way round. */
async function recipientsOf({ store, identities, recipients = [] }: StoreChoice): Promise<Recipients | undefined> {
  if (recipients.length === 0) {
    if (identities !== 'sealed' || existsSync(store)) return undefined
    throw new OffchannelError('usage', '--identities sealed: say to whom, with --recipients FILE')
  }
  if (identities !== 'sealed') throw new OffchannelError('usage', '--recipients: goes with --identities sealed')
  const { readRecipients } = await import('./sealing.ts')
  return readRecipients(recipients)
}
