import { describe, expect, test } from 'vitest'
import { EchConfigs } from '../../src/extract/ech-config.ts'
import { ascii, concat, echConfigList, filler, random, uint16 } from '../build/index.ts'
import { fc } from '../property.ts'
import { mutated } from '../robustness/mutate.ts'

/** What is read of a list that stands in the midst of other bytes; undefined where its form is refused. */
function read(list: Uint8Array, end = list.length): [id: number, publicName: string][] | undefined {
  const configs = new EchConfigs()
  const inside = concat([0xfe, 0x0d], list, filler(64, 9))
  if (!configs.begin(inside, 2, 2 + end)) {
    expect(configs.next()).toBe(false)
    return undefined
  }
  const found: [number, string][] = []
  while (configs.next()) {
    found.push([configs.configId, Buffer.from(inside.subarray(configs.nameStart, configs.nameEnd)).toString('latin1')])
  }
  return found
}

const NAME = 'cover.example'
const one = echConfigList([{ id: 7, publicName: NAME }])

/** A list with one configuration of these contents. */
function listOf(contents: Uint8Array): Uint8Array {
  return concat(uint16(4 + contents.length), uint16(0xfe0d), uint16(contents.length), contents)
}

const contents = one.slice(6)

describe('a list of configurations', () => {
  test('is read as RFC 9848 §3 shows it', () => {
    const shown = 'AEj+DQBEAQAgACAdd+scUi0IYFsXnUIU7ko2Nd9+F8M26pAGZVpz/KrWPgAEAAEAAWQVZWNoLXNpdGVzLmV4YW1wbGUubmV0AAA='
    expect(read(new Uint8Array(Buffer.from(shown, 'base64')))).toEqual([[1, 'ech-sites.example.net']])
  })

  test('gives each configuration in its order, whatever they are', () => {
    const config = fc.record({
      id: fc.nat(255),
      publicName: fc.stringMatching(/^[a-z.]{1,255}$/),
      version: fc.constantFrom(0xfe0d, 0xfe0d, 0xfe0a, 0),
    })
    fc.assert(
      fc.property(fc.array(config, { minLength: 1, maxLength: 6 }), (configs) => {
        const known = configs.filter(({ version }) => version === 0xfe0d)
        expect(read(echConfigList(configs))).toEqual(known.map(({ id, publicName }) => [id, publicName]))
      }),
    )
  })

  test('leaves out a configuration whose contents are damaged, and reads the next', () => {
    const good = one.slice(2)
    for (let length = 0; length < contents.length; length++) {
      const bad = listOf(contents.subarray(0, length)).slice(2)
      expect(read(concat(uint16(bad.length + good.length), bad, good)), `${length}`).toEqual([[7, NAME]])
    }
    const longer = listOf(concat(contents, [0])).slice(2)
    expect(read(concat(uint16(longer.length + good.length), longer, good))).toEqual([[7, NAME]])
  })

  test('with extensions is read, without a public name it is not', () => {
    const extended = concat(contents.subarray(0, -2), uint16(5), uint16(0x8001), uint16(1), [1])
    expect(read(listOf(extended))).toEqual([[7, NAME]])
    const nameless = concat(contents.subarray(0, -3 - NAME.length), [0], uint16(0))
    expect(read(listOf(nameless))).toEqual([])
  })

  test.each<[string, Uint8Array]>([
    ['is empty', new Uint8Array(0)],
    ['claims to be empty', concat(uint16(0), one.subarray(2))],
    ['says that it is shorter than it is', concat(uint16(one.length - 3), one.subarray(2))],
    ['says that it is longer than it is', concat(uint16(one.length), one.subarray(2))],
    ['ends in a header', concat(uint16(one.length + 1), one.subarray(2), ascii('abc'))],
    ['has a configuration that is longer than it', concat(uint16(8), uint16(0xfe0d), uint16(5), ascii('abcd'))],
  ])('that %s holds none', (_, list) => {
    expect(read(list)).toBeUndefined()
  })

  test('that is damaged in any way is read within its bounds', () => {
    const whole = echConfigList([
      { id: 1, publicName: 'a.example' },
      { id: 2, publicName: 'b.example', version: 0xfe0a },
      { id: 3, publicName: 'c.example' },
    ])
    for (let number = 0; number < 5000; number++) {
      const list = mutated(whole, random(number))
      const end = number % 3 === 0 ? list.length : number % (list.length + 1)
      expect(read(list, end), `case ${number}`).toEqual(read(list.slice(0, end)))
    }
  })
})
