import { describe, expect, test } from 'vitest'
import { formatAddress } from '../../src/base/address.ts'
import { Classifier } from '../../src/classify/classifier.ts'
import { EarlierAnswers } from '../../src/classify/earlier-answers.ts'
import { Matcher } from '../../src/classify/matcher.ts'
import type { Observation } from '../../src/model/observation.ts'
import { answered, CLIENT, flow, given, told, wordsOf } from './answers.ts'
import { made } from './made.ts'

const set = {
  signatures: [
    made('a', 'suffix a.example', 'protocol whatsapp'),
    made('b', 'network 198.51.100.0/24', 'network 2001:db8::/32'),
    made('c', 'network 198.51.100.0/28', 'stun-attribute 0x4001'),
  ],
}
const classifier = new Classifier(set)

function matcher(isCapture = true, answers?: EarlierAnswers): Matcher {
  return new Matcher(classifier, (words, at) => [formatAddress(words, at)], isCapture, answers)
}

function matched(of: Matcher, observation: Observation): string[] {
  return of.match(observation).map(({ signature, indicator }) => `${signature.id} ${indicator.type}`)
}

function named(name: string): Observation {
  const observation = flow()
  observation.means = 'tls-sni'
  observation.name = name
  return observation
}

describe('what an observation matches', () => {
  test('is its name, and never its address beside a name', () => {
    expect(matched(matcher(), named('chat.a.example'))).toEqual(['a suffix'])
    expect(matched(matcher(), named('cdn.example'))).toEqual([])
  })

  test('is the most specific network where nothing is named', () => {
    expect(matched(matcher(), flow())).toEqual(['c network'])
    expect(matched(matcher(), flow({ server: '198.51.100.77' }))).toEqual(['b network'])
    expect(matched(matcher(), flow({ server: '203.0.113.7' }))).toEqual([])
  })

  test('is the name that the client was told for the address, before any network', () => {
    const one = matcher()
    expect(matched(one, answered())).toEqual(['a suffix'])
    expect(matched(one, flow())).toEqual(['a suffix'])
    expect(matched(one, flow({ client: '10.0.0.6' }))).toEqual(['c network'])
  })

  test('is a network again where the address was told for other names as well', () => {
    const one = matcher()
    one.match(answered())
    one.match(answered({ name: 'cdn.example' }))
    expect(matched(one, flow())).toEqual(['c network'])
  })

  test('is what the flow itself shows beside the name that was told', () => {
    const one = matcher()
    one.match(answered())
    const call = flow()
    call.means = 'call'
    call.stunAttributes = ['0x4001', '0x4002']
    call.protocol = 'stun'
    expect(matched(one, call)).toEqual(['a suffix', 'c stun-attribute'])
  })

  test('is the asked name where a chain of aliases led to the address', () => {
    const one = matcher()
    const observation = answered()
    observation.aliases = ['edge.cdn.example', 'host.cdn.example']
    one.match(observation)
    expect(matched(one, flow())).toEqual(['a suffix'])
  })
})

describe('a flow is wanted', () => {
  const wanted = (one: Matcher, server: string) => one.isWanted(wordsOf(CLIENT, server), 0, 4, 0)

  test('where a network holds its server, or the client was told a name for it', () => {
    const one = matcher()
    expect(wanted(one, '2001:db8::1')).toBe(true)
    expect(wanted(one, '203.0.113.7')).toBe(false)
    one.match(answered({ addresses: ['203.0.113.7'] }))
    expect(wanted(one, '203.0.113.7')).toBe(true)
  })
})

describe('what was told in other inputs', () => {
  const answers = () => new EarlierAnswers(set, told([given('a suffix a.example', 0, 60)]))

  test('counts for a log and a capture alike', () => {
    expect(matched(matcher(false, answers()), flow())).toEqual(['a suffix'])
    expect(matched(matcher(true, answers()), flow())).toEqual(['a suffix'])
    expect(matched(matcher(false), flow())).toEqual(['c network'])
  })

  test('gives way to what the capture’s own DNS says', () => {
    const one = matcher(true, answers())
    one.match(answered())
    one.match(answered({ name: 'cdn.example' }))
    expect(matched(one, flow())).toEqual(['c network'])
  })

  test('counts nothing that a log’s own answers say: its records come in any order', () => {
    const one = matcher(false)
    one.match(answered())
    expect(matched(one, flow())).toEqual(['c network'])
  })
})
