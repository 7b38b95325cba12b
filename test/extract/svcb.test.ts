import { describe, expect, test } from 'vitest'
import { Oddities } from '../../src/base/oddities.ts'
import { CoverNames } from '../../src/extract/cover-names.ts'
import { DnsReader } from '../../src/extract/dns.ts'
import { Observation } from '../../src/model/observation.ts'
import { observationRecord } from '../../src/report/observation.ts'
import {
  ascii,
  concat,
  type DnsType,
  dnsQuery,
  dnsResponse,
  echConfigList,
  random,
  type ServiceBinding,
  uint16,
  uint32,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { mutated } from '../robustness/mutate.ts'

const NAME = 'web.whatsapp.com'
const CLIENT = 0x0a000005

/** What a message gives whose client is 10.0.0.5, and whether it taught a cover. */
function read(message: Uint8Array, end = message.length) {
  const oddities = new Oddities()
  const covers = new CoverNames(oddities)
  const observation = new Observation()
  observation.addresses[3] = CLIENT
  let observed: Record<string, unknown> = {}
  new DnsReader(oddities, covers).read(message, 0, end, observation, (one) => {
    observed = observationRecord(one, 'test', 'frame')
  })
  const { addresses, timeToLive, aliases, encryptedHello } = observed
  const counts = Object.fromEntries(oddities.entries())
  const isCover = (id: number, name: string) => covers.isCover(new Uint32Array([0, 0, 0, CLIENT]), 0, id, name)
  return { name: observed.name, addresses, timeToLive, aliases, encryptedHello, counts, isCover }
}

function answer(data: ServiceBinding, type: DnsType = 'HTTPS') {
  return read(dnsResponse(NAME, type, [{ name: NAME, type, data, ttl: 60 }]))
}

/** An HTTPS answer whose data is as given. */
function answerOf(...data: readonly ArrayLike<number>[]) {
  const all = concat(...data)
  const question = dnsQuery(NAME, 'HTTPS')
  question.set([0x81, 0x80], 2)
  question[7] = 1
  return concat(question, uint16(0xc00c), uint16(65), uint16(1), uint32(60), uint16(all.length), all)
}

function parameter(key: number, value: ArrayLike<number>): Uint8Array {
  return concat(uint16(key), uint16(value.length), value)
}

const ech = echConfigList([
  { id: 7, publicName: 'Cover.example' },
  { id: 9, publicName: 'other.example', version: 0xfe0a },
])

describe.each<DnsType>(['HTTPS', 'SVCB'])('an answer with a record of type %s', (type) => {
  test('gives the addresses that it hints at, with its lifetime', () => {
    const data = { alpn: ['h3', 'h2'], ipv4: ['198.51.100.7', '198.51.100.8'], ipv6: ['2001:db8::7'] }
    expect(answer(data, type)).toMatchObject({
      name: NAME,
      addresses: ['198.51.100.7', '198.51.100.8', '2001:db8::7'],
      timeToLive: 60,
      aliases: undefined,
      encryptedHello: undefined,
      counts: {},
    })
  })

  test('gives its alias, and nothing of what an alias may say beside', () => {
    const data = { priority: 0, target: 'Edge.example', ipv4: ['198.51.100.7'], ech }
    const given = answer(data, type)
    expect(given).toMatchObject({ aliases: ['edge.example'], addresses: undefined, encryptedHello: undefined })
    expect(given.isCover(7, 'cover.example')).toBe(false)
  })

  test('gives the name of its endpoint, unless that is its own', () => {
    expect(answer({ target: 'svc.example', ipv4: ['198.51.100.7'] }, type)).toMatchObject({
      aliases: ['svc.example'],
      addresses: ['198.51.100.7'],
    })
    expect(answer({ priority: 0 }, type)).toMatchObject({ aliases: undefined, counts: {} })
  })

  test('says that it offers Encrypted Client Hello, and teaches its client the cover', () => {
    const given = answer({ alpn: ['h2'], ech }, type)
    expect(given.encryptedHello).toBe(true)
    expect(given.isCover(7, 'cover.example')).toBe(true)
    expect(given.isCover(9, 'other.example')).toBe(false)
    expect(given.counts).toEqual({})
  })
})

describe('a service binding', () => {
  test('is read beside other records, and the shortest lifetime counts', () => {
    const answers = [
      { name: NAME, type: 'CNAME', data: 'edge.example', ttl: 20 },
      { name: 'edge.example', type: 'HTTPS', data: { priority: 2, ipv4: ['198.51.100.9'] }, ttl: 50 },
      { name: 'edge.example', type: 'HTTPS', data: { ipv6: ['2001:db8::9'], ech }, ttl: 40 },
    ] as const
    expect(read(dnsResponse(NAME, 'HTTPS', answers))).toMatchObject({
      aliases: ['edge.example'],
      addresses: ['198.51.100.9', '2001:db8::9'],
      timeToLive: 40,
      encryptedHello: true,
    })
  })

  test('with more addresses than an observation holds gives the first 64', () => {
    const ipv4 = Array.from({ length: 70 }, (_, i) => `192.0.2.${i}`)
    expect(answer({ ipv4, ipv6: ['2001:db8::9'] }).addresses).toEqual(ipv4.slice(0, 64))
  })

  const own = [0, 1, 0]
  const hint = parameter(4, [192, 0, 2, 1])
  test.each<[string, Uint8Array]>([
    ['is empty', answerOf()],
    ['ends in its priority', answerOf([0])],
    ['has no name', answerOf([0, 1])],
    ['has a name that goes on past it', answerOf([0, 1, 9], ascii('abc'))],
    ['ends in a key', answerOf(own, hint, [0])],
    ['ends in a length', answerOf(own, hint, uint16(6), [0])],
    ['has a value that goes on past it', answerOf(own, hint, uint16(6), uint16(17), new Uint8Array(16))],
    ['says a thing twice', answerOf(own, hint, hint)],
    ['has its keys in another order', answerOf(own, parameter(6, new Uint8Array(16)), hint)],
    ['hints at no IPv4 address', answerOf(own, parameter(4, []))],
    ['hints at a part of an IPv4 address', answerOf(own, parameter(4, [192, 0, 2, 1, 5]))],
    ['hints at no IPv6 address', answerOf(own, hint, parameter(6, []))],
    ['hints at a part of an IPv6 address', answerOf(own, hint, parameter(6, new Uint8Array(15)))],
    ['has an empty list of configurations', answerOf(own, hint, parameter(5, []))],
    ['has a list whose length is wrong', answerOf(own, hint, parameter(5, ech.subarray(0, -1)))],
  ])('that %s is malformed: nothing of it is used', (_, message) => {
    const { name, addresses, aliases, encryptedHello, counts } = read(message)
    expect({ name, addresses, aliases, encryptedHello }).toEqual({ name: NAME })
    expect(counts).toEqual({ dns_service_binding_damaged: 1 })
  })

  test('is written and read alike, with what nobody knows yet beside it', () => {
    const scene = fc.record({
      ipv4: fc.array(fc.ipV4(), { maxLength: 4 }),
      configs: fc.array(fc.record({ id: fc.nat(255), publicName: fc.stringMatching(/^[a-z]{1,9}\.example$/) }), {
        maxLength: 3,
      }),
      unknown: fc.uniqueArray(fc.integer({ min: 7, max: 65_535 }), { maxLength: 4 }),
      value: fc.uint8Array({ maxLength: 20 }),
    })
    fc.assert(
      fc.property(scene, ({ ipv4, configs, unknown, value }) => {
        const list = configs.length > 0 ? [parameter(5, echConfigList(configs))] : []
        const hints =
          ipv4.length > 0
            ? [
                parameter(
                  4,
                  ipv4.flatMap((text) => text.split('.').map(Number)),
                ),
              ]
            : []
        const others = unknown.sort((a, b) => a - b).map((key) => parameter(key, value))
        const given = read(answerOf([0, 1, 0], ...hints, ...list, ...others))
        expect(given.addresses).toEqual(ipv4.length > 0 ? ipv4 : undefined)
        expect(given.encryptedHello).toBe(configs.length > 0 ? true : undefined)
        for (const { id, publicName } of configs) expect(given.isCover(id, publicName)).toBe(true)
      }),
    )
  })

  test('that was cut or damaged is read the same whether bytes stand behind it or not', () => {
    const whole = dnsResponse(NAME, 'HTTPS', [
      { name: NAME, type: 'HTTPS', data: { target: 'svc.example', ipv4: ['192.0.2.1'], ipv6: ['2001:db8::1'], ech } },
      { name: NAME, type: 'HTTPS', data: { priority: 0, target: 'edge.example' } },
    ])
    for (let number = 0; number < 40; number++) {
      const bytes = number === 0 ? whole : mutated(whole, random(number))
      for (let end = 0; end <= bytes.length; end++) {
        const [{ isCover: _, ...here }, { isCover: __, ...alone }] = [read(bytes, end), read(bytes.slice(0, end))]
        expect(here, `case ${number}, end ${end}`).toEqual(alone)
      }
    }
  })
})
