import { describe, expect, it } from 'vitest'
import { Chunks } from '../../../../src/base/chunks.ts'
import { Oddities } from '../../../../src/base/oddities.ts'
import { LINE_LIMIT, Lines } from '../../../../src/read/log/framing/lines.ts'
import { fc } from '../../../property.ts'
import { chunksOver } from '../drive.ts'

interface Framed {
  readonly texts: string[]
  readonly numbers: number[]
  readonly lines: Lines
  readonly oddities: Oddities
}

async function frame(chunks: Chunks): Promise<Framed> {
  const oddities = new Oddities()
  const lines = new Lines(chunks, oddities)
  const texts: string[] = []
  const numbers: number[] = []
  while (true) {
    while (lines.next()) {
      texts.push(Buffer.from(lines.bytes.subarray(lines.start, lines.end)).toString('latin1'))
      numbers.push(lines.number)
    }
    if (!(await lines.more())) break
  }
  return { texts, numbers, lines, oddities }
}

function frameText(text: string, step?: number, size?: number): Promise<Framed> {
  return frame(chunksOver(Buffer.from(text, 'latin1'), step, size))
}

describe('Lines', () => {
  it('gives each line without CR and LF, and counts them from 1', async () => {
    const { texts, numbers, lines } = await frameText('one\r\ntwo\n\nfo\rur\n')
    expect(texts).toEqual(['one', 'two', '', 'fo\rur'])
    expect(numbers).toEqual([1, 2, 3, 4])
    expect(lines.unterminated).toBe(false)
    expect(lines.damage).toBeUndefined()
  })

  it('gives a last line without newline, and says so', async () => {
    const { texts, lines } = await frameText('one\ntwo')
    expect(texts).toEqual(['one', 'two'])
    expect(lines.unterminated).toBe(true)
  })

  it('gives nothing for an empty input', async () => {
    const { texts, lines } = await frameText('')
    expect(texts).toEqual([])
    expect(lines.unterminated).toBe(false)
  })

  it('gives the same lines whatever the reads and the window', async () => {
    const text = fc.array(fc.constantFrom('a', 'bc', '\r', '\n', '\r\n', '\xff', '\xef\xbb\xbf', ' '), {
      maxLength: 60,
    })
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 20 }),
        async (parts, step, room) => {
          const whole = parts.join('')
          fc.pre(!whole.startsWith('\xff\xfe'))
          const unmarked = whole.startsWith('\xef\xbb\xbf') ? whole.slice(3) : whole
          const expected = unmarked.split('\n')
          const longest = Math.max(...expected.map((line) => line.length))
          if (expected.at(-1) === '') expected.pop()
          const { texts } = await frameText(whole, step, Math.max(longest + 1, 3) + room)
          expect(texts).toEqual(expected.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)))
        },
      ),
    )
  })

  it('skips a UTF-8 byte order mark, however it arrives, and only at the beginning', async () => {
    for (const step of [1, 2, 100]) {
      expect((await frameText('\xef\xbb\xbfone\n\xef\xbb\xbftwo', step)).texts).toEqual(['one', '\xef\xbb\xbftwo'])
    }
    expect((await frameText('\xef\xbb')).texts).toEqual(['\xef\xbb'])
  })

  it.each(['\xff\xfeo\0n\0e\0\n\0', '\xfe\xff\0o\0n\0e\0\n'])('refuses UTF-16 by name', async (text) => {
    for (const step of [1, 100]) {
      const { texts, lines } = await frameText(text, step)
      expect(texts).toEqual([])
      expect(lines.damage).toMatchObject({ reason: 'utf16_text', offset: 0 })
    }
  })

  it.each([1000, 65_536, 1 << 20])(
    'skips a line that is too long, counts it once and goes on (reads of %i)',
    async (step) => {
      const limit = 'x'.repeat(LINE_LIMIT)
      const { texts, numbers, oddities } = await frameText(`${limit}\n${limit}x\n${limit.repeat(9)}\nend\n`, step)
      expect(texts.map((text) => text.length)).toEqual([LINE_LIMIT, 3])
      expect(numbers).toEqual([1, 4])
      expect(oddities.entries()).toEqual([['line_too_long', 2]])
    },
  )

  it('counts a line that fills the whole window as too long', async () => {
    const { texts, oddities } = await frameText('12345678901234567890\nabc\n', 4, 8)
    expect(texts).toEqual(['abc'])
    expect(oddities.entries()).toEqual([['line_too_long', 1]])
  })

  it('ends where a line that is too long never ends', async () => {
    const { texts, lines, oddities } = await frameText('a\n'.padEnd(LINE_LIMIT * 3, 'x'), 4096)
    expect(texts).toEqual(['a'])
    expect(lines.unterminated).toBe(true)
    expect(oddities.entries()).toEqual([['line_too_long', 1]])
  })

  it('gives the whole lines of a stream that broke off, and not the piece behind them', async () => {
    const bytes = Buffer.from('one\ntwo\nweb.whats')
    let read = false
    const stream = {
      read: (into: Uint8Array, at: number) => {
        if (read) return Promise.reject(new Error('unexpected end of file'))
        read = true
        into.set(bytes, at)
        return bytes.length
      },
      close: () => {},
    }
    const { texts, lines, oddities } = await frame(new Chunks(stream, 1024))
    expect(texts).toEqual(['one', 'two'])
    expect(lines.unterminated).toBe(true)
    expect(lines.damage).toEqual({ reason: 'broke_off', offset: 8, detail: 'unexpected end of file' })
    expect(oddities.entries()).toEqual([['line_cut', 1]])
  })
})
