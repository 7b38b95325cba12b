import { describe, expect, it } from 'vitest'
import { RECORD_LIMIT } from '../../../../src/read/log/framing/records.ts'
import { frame } from './frame.ts'

const FRAMING = { kind: 'json', element: 'Event' } as const

describe('XML elements', () => {
  const events = ['<Event>1</Event>', '<Event a="b">\n<EventID>2</EventID>\n</Event>', '<Event\tc="d">3</Event>']

  it('are records by themselves, over lines and side by side, with the line that each begins on', async () => {
    const text = `\n<?xml version="1.0"?>\n<Events>${events[0]}${events[1]}\n<EventData/>${events[2]}</Events>\n`
    for (const step of [1, 2, 7, 1000]) {
      const framed = await frame(FRAMING, text, step)
      expect(framed).toMatchObject({ texts: events, numbers: [3, 3, 6], oddities: [], unterminated: false })
    }
  })

  it('that were cut are counted and do not swallow the next', async () => {
    for (const step of [1, 5, 1000]) {
      const framed = await frame(FRAMING, `<Events><Event>1${events[1]}</Event><Event>4</Eve`, step)
      expect(framed.texts).toEqual([events[1]])
      expect(framed.oddities).toEqual([
        ['xml_cut', 1],
        ['xml_damaged', 1],
      ])
      expect(framed.unterminated).toBe(true)
    }
  })

  it('that are longer than a record are left out', async () => {
    const long = `<Event>${'x'.repeat(RECORD_LIMIT)}</Event>`
    const framed = await frame(FRAMING, `${long}${events[0]}${long}${events[2]}`, 50_000, 4 * RECORD_LIMIT)
    expect(framed.texts).toEqual([events[0], events[2]])
    expect(framed.oddities).toEqual([['record_too_long', 2]])
  })

  it('leave JSON and messages with a priority to be what they are', async () => {
    expect((await frame(FRAMING, '{"a":1}{"a":2}\n{\n"a":3}')).texts).toEqual(['{"a":1}', '{"a":2}', '{\n"a":3}'])
    expect((await frame(FRAMING, '<13>x <Event>1</Event>\n<13>y\n')).texts).toEqual(['<13>x <Event>1</Event>', '<13>y'])
  })
})
