import { describe, expect, test } from 'vitest'
import { MAPPED } from '../../src/base/address.ts'
import { Oddities } from '../../src/base/oddities.ts'
import { CoverNames } from '../../src/extract/cover-names.ts'
import { clientHelloRecords, dnsResponse, echConfigList, filler, udpPacket } from '../build/index.ts'
import { fc } from '../property.ts'
import { extract, segment, syn } from './drive.ts'

const NAME = 'cover.example'
const PLACES = 4096
/** What the builder of hellos takes. */
const CONFIG_ID = filler(1, 8)[0]!

/** Words of an IPv4 client, at an offset. */
function client(last: number, at = 0): Uint32Array {
  const words = new Uint32Array(8)
  words.set([0, 0, MAPPED, (0x0a000000 + last) >>> 0], at)
  return words
}

function table() {
  const oddities = new Oddities()
  return { covers: new CoverNames(oddities), dropped: () => oddities.get('cover_names_dropped') }
}

describe('a cover', () => {
  test('is the public name of a configuration that this client was told of', () => {
    const { covers, dropped } = table()
    covers.remember(client(5), 0, 7, NAME)
    expect(covers.isCover(client(5), 0, 7, NAME)).toBe(true)
    expect(covers.isCover(client(5, 4), 4, 7, NAME)).toBe(true)
    expect(covers.isCover(client(6), 0, 7, NAME)).toBe(false)
    expect(covers.isCover(client(5), 0, 8, NAME)).toBe(false)
    expect(covers.isCover(client(5), 0, 7, 'web.example')).toBe(false)
    expect(covers.isCover(client(5), 0, -1, NAME)).toBe(false)
    expect(covers.isCover(client(5), 4, 7, NAME)).toBe(false)
    expect(dropped()).toBe(0)
  })

  test('is never a name that is not there', () => {
    const { covers } = table()
    covers.remember(new Uint32Array(8), 0, 0, '')
    expect(covers.isCover(new Uint32Array(8), 0, 0, '')).toBe(false)
  })

  test('is told by every word of a client', () => {
    const { covers } = table()
    const words = new Uint32Array([0x20010db8, 1, 2, 3, 0, 0, 0, 0])
    covers.remember(words, 0, 7, NAME)
    for (let w = 0; w < 4; w++) {
      const other = words.slice()
      other[w]! ^= 1
      expect(covers.isCover(other, 0, 7, NAME)).toBe(false)
    }
    expect(covers.isCover(words, 0, 7, NAME)).toBe(true)
  })

  test('may be one of several under one identifier, and told of again takes no place', () => {
    const { covers, dropped } = table()
    for (let turn = 0; turn < 100; turn++) {
      for (const name of ['a.example', 'b.example', 'c.example', 'd.example']) covers.remember(client(5), 0, 7, name)
    }
    expect(dropped()).toBe(0)
    covers.remember(client(5), 0, 7, 'e.example')
    expect(dropped()).toBe(1)
    const known = [...'abcde'].filter((letter) => covers.isCover(client(5), 0, 7, `${letter}.example`))
    expect(known).toEqual([...'bcde'])
  })
})

test('what is remembered and not dropped is known, and nothing else is', () => {
  const told = fc.record({ client: fc.nat(40), id: fc.nat(255), name: fc.constantFrom('a.example', 'b.example') })
  fc.assert(
    fc.property(fc.array(told, { maxLength: 200 }), told, (all, asked) => {
      const { covers, dropped } = table()
      for (const { client: last, id, name } of all) covers.remember(client(last), 0, id, name)
      const was = all.some((one) => one.client === asked.client && one.id === asked.id && one.name === asked.name)
      const is = covers.isCover(client(asked.client), 0, asked.id, asked.name)
      if (dropped() === 0) expect(is).toBe(was)
      else if (is) expect(was).toBe(true)
    }),
  )
})

test('clients spread over the table, and however many come it stays as large as it is and counts what it drops', () => {
  const { covers, dropped } = table()
  for (let i = 0; i < PLACES / 2; i++) covers.remember(client(i), 0, i % 256, NAME)
  expect(dropped()).toBeLessThan(PLACES / 20)
  for (let i = 0; i < 20 * PLACES; i++) covers.remember(client(i), 0, i % 256, NAME)
  let known = 0
  for (let i = 0; i < 20 * PLACES; i++) if (covers.isCover(client(i), 0, i % 256, NAME)) known++
  expect(known).toBeLessThanOrEqual(PLACES)
  expect(known + dropped()).toBeGreaterThanOrEqual(20 * PLACES)
})

describe('a name in a hello', () => {
  const answers = (client: string, configs: Parameters<typeof echConfigList>[0]) =>
    udpPacket(
      { source: '192.0.2.53', destination: client, sourcePort: 53, destinationPort: 40_001 },
      dnsResponse('shop.example', 'HTTPS', [
        { name: 'shop.example', type: 'HTTPS', data: { ech: echConfigList(configs) } },
      ]),
    )
  const hello = clientHelloRecords({ serverName: 'cover.example', encryptedHello: true })
  const opened = [syn(), segment(hello, 0, hello.length)]
  const covers = (packets: readonly Uint8Array[]) =>
    extract(packets)
      .observed.filter(({ means }) => means === 'tls-sni')
      .map(({ name, encryptedHello, coverName }) => [name, encryptedHello, coverName])
  const told = { id: CONFIG_ID, publicName: 'cover.example' }

  test('is a cover where this client was told the configuration that it used', () => {
    const packets = [answers('10.0.0.5', [{ id: CONFIG_ID + 1, publicName: 'other.example' }, told]), ...opened]
    expect(covers(packets)).toEqual([['cover.example', true, true]])
    expect(extract(packets).flows).toEqual({ flows: 2, flows_named: 1, flows_cover_name: 1 })
  })

  test.each<[string, readonly Uint8Array[]]>([
    ['nobody was told', []],
    ['another client was told', [answers('10.0.0.6', [told])]],
    ['the configuration is another', [answers('10.0.0.5', [{ ...told, id: CONFIG_ID + 1 }])]],
    ['the public name is another', [answers('10.0.0.5', [{ ...told, publicName: 'other.example' }])]],
  ])('is in doubt where %s', (_, before) => {
    expect(covers([...before, ...opened])).toEqual([['cover.example', true, undefined]])
  })
})
