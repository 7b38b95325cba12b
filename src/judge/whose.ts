import { plural } from '../base/text.ts'
import type { SubjectDay } from '../model/facts.ts'
import type { Judged, Whose } from '../model/finding.ts'
import type { Policy } from '../model/policy.ts'
import type { KnownSessions } from './known-sessions.ts'
import { type Passage, spannedMinutes } from './passages.ts'
import { placesOf } from './places.ts'

interface WhoseFacts {
  /** The subject is an address: nobody is known. */
  readonly address: boolean
  /** The input named the user or device, everywhere. */
  readonly named: boolean
  /** Minutes in which two had the address. */
  readonly disputed: number
  /** The network is one whose addresses others stand behind. */
  readonly translated: string
}

interface WhoseRule {
  readonly rule: string
  readonly value: Whose
  applies(facts: WhoseFacts): boolean
  reason(facts: WhoseFacts): string
}

/** The first that applies decides. */
export const WHOSE_RULES: readonly WhoseRule[] = [
  {
    rule: 'named-by-input',
    value: 'named',
    applies: ({ address, named }) => !address && named,
    reason: () => 'The inputs name the user or device themselves.',
  },
  {
    rule: 'held-by-log',
    value: 'leased',
    applies: ({ address }) => !address,
    reason: () => 'By a log of leases or tunnels this was who had the address in these minutes.',
  },
  {
    rule: 'two-holders',
    value: 'unresolved',
    applies: ({ disputed }) => disputed > 0,
    reason: ({ disputed }) =>
      `By logs two had the address at once in ${plural(disputed, 'minute')} of these, so that it is not resolved whose it was.`,
  },
  {
    rule: 'translated-address',
    value: 'address',
    applies: ({ translated }) => translated !== '',
    reason: ({ translated }) =>
      `The address is of the network "${translated}", which others stand behind by translation (NAT): it may be several people's.`,
  },
  {
    rule: 'address-alone',
    value: 'address',
    applies: () => true,
    reason: () => 'No log of leases or tunnels says whose the address was.',
  },
]

/** Whose a finding is and how that is known, by the first rule that applies. */
export function whoseOf(
  { subject }: SubjectDay,
  passages: readonly Passage[],
  policy: Policy,
  sessions: KnownSessions,
): Judged<Whose> {
  const networks = passages.map(({ hit }) => placesOf(policy).network(hit.sighting.network))
  const facts = {
    address: subject.startsWith('address-'),
    named: passages.every(({ hit: { sighting } }) => sighting.user === subject || sighting.client === subject),
    disputed: spannedMinutes(
      passages.map(({ hit: { sighting }, mask }) => ({
        quarter: sighting.quarter,
        mask: mask & sessions.disputedMinutes(sighting),
      })),
    ),
    translated: networks.find((network) => network?.kind === 'perimeter' || network?.kind === 'vpn-egress')?.name ?? '',
  }
  const rule = WHOSE_RULES.find((candidate) => candidate.applies(facts))!
  return { value: rule.value, rule: rule.rule, reason: rule.reason(facts) }
}
