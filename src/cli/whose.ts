import { Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { StoreReader } from '../store/store-reader.ts'

export const identityOption = () =>
  new Option(
    '--identity <text>',
    'who it is, in clear: a user, a device, or an address, as "10.0.0.5 at hq"; may be repeated; needs the key',
  ).argParser<readonly string[]>((one, before = []) => [...before, one])

/**
 * Whole pseudonyms of whom the arguments and `--identity` name, in the store's own words; identities that it does not know
 * are left out. Where pseudonyms rotate an identity has those of all periods, for which the store must have been given the
 * key. Throws `usage` where nobody is named, or nothing of those is known.
 */
export async function pseudonymsOf(
  clients: readonly string[],
  identities: readonly string[] | undefined,
  key: Uint8Array | undefined,
  store: Pick<StoreReader, 'inAllPeriods'>,
): Promise<string[]> {
  const derived = identities === undefined ? [] : await lastingPseudonyms(identities, key!)
  const known = store.inAllPeriods(derived)
  const all = [...new Set([...clients, ...known])]
  if (all.length > 0) return all
  if (derived.length > 0) {
    throw new OffchannelError('usage', 'nothing is held of them: nobody by these identities is in the store')
  }
  throw new OffchannelError('usage', 'say who it is: a client as tables show it, or --identity')
}

/** What identities are called where pseudonyms last for ever: an address at its site, else a user and a device of that name. */
export async function lastingPseudonyms(identities: readonly string[], key: Uint8Array): Promise<string[]> {
  const [{ Clients }, { parseAddress }] = await Promise.all([
    import('../subjects/clients.ts'),
    import('../base/address.ts'),
  ])
  const clients = new Clients(key, false)
  const words = new Uint32Array(4)
  return identities.flatMap((text) => {
    const [address = '', site = ''] = text.trim().split(' at ')
    const found = parseAddress(address, words, 0)
      ? [clients.address(words, 0, site.trim())]
      : [clients.user(text), clients.device(text)]
    return found.flatMap((one) => (one === undefined ? [] : [`${one.kind}-${one.tag}`]))
  })
}

/** A reason that names whom it is about would stay where everything else of them goes. Throws `usage`. */
export function refuseNaming(reason: string, names: readonly string[]): void {
  const text = reason.toLowerCase()
  const named = names.find((name) => name.trim() !== '' && text.includes(name.trim().toLowerCase()))
  if (named === undefined) return
  const words = `the reason names ${harmless(named)}, and stays in the audit log: refer to a file or case instead`
  throw new OffchannelError('usage', words)
}
