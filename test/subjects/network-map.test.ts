import { describe, expect, test } from 'vitest'
import { Observation } from '../../src/model/observation.ts'
import { NetworkMap } from '../../src/subjects/network-map.ts'
import { cidr, network, policyOf, words } from './policy.ts'

const policy = policyOf({
  networks: [network('office', 'hq', '10.1.0.0/16', '2001:db8:1::/48'), network('guests', 'hq', '10.1.200.0/24')],
  gateways: [{ name: 'vpn-1', names: [], cidrs: [cidr('203.0.113.10/32'), cidr('2001:db8:ffff::/64')] }],
  exclusions: { cidrs: [cidr('10.1.99.0/24')], users: ['counsel@example'] },
})
const map = new NetworkMap(policy)

describe('a network map', () => {
  test.each([
    ['10.1.4.5', 'office'],
    ['10.1.200.5', 'guests'],
    ['2001:db8:1::9', 'office'],
    ['10.2.0.1', undefined],
  ])('puts %s in the most specific network: %s', (address, name) => {
    expect(map.networkOf(words(address), 0)?.name).toBe(name)
  })

  test('knows the gateways by their addresses, and whether there are any', () => {
    expect(map.hasGateways).toBe(true)
    expect(map.gatewayAt(words('203.0.113.10'), 0)).toBe('vpn-1')
    expect(map.gatewayAt(words('2001:db8:ffff::1'), 0)).toBe('vpn-1')
    expect(map.gatewayAt(words('203.0.113.11'), 0)).toBeUndefined()
    const none = new NetworkMap(policyOf())
    expect(none.hasGateways).toBe(false)
    expect(none.gatewayAt(words('203.0.113.10'), 0)).toBeUndefined()
  })

  test.each<[string, Partial<Observation>, string | undefined, boolean]>([
    ['an address', {}, '10.1.99.12', true],
    ['another address', {}, '10.1.98.12', false],
    ['a user in any spelling', { user: 'EXAMPLE\\Counsel' }, '10.1.4.5', true],
    ['a device of that name', { device: 'counsel@example' }, undefined, true],
    ['another user', { user: 'alice' }, undefined, false],
    ['nobody', {}, undefined, false],
  ])('leaves out whom the policy excludes: %s', (_, fields, address, excluded) => {
    const observation = Object.assign(new Observation(), fields)
    observation.addresses.set(words('10.1.99.1'), 4)
    if (address !== undefined) {
      observation.hasClient = true
      observation.addresses.set(words(address), 0)
    }
    expect(map.isExcluded(observation)).toBe(excluded)
  })

  test('does not exclude by an address that was not read', () => {
    const observation = new Observation()
    observation.addresses.set(words('10.1.99.12'), 0)
    expect(map.isExcluded(observation)).toBe(false)
  })

  test('has a hash that changes with what facts depend on, and with nothing else', () => {
    const hash = (parts: Parameters<typeof policyOf>[0]) => new NetworkMap({ ...policy, ...parts }).hash
    expect(hash({})).toBe(map.hash)
    expect(hash({ organisation: 'Other', inForce: 5, hash: '1' })).toBe(map.hash)
    expect(hash({ networks: policy.networks.map((one) => ({ ...one, scope: 'visitor', kind: 'guest' })) })).toBe(
      map.hash,
    )
    const changed = [
      hash({ networks: policy.networks.map((one) => ({ ...one, site: 'other' })) }),
      hash({ networks: policy.networks.map((one) => ({ ...one, name: 'other' })) }),
      hash({ networks: [network('office', 'hq', '10.1.0.0/17')] }),
      hash({ gateways: [] }),
      hash({ exclusions: { cidrs: [], users: ['counsel@example'] } }),
      hash({ exclusions: { ...policy.exclusions, users: [] } }),
    ]
    expect(new Set([map.hash, ...changed]).size).toBe(1 + changed.length)
  })
})
