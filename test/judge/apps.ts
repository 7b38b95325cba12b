import { type Category, type Indicator, indicatorKey, type Match, type Signature } from '../../src/model/signature.ts'

type Facts = Pick<Indicator, 'value' | 'role' | 'strength'> & Partial<Pick<Indicator, 'type' | 'validUntil'>>

function app(id: string, category: Category, indicators: readonly Facts[], more: Partial<Signature> = {}): Signature {
  return {
    id,
    name: `The app ${id}`,
    vendor: 'Nobody',
    category,
    status: 'active',
    maturity: 'proved',
    revision: 1,
    date: '2026-01-01',
    falsePositives: [],
    indicators: indicators.map((indicator) => ({ type: 'exact', sources: [], ...indicator })),
    shouldMatch: [],
    shouldNotMatch: [],
    ...more,
  }
}

/** Apps that do not exist, for tests of judgement. */
export const APPS: readonly Signature[] = [
  app('palaver', 'messaging', [
    { value: 'chat.palaver.example', role: 'messaging', strength: 'distinctive' },
    { value: 'web.palaver.example', role: 'web-client', strength: 'distinctive' },
    { value: 'call.palaver.example', role: 'call', strength: 'distinctive' },
    { value: 'media.palaver.example', role: 'media', strength: 'supporting' },
    { value: 'cdn.example', type: 'suffix', role: 'media', strength: 'supporting' },
    { value: 'join.palaver.example', role: 'registration', strength: 'distinctive' },
    { value: 'push.palaver.example', role: 'push', strength: 'distinctive' },
    { value: 'www.palaver.example', role: 'marketing', strength: 'distinctive' },
    { value: 'graph.example', role: 'shared', strength: 'supporting' },
    { value: 'perhaps.example', role: 'messaging', strength: 'ambiguous' },
    { value: 'old.palaver.example', role: 'messaging', strength: 'distinctive', validUntil: '2026-03-09' },
  ]),
  app('chirp', 'messaging', [
    { value: 'im.chirp.example', role: 'messaging', strength: 'distinctive' },
    { value: 'web.chirp.example', role: 'web-client', strength: 'distinctive' },
    { value: 'img.chirp.example', role: 'media', strength: 'supporting' },
    { value: 'files.chirp.example', role: 'media', strength: 'distinctive' },
    { value: 'turn.chirp.example', role: 'call', strength: 'distinctive' },
    { value: 'chirp.example', type: 'suffix', role: 'messaging', strength: 'supporting' },
    { value: '198.51.100.0/24', type: 'network', role: 'messaging', strength: 'distinctive' },
    { value: '203.0.113.0/25', type: 'network', role: 'messaging', strength: 'supporting' },
    { value: '203.0.113.128/25', type: 'network', role: 'call', strength: 'supporting' },
    { value: 'xmpp', type: 'protocol', role: 'messaging', strength: 'distinctive' },
    { value: '0x4001', type: 'stun-attribute', role: 'call', strength: 'supporting' },
    { value: 'example.chirp', type: 'application', role: 'messaging', strength: 'distinctive' },
    { value: 'Chirp CA', type: 'issuer', role: 'messaging', strength: 'distinctive' },
    { value: 't13d1516h2_0123456789ab_0123456789ab', type: 'ja4', role: 'messaging', strength: 'distinctive' },
    { value: 'chirp/1', type: 'alpn', role: 'web-client', strength: 'supporting' },
  ]),
  app('common', 'messaging', [{ value: '192.0.2.0/24', type: 'network', role: 'shared', strength: 'ambiguous' }]),
  app('assembly', 'conferencing', [{ value: 'meet.assembly.example', role: 'call', strength: 'distinctive' }]),
  app('veil', 'concealment', [{ value: 'exit.veil.example', role: 'tunnel', strength: 'distinctive' }]),
  app('hideout', 'concealment', [{ value: 'dns.hideout.example', role: 'resolver', strength: 'distinctive' }]),
  app('agency-vpn', 'government-vpn', [{ value: 'vpn.agency.example', role: 'tunnel', strength: 'distinctive' }]),
  app('murmur-beta', 'messaging', [{ value: 'chat.murmur.example', role: 'messaging', strength: 'distinctive' }], {
    maturity: 'experimental',
  }),
  app('bygone', 'messaging', [{ value: 'chat.bygone.example', role: 'messaging', strength: 'distinctive' }], {
    status: 'retired',
    retiredOn: '2026-02-28',
  }),
]

export const INDEX: ReadonlyMap<string, Match> = new Map(
  APPS.flatMap((signature) =>
    signature.indicators.map((indicator) => [indicatorKey(signature.id, indicator), { signature, indicator }] as const),
  ),
)

/** The key and the app of the indicator with that value; one that no signature has where there is none. */
export function indicatorNamed(value: string): { key: string; app: string } {
  for (const [key, { signature, indicator }] of INDEX) if (indicator.value === value) return { key, app: signature.id }
  return { key: `palaver exact ${value}`, app: 'palaver' }
}
