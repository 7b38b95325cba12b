import { describe, expect, test } from 'vitest'
import { MICROS_PER_SECOND } from '../../src/base/time.ts'
import { EarlierAnswers } from '../../src/classify/earlier-answers.ts'
import { type Asked, CLIENT, given, SERVER, told, wordsOf } from './answers.ts'
import { made } from './made.ts'

const set = { signatures: [made('a', 'suffix a.example', 'exact www.a.example'), made('b', 'suffix b.example')] }

const A = given('a suffix a.example', 100, 160)
const WWW = given('a exact www.a.example', 120, 180)
const B = given('b suffix b.example', 150, 5000)

function found(earlier: EarlierAnswers, time: number, client = CLIENT): string[] {
  const matches = earlier.find([client], wordsOf(SERVER), 0, time * MICROS_PER_SECOND)
  return matches.map(({ indicator }) => `${indicator.type} ${indicator.value}`)
}

describe('what clients were told before', () => {
  test('holds from five seconds before until ten minutes after its end, for that client', () => {
    const earlier = new EarlierAnswers(set, told([A]))
    expect([94, 95, 760, 761].map((time) => found(earlier, time).length)).toEqual([0, 1, 1, 0])
    expect(found(earlier, 100, '10.0.0.6')).toEqual([])
  })

  test('said again it counts once, and not in between where it was not good any more', () => {
    const earlier = new EarlierAnswers(set, told([A, given('a suffix a.example', 5000, 5060), A]))
    expect([100, 800, 4990, 5000].map((time) => found(earlier, time).length)).toEqual([1, 0, 0, 1])
  })

  test('tells nothing of an address while two apps have it', () => {
    const earlier = new EarlierAnswers(set, told([A, B]))
    expect(found(earlier, 160)).toEqual([])
    expect(found(earlier, 110)).toEqual(['suffix a.example'])
    expect(found(earlier, 900)).toEqual(['suffix b.example'])
  })

  test('of one app all that it matches counts, and of indicators that are gone nothing', () => {
    expect(found(new EarlierAnswers(set, told([A, WWW])), 130)).toEqual(['suffix a.example', 'exact www.a.example'])
    expect(found(new EarlierAnswers(set, told([given('z suffix z.example', 100, 160)])), 130)).toEqual([])
  })

  test('is asked for once, and again when more was told', () => {
    const answers = [A]
    const asked: Asked[] = []
    const earlier = new EarlierAnswers(set, told(answers, asked))
    expect([100, 110].map((time) => found(earlier, time).length)).toEqual([1, 1])
    expect(asked).toEqual([{ client: CLIENT, address: SERVER, day: 0 }])
    answers.push(B)
    expect(found(earlier, 160)).toEqual(['suffix a.example'])
    earlier.renew()
    expect(found(earlier, 160)).toEqual([])
  })

  test('an address that nobody was told is not asked for, until more was told', () => {
    const asked: Asked[] = []
    const addresses = new Set(['192.0.2.99'])
    const earlier = new EarlierAnswers(set, { ...told([A], asked), addresses: () => new Set(addresses) })
    expect([found(earlier, 100), asked]).toEqual([[], []])
    addresses.add(SERVER)
    earlier.add([])
    expect([found(earlier, 100), asked]).toEqual([[], []])
    earlier.add([A])
    expect(found(earlier, 100)).toEqual(['suffix a.example'])
  })

  test('where nothing was told, nothing is asked', () => {
    const asked: Asked[] = []
    const earlier = new EarlierAnswers(set, told([], asked))
    expect([earlier.isEmpty, found(earlier, 100), asked]).toEqual([true, [], []])
  })
})
