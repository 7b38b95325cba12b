import { existsSync } from 'node:fs'
import type { Store } from '../store/store.ts'
import { now } from './clock.ts'
import { keyFileOf, loadKey } from './key.ts'

export interface StoreChoice {
  readonly store: string
  readonly key?: string
  readonly identities?: 'pseudonym' | 'clear'
}

/**
 * Opens a store for writing, under its key; `create` makes both where there is none. Without a choice of identities the
 * store's own counts, and a new one keeps pseudonyms.
 */
export async function openStore(
  choice: StoreChoice,
  create: boolean,
): Promise<{ readonly store: Store; readonly key: Buffer }> {
  const [{ Store }, { keyCheck }] = await Promise.all([import('../store/store.ts'), import('../subjects/clients.ts')])
  // Without a store there is no key to look for: the store's own message is the one that helps.
  if (!create && !existsSync(choice.store)) Store.openReadOnly(choice.store).close()
  const key = loadKey(choice.key ?? keyFileOf(choice.store), choice.store)
  const options = { identities: choice.identities, keyCheck: keyCheck(key), create, clock: now }
  return { store: Store.open(choice.store, options), key }
}
