import { type Command, Option } from 'commander'
import { plural } from '../base/text.ts'
import type { Micros } from '../base/time.ts'
import type { Policy } from '../model/policy.ts'
import type { StoredAddress } from '../store/relabel.ts'
import type { KeyChoice } from './key-source.ts'
import { openStore } from './open-store.ts'
import {
  jsonOption,
  keyOptions,
  loadRules,
  policyOption,
  signatureOptions,
  storeOption,
  withOptions,
} from './options.ts'
import { printReport } from './report.ts'
import { authorOf, authorOption } from './reviewed.ts'
import type { SignatureChoice } from './signature-set.ts'
import type { Terminal } from './terminal.ts'
import { underKey } from './under-key.ts'
import { waitOption } from './wait-for-store.ts'

interface RelabelOptions extends SignatureChoice, KeyChoice {
  readonly policy: string
  readonly was?: string
  readonly author?: string
  readonly wait?: Micros
  readonly json?: true
}

/** `offchannel relabel`: a corrected network map for what was read already. */
export function addRelabelCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('relabel')
    .summary("apply a policy's corrected networks to what was read already")
    .description(
      'Puts the addresses of the store into the networks of this policy and judges again, without reading an input. The store keeps pseudonyms: with its key every address of the networks is tried. What cannot be tried, as large IPv6 networks, stays as it was; a network that changed its site needs `sweep --again`.',
    )
    .addOption(
      new Option('--was <file>', 'the policy as it was: only what changed is tried, and what left a network is known'),
    )
    .addHelpText(
      'after',
      `
Example:
  offchannel relabel --policy policy.yaml --was policy-before.yaml --author 'A. Example'`,
    )
  withOptions(
    command,
    policyOption().makeOptionMandatory(),
    authorOption(),
    storeOption(),
    ...keyOptions(),
    ...signatureOptions(),
    waitOption(),
    jsonOption(),
  )
  command.action((options: RelabelOptions) => relabelCommand(options, terminal))
}

async function relabelCommand(options: RelabelOptions, terminal: Terminal): Promise<void> {
  const author = authorOf(options, terminal)
  const { signatures, policy } = await loadRules(options, terminal)
  const { loadPolicy } = await import('../judge/load.ts')
  const before = options.was === undefined ? undefined : loadPolicy(options.was)
  const { store, key } = await openStore({ ...options, author }, false, terminal, options.wait)
  try {
    const [{ relabel, storedAddresses }, { judgeStore }] = await Promise.all([
      import('../store/relabel.ts'),
      import('../judgement.ts'),
    ])
    store.recover()
    const addresses = storedAddresses(store)
    const { networkOf, tooLarge } = await networksOf(addresses, policy, before, key, store.identities === 'clear')
    for (const name of tooLarge) {
      terminal.note(`${name}: has too many addresses to try them all: clients in it stay in the network they were in`)
    }
    const unknown = before === undefined || tooLarge.length > 0 ? addresses.length - networkOf.size : 0
    const counts = { known: networkOf.size, unknown }
    const { changed } = relabel(store, networkOf, counts, { policy: policy.hash })
    terminal.note(`${plural(changed, 'address is', 'addresses are')} in another network now.`)
    if (unknown > 0) {
      terminal.note(
        `Of ${plural(unknown, 'address', 'addresses')} it cannot be told: they stay in the network they were in.`,
      )
    }
    const judged = await underKey(policy, key)
    const judgement = judgeStore(store, judged.policy, signatures, judged.registers)
    const report = { outcomes: [], judgement, registers: judged.registers, hash: true }
    await printReport(store, report, options.json === true, terminal)
    store.compact()
  } finally {
    store.close()
  }
}

/** Networks of addresses by their ids in the store: of those that can be told. */
async function networksOf(
  addresses: readonly StoredAddress[],
  policy: Policy,
  before: Policy | undefined,
  key: Uint8Array,
  isClear: boolean,
): Promise<{ readonly networkOf: ReadonlyMap<number, string>; readonly tooLarge: readonly string[] }> {
  const [{ changedRanges, findAddresses, networkOfClear }, { Clients }] = await Promise.all([
    import('../subjects/relabelled.ts'),
    import('../subjects/clients.ts'),
  ])
  const networkOf = new Map<number, string>()
  if (isClear) {
    const map = networkOfClear(policy)
    for (const { id, clear } of addresses) {
      const network = clear === null ? undefined : map(clear)
      if (network !== undefined) networkOf.set(id, network)
    }
    return { networkOf, tooLarge: [] }
  }
  const policies = before === undefined ? [policy] : [before, policy]
  const tags = new Set(addresses.flatMap(({ tags }) => tags))
  const found = findAddresses(changedRanges(before, policy), policies, new Clients(key, false), tags)
  for (const { id, tags } of addresses) {
    const network = tags.map((tag) => found.networkOf.get(tag)).find((one) => one !== undefined)
    if (network !== undefined) networkOf.set(id, network)
  }
  return { networkOf, tooLarge: found.tooLarge }
}
