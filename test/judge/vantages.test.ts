import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type RouteFacts, routeOf } from '../../src/judge/routes.ts'
import { type NetworkKind, VANTAGES, type Vantage } from '../../src/model/policy.ts'

type Tunnel = 'up' | 'edge' | 'none'
type Scope = 'managed' | 'mixed'

/** The client's network, by the columns of the table; where it says nothing of the scope that makes no difference. */
const COLUMNS: readonly { readonly kinds: readonly (NetworkKind | undefined)[]; readonly scopes: readonly Scope[] }[] =
  [
    { kinds: ['vpn-pool', 'vpn-egress'], scopes: ['managed', 'mixed'] },
    { kinds: ['office', 'perimeter'], scopes: ['managed'] },
    { kinds: ['office', 'perimeter'], scopes: ['mixed'] },
    { kinds: ['home', 'guest', 'mobile', undefined], scopes: ['managed', 'mixed'] },
  ]

function table(): string[] {
  return [undefined, ...VANTAGES].flatMap((vantage) =>
    ['capture', 'log'].map((input) => {
      const cells = COLUMNS.map(({ kinds, scopes }) => {
        const all = kinds.flatMap((kind) => scopes.map((scope) => cell(vantage, kind, scope, input === 'log')))
        return [...new Set(all)].join(' or ')
      })
      return [vantage ?? '(undeclared)', input, ...cells].join(' ')
    }),
  )
}

/** `split-tunnel|no-tunnel`: with a tunnel up (also by clocks that differ), and with none. */
function cell(vantage: Vantage | undefined, kind: NetworkKind | undefined, scope: Scope, log: boolean): string {
  const [up, edge, none] = (['up', 'edge', 'none'] as const).map((tunnel) => said(vantage, kind, scope, log, tunnel))
  expect(edge).toBe(up)
  return up === none ? up! : `${up}|${none}`
}

function said(
  vantage: Vantage | undefined,
  kind: NetworkKind | undefined,
  scope: Scope,
  log: boolean,
  tunnel: Tunnel,
): string {
  const facts: RouteFacts = {
    otherGateway: false,
    network: kind && { name: 'some', kind, scope, site: '', cidrs: [] },
    vantage,
    log,
    gateways: true,
    tunnelAddress: undefined,
    tunnelUp: tunnel === 'none' ? undefined : tunnel === 'up' ? 'sure' : 'edge',
    tolerance: 120e6,
    lookup: false,
    flowOutside: true,
    splitAllowed: false,
  }
  return routeOf(facts).value
}

test('of every vantage, network and state of a tunnel the route is that of the table', () => {
  const expected = readFileSync(new URL('vantages.txt', import.meta.url), 'utf8')
  const lines = expected.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  expect(table()).toEqual(lines.map((line) => line.replace(/ +/g, ' ')))
})

test('only a capture at a device or on its line says that no tunnel was up', () => {
  const saying = table().filter((line) => line.includes('no-tunnel'))
  expect(saying.length).toBeGreaterThan(0)
  for (const line of saying) expect(line).toMatch(/^(device|access-network) capture /)
})
