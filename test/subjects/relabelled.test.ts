import { expect, test } from 'vitest'
import { parseAddress } from '../../src/base/address.ts'
import { networkOf } from '../../src/base/cidr.ts'
import type { Policy } from '../../src/model/policy.ts'
import { Clients } from '../../src/subjects/clients.ts'
import { changedRanges, findAddresses, networkOfClear } from '../../src/subjects/relabelled.ts'

type Networks = Readonly<Record<string, readonly string[]>>

/** A policy with these networks, all at no site of their own, and these sites. */
function policy(networks: Networks, sites: readonly string[] = []): Policy {
  return {
    networks: Object.entries(networks).map(([name, cidrs]) => ({ name, site: '', cidrs: cidrs.map(networkOf) })),
    sites: sites.map((id) => ({ id, name: id })),
    inputs: [],
  } as unknown as Policy
}

const clients = new Clients(Buffer.alloc(32, 1), false)

function tagOf(text: string, site = ''): string {
  const words = new Uint32Array(4)
  parseAddress(text, words, 0)
  return clients.address(words, 0, site).tag
}

function found(before: Policy | undefined, now: Policy, tags: readonly string[]) {
  const policies = before === undefined ? [now] : [before, now]
  return findAddresses(changedRanges(before, now), policies, clients, new Set(tags))
}

test('every address of the networks is found by its pseudonym, at every site, in the most specific network', () => {
  const now = policy({ office: ['10.1.0.0/24'], lab: ['10.1.0.128/25'] }, ['hq'])
  const tags = ['10.1.0.0', '10.1.0.127', '10.1.0.128', '10.1.0.255', '10.1.1.0'].map((one) => tagOf(one))
  const atSite = tagOf('10.1.0.200', 'hq')
  const { networkOf: names, tooLarge } = found(undefined, now, [...tags, atSite, tagOf('10.1.0.3', 'elsewhere')])
  expect([...tags, atSite].map((tag) => names.get(tag))).toEqual(['office', 'office', 'lab', 'lab', undefined, 'lab'])
  expect([names.size, tooLarge]).toEqual([5, []])
})

test('with the policy as it was only what changed is tried, and what left a network is in none or the next larger', () => {
  const before = policy({ all: ['10.0.0.0/8'], office: ['10.1.0.0/24'], home: ['192.168.0.0/24'] })
  const now = policy({ all: ['10.0.0.0/8'], office: ['10.1.0.0/25'] })
  const ranges = changedRanges(before, now)
  expect(ranges.map(({ network, range }) => `${network}/${range.length - 96}`)).toEqual([
    'office/24',
    'home/24',
    'office/25',
  ])
  const tags = ['10.1.0.1', '10.1.0.200', '192.168.0.9', '10.9.9.9'].map((one) => tagOf(one))
  const { networkOf: names } = found(before, now, tags)
  expect(tags.map((tag) => names.get(tag))).toEqual(['office', 'all', '', undefined])
  expect(changedRanges(now, now)).toEqual([])
})

test('a small IPv6 network is tried, a large one is told', () => {
  const now = policy({ six: ['fd00:8::/48'], few: ['fd00:9::100/120'] })
  const { networkOf: names, tooLarge } = found(undefined, now, [tagOf('fd00:9::1ff')])
  expect([names.get(tagOf('fd00:9::1ff')), tooLarge]).toEqual(['few', ['six']])
})

test('networks that would take too long to try are refused with what to do', () => {
  const now = policy({ a: ['10.0.0.0/8'], b: ['11.0.0.0/8'], c: ['12.0.0.0/8'] })
  expect(() => found(undefined, now, [])).toThrow('50,331,648 pseudonyms would have to be tried')
  expect(() => found(undefined, now, [])).toThrow('--was')
})

test('a clear identity is read as it was written, with or without its site', () => {
  const map = networkOfClear(policy({ six: ['fd00:8::/48'], office: ['10.1.0.0/24'] }))
  expect(['10.1.0.7 at hq', '10.1.0.7', 'fd00:8::1 at hq', '10.2.0.1', 'nobody'].map(map)).toEqual([
    ...['office', 'office', 'six', ''],
    undefined,
  ])
})
