import { describe, expect, test } from 'vitest'
import { mayEndElsewhere, namesGateway } from '../../src/judge/gateways.ts'
import { checkApps, checkPolicy, parsePolicy } from '../../src/judge/load.ts'

const TEXT = `{ organisation: Made, in-force: 2026-01-01, timezone: UTC, networks: [], rules: [],
  gateways: [{ name: vpn-1, addresses: [203.0.113.64/28, '2001:db8:7::1'], names: [edge-fw-01, vpn.example.org] }] }`
const POLICY = parsePolicy(TEXT, '')

describe('what a log calls the server of a tunnel', () => {
  test.each(['vpn-1', 'VPN-1', 'Edge-FW-01', 'vpn.example.org.', '203.0.113.70', '2001:db8:7:0::1'])(
    '%s is a gateway of the policy',
    (server) => expect(namesGateway(server, POLICY)).toBe(true),
  )

  test.each(['vpn-10', 'example.org', '203.0.113.80', '203.0.113.064', '::ffff:203.0.113.80', ''])(
    '%s is none',
    (server) => expect(namesGateway(server, POLICY)).toBe(false),
  )

  test('may mean somebody else’s gateway only where the policy has gateways and the log names a server', () => {
    expect(mayEndElsewhere('198.51.100.7', POLICY)).toBe(true)
    expect(mayEndElsewhere('', POLICY)).toBe(false)
    expect(mayEndElsewhere('198.51.100.7', { ...POLICY, gateways: [] })).toBe(false)
  })
})

test('a log is declared as that of a gateway which the policy has', () => {
  const { mistakes } = checkPolicy(
    TEXT.replace('rules: []', "rules: [], inputs: [{ match: 'a', vantage: proxy, gateway: vpn-2 }]"),
    '',
  )
  expect(mistakes.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'inputs[0].gateway: "vpn-2" is not the name of a gateway; did you mean "vpn-1"?',
  ])
})

test.each(['-1', '16', '1.5'])('a clock tolerance of %s is refused', (minutes) => {
  const { mistakes } = checkPolicy(TEXT.replace('rules: []', `rules: [], clock-tolerance: ${minutes}`), '')
  expect(mistakes.map(({ message }) => message)).toEqual(['is not a whole number of minutes from 0 to 15'])
})

test('a rule may name tunnels to other gateways as an app', () => {
  const rules = 'rules: [{ name: partner, ruling: permitted, apps: [other-gateway, another] }]'
  expect(checkApps(parsePolicy(TEXT.replace('rules: []', rules), ''), ['whatsapp'])).toHaveLength(1)
})
