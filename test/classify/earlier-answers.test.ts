import { describe, expect, test } from 'vitest'
import { MICROS_PER_SECOND } from '../../src/base/time.ts'
import { ANSWER_LIMIT } from '../../src/classify/correlation.ts'
import { EarlierAnswers } from '../../src/classify/earlier-answers.ts'
import type { Answer } from '../../src/model/batch.ts'
import { CLIENT, SERVER, wordsOf } from './answers.ts'
import { made } from './made.ts'

const set = { signatures: [made('a', 'suffix a.example', 'exact www.a.example'), made('b', 'suffix b.example')] }

function answer(indicator: string, start: number, until: number, address = SERVER): Answer {
  return {
    client: { kind: 'address', tag: CLIENT, clear: undefined },
    address,
    app: indicator.slice(0, 1),
    indicator,
    start: start * MICROS_PER_SECOND,
    until: until * MICROS_PER_SECOND,
  }
}

const A = answer('a suffix a.example', 100, 160)
const WWW = answer('a exact www.a.example', 120, 180)
const B = answer('b suffix b.example', 150, 5000)

function told(...answers: readonly Answer[]): EarlierAnswers {
  const earlier = new EarlierAnswers(set)
  earlier.add(answers)
  return earlier
}

function found(earlier: EarlierAnswers, time: number, client = CLIENT): string[] {
  const matches = earlier.find(client, wordsOf(SERVER), 0, time * MICROS_PER_SECOND)
  return matches.map(({ indicator }) => `${indicator.type} ${indicator.value}`)
}

describe('what clients were told before', () => {
  test('holds from five seconds before until ten minutes after its end, for that client', () => {
    const earlier = told(A)
    expect([94, 95, 760, 761].map((time) => found(earlier, time).length)).toEqual([0, 1, 1, 0])
    expect(found(earlier, 100, '10.0.0.6')).toEqual([])
  })

  test('is the same in whatever order and parts it was read', () => {
    const earlier = answer('a suffix a.example', 20, 30)
    const orders = [
      [A, WWW, earlier],
      [earlier, WWW, A],
      [WWW, A, earlier],
    ]
    for (const order of orders) {
      const whole = told(...order)
      const parts = told()
      for (const one of order) parts.add([one])
      for (const time of [10, 20, 130, 700, 770, 900]) {
        expect(found(whole, time).sort()).toEqual(found(told(...orders[0]!), time).sort())
        expect(found(parts, time).sort()).toEqual(found(whole, time).sort())
      }
    }
  })

  test('tells nothing of an address while two apps have it', () => {
    expect(found(told(A, B), 160)).toEqual([])
    expect(found(told(B, A), 160)).toEqual([])
    expect(found(told(A, B), 110)).toEqual(['suffix a.example'])
    expect(found(told(A, B), 900)).toEqual(['suffix b.example'])
  })

  test('is handed to another thread whole, and indicators that are gone are left out', () => {
    const copy = told(...told(A, WWW, B).all)
    expect(copy.all).toEqual(told(A, WWW, B).all)
    expect(told(answer('z suffix z.example', 1, 2)).isEmpty).toBe(true)
    expect(copy.isEmpty).toBe(false)
  })

  test('is bounded: of more addresses than the limit the oldest is forgotten', () => {
    const earlier = told(A)
    for (let i = 0; i < ANSWER_LIMIT; i++) {
      earlier.add([answer('a suffix a.example', 100, 160, `10.${i >>> 16}.${(i >>> 8) & 255}.${i & 255}`)])
    }
    expect(found(earlier, 100)).toEqual([])
    expect(earlier.all).toHaveLength(ANSWER_LIMIT)
  })
})
