import { describe, expect, it } from 'vitest'
import { fc } from '../../../property.ts'
import { frame } from './frame.ts'

describe('messages that tell their length', () => {
  const counted = (...messages: readonly string[]) => messages.map((text) => `${text.length} ${text}`).join('')

  it('are cut by it, with or without line ends, whatever is in them', async () => {
    const messages = ['<13>a', '<134>b\nc', `<1>${'d'.repeat(1000)}`]
    for (const step of [1, 5, 2000]) {
      expect((await frame('lines', counted(...messages), step)).texts).toEqual(messages)
      expect((await frame('lines', counted(...messages.map((text) => `${text}\n`)), step)).texts).toEqual(messages)
    }
  })

  it('are lines where the length is none', async () => {
    expect((await frame('lines', '5 <13>a999999 <13>b\n12 monkeys\n5 <13>c')).texts).toEqual([
      '<13>a',
      '999999 <13>b',
      '12 monkeys',
      '<13>c',
    ])
    expect((await frame('lines', '12 monkeys\n5 <13>a')).texts).toEqual(['12 monkeys', '5 <13>a'])
  })

  it('come out as they were written', async () => {
    const text = fc
      .array(fc.constantFrom('a', ' ', '\n', '<', '7', '>'), { maxLength: 20 })
      .map((parts) => `<13>${parts.join('')}x`)
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), async (texts, step) => {
        expect((await frame('lines', counted(...texts), step)).texts).toEqual(texts)
      }),
    )
  })
})

describe('frame streams', () => {
  const number = (value: number) => Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])
  const data = (text: string) => Buffer.concat([number(text.length), Buffer.from(text)])
  const control = (type: number, content = '') =>
    Buffer.concat([number(0), number(4 + content.length), number(type), Buffer.from(content)])

  it('give their data frames, control frames of either kind of stream aside', async () => {
    const bytes = Buffer.concat([
      control(4, 'type'),
      control(5),
      control(2),
      data('one'),
      data('two'),
      control(3),
      control(2),
      data('three'),
    ])
    for (const step of [1, 7, bytes.length]) {
      const framed = await frame('frame-streams', bytes, step)
      expect(framed).toMatchObject({ texts: ['one', 'two', 'three'], numbers: [1, 2, 3], damage: undefined })
    }
  })

  it('end at a length that cannot be, and say where', async () => {
    const framed = await frame('frame-streams', Buffer.concat([data('one'), number(0xfffffff), data('two')]))
    expect(framed).toMatchObject({ texts: ['one'], damage: { reason: 'bad_frame_length', offset: 7 } })
    expect((await frame('frame-streams', Buffer.concat([number(0), number(9999)]))).damage?.reason).toBe(
      'bad_control_frame',
    )
  })

  it('count a frame that was cut', async () => {
    const framed = await frame('frame-streams', data('one').subarray(0, 6))
    expect(framed).toMatchObject({ texts: [], unterminated: true, oddities: [['frame_cut', 1]] })
  })
})

describe('text that may be JSON or a table', () => {
  it('is what its first byte says', async () => {
    const framing = { kind: 'json', delimiters: ',' } as const
    for (const step of [1, 100]) {
      expect((await frame(framing, ' \n{"a":\n1}\n', step)).texts).toEqual(['{"a":\n1}'])
      expect((await frame(framing, 'a,"b\nc"\n{"a":1}\n', step)).texts).toEqual(['a,"b\nc"', '{"a":1}'])
      expect((await frame(framing, '\xef\xbb\xbfa\n', step)).texts).toEqual(['a'])
    }
  })
})

describe('every way of cutting', () => {
  it('ends on any bytes, and gives records within them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 40 }), async (bytes, step) => {
        for (const framing of [
          'lines',
          'frame-streams',
          { kind: 'csv', delimiters: ',' },
          { kind: 'json', under: ['a'] },
          { kind: 'json', element: 'a' },
        ] as const) {
          const { texts } = await frame(framing, bytes, step)
          expect(texts.join('').length).toBeLessThanOrEqual(bytes.length)
        }
      }),
      { numRuns: 300 },
    )
  })
})
