import { describe, expect, it } from 'vitest'
import { formatAddress } from '../../../src/base/address.ts'
import { Observation } from '../../../src/model/observation.ts'
import { DnsMessage } from '../../../src/read/log/dns-message.ts'
import { fc } from '../../property.ts'

const HEADER = [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]
const QUESTION = [...name('www.example.org'), 0, 1, 0, 1]

function name(text: string): number[] {
  return [...text.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]), 0]
}

function read(...parts: readonly number[]) {
  const message = new DnsMessage()
  const bytes = Uint8Array.from([9, 9, 9, ...parts, 9, 9])
  const isRead = message.read(bytes, 3, bytes.length - 2)
  const observation = new Observation()
  if (isRead) message.answers(observation)
  return { isRead, message, observation }
}

describe('DNS messages in logs', () => {
  it('give the question and the addresses of the answers', () => {
    const answer = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 9]
    const { isRead, message, observation } = read(...HEADER, ...QUESTION, ...answer)
    expect([isRead, message.name, message.isResponse]).toEqual([true, 'www.example.org', true])
    expect(observation.answerCount).toBe(1)
    expect(formatAddress(observation.answerAddresses, 0)).toBe('203.0.113.9')
    expect(observation.timeToLive).toBe(60)
  })

  it('take the name that a pointer behind a label leads to', () => {
    const alias = [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6, 3, 0x63, 0x64, 0x6e, 0xc0, 16]
    expect(read(...HEADER, ...QUESTION, ...alias).observation.aliases).toEqual(['cdn.example.org'])
  })

  it('do not follow pointers for ever', () => {
    expect(read(...HEADER, 0xc0, 12, 0, 1, 0, 1).isRead).toBe(false)
    expect(read(...HEADER, 1, 0x61, 0xc0, 12, 0, 1, 0, 1).isRead).toBe(false)
  })

  it('write a dot within a label so that it is none between labels', () => {
    expect(read(...HEADER, 3, 0x61, 0x2e, 0x62, 0, 0, 1, 0, 1).message.name).toBe('a\\046b')
  })

  it('hold what cannot be for none', () => {
    expect(read(...HEADER.slice(0, 11)).isRead).toBe(false)
    expect(read(...HEADER, ...QUESTION.slice(0, -1)).isRead).toBe(false)
    expect(read(...HEADER, 0x40, ...QUESTION).isRead).toBe(false)
  })

  it('are read from any bytes without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, hasHeader) => {
        const { message, observation } = read(...(hasHeader ? [...HEADER, ...QUESTION] : []), ...bytes)
        expect(message.name.length).toBeLessThanOrEqual(1020)
        for (const alias of observation.aliases) expect(alias).toMatch(/^[\x21-\x7e]{1,1020}$/)
      }),
      { numRuns: 2000 },
    )
  })
})
