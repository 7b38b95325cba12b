import { describe, expect, test } from 'vitest'
import { MICROS_PER_SECOND } from '../../src/base/time.ts'
import { Classifier } from '../../src/classify/classifier.ts'
import { ANSWER_LIMIT, Correlation } from '../../src/classify/correlation.ts'
import { type Answered, answered, CLIENT, SERVER, wordsOf } from './answers.ts'
import { made } from './made.ts'

const classifier = new Classifier({
  signatures: [made('a', 'suffix a.example', 'exact www.a.example'), made('b', 'suffix b.example')],
})
/** What clients go on using an address for beyond its time to live. */
const SLACK_SECONDS = 600

function told(...answers: readonly Answered[]): Correlation {
  const correlation = new Correlation()
  for (const answer of answers) {
    correlation.answer(answered(answer), classifier.matchName(answer.name ?? 'chat.a.example'))
  }
  return correlation
}

/** The apps that an address is to a client; undefined where it was told nothing. */
function apps(correlation: Correlation, time: number, server = SERVER, client = CLIENT): string[] | undefined {
  return correlation.find(wordsOf(client, server), 0, 4, time * MICROS_PER_SECOND)?.map(({ signature }) => signature.id)
}

describe('an address that a client was told', () => {
  test('is the name’s for its time to live and ten minutes, and five seconds before', () => {
    const correlation = told({ time: 1000, timeToLive: 60 })
    const seconds = [994, 995, 1000, 1060 + SLACK_SECONDS, 1061 + SLACK_SECONDS]
    expect(seconds.map((time) => apps(correlation, time))).toEqual([undefined, ['a'], ['a'], ['a'], undefined])
  })

  test('is so to that client only, and each of the addresses', () => {
    const correlation = told({ addresses: ['198.51.100.7', '2001:db8::7'] })
    expect(apps(correlation, 0, '2001:db8::7')).toEqual(['a'])
    expect(apps(correlation, 0, '198.51.100.8')).toBe(undefined)
    expect(apps(correlation, 0, SERVER, '10.0.0.6')).toBe(undefined)
  })

  test('goes on where it is told again, for another name of the same app too', () => {
    const correlation = told({ time: 0 }, { time: 600, name: 'www.a.example' })
    expect(apps(correlation, 1200)).toEqual(['a'])
    expect(apps(correlation, 1)).toEqual(['a'])
  })

  test('tells nothing while it was told for names of two apps, whichever came first', () => {
    for (const names of [
      ['chat.a.example', 'chat.b.example'],
      ['chat.b.example', 'chat.a.example'],
    ]) {
      const correlation = told(...names.map((name, i) => ({ name, time: 10 * i })))
      expect(apps(correlation, 20)).toEqual([])
    }
  })

  test('tells nothing while it was told for a name of no app, whichever came first', () => {
    for (const names of [
      ['chat.a.example', 'cdn.example'],
      ['cdn.example', 'chat.a.example'],
    ]) {
      const correlation = told(...names.map((name, i) => ({ name, time: 10 * i })))
      expect(apps(correlation, 20)).toEqual([])
    }
    expect(apps(told({ name: 'cdn.example', client: '10.0.0.6' }, { time: 10 }), 20)).toEqual(['a'])
  })

  test('tells again once the other name has expired', () => {
    const later = 60 + SLACK_SECONDS + 2
    expect(apps(told({ name: 'chat.b.example' }, { time: later }), later)).toEqual(['a'])
    expect(apps(told({ name: 'cdn.example' }, { time: later }), later)).toEqual(['a'])
  })

  test('is not remembered for names of no app alone', () => {
    expect(apps(told({ name: 'cdn.example' }), 0)).toBe(undefined)
  })

  test('has no time to live where the answer says none', () => {
    const correlation = told({ timeToLive: -1 })
    expect(apps(correlation, SLACK_SECONDS)).toEqual(['a'])
    expect(apps(correlation, SLACK_SECONDS + 1)).toBe(undefined)
  })
})

test('Of more addresses than the limit the oldest is forgotten', () => {
  const correlation = new Correlation()
  const matches = classifier.matchName('chat.a.example')
  for (let i = 0; i <= ANSWER_LIMIT; i++) {
    const address = `10.${i >>> 16}.${(i >>> 8) & 255}.${i & 255}`
    correlation.answer(answered({ addresses: [address] }), matches)
  }
  expect(apps(correlation, 0, '10.0.0.0')).toBe(undefined)
  expect(apps(correlation, 0, '10.0.0.1')).toEqual(['a'])
})
