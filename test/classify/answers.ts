import { parseAddress } from '../../src/base/address.ts'
import { MICROS_PER_SECOND } from '../../src/base/time.ts'
import type { GivenAnswer, GivenAnswers } from '../../src/model/given-answers.ts'
import { Observation } from '../../src/model/observation.ts'

export const CLIENT = '10.0.0.5'
export const SERVER = '198.51.100.7'

export function wordsOf(...addresses: readonly string[]): Uint32Array {
  const words = new Uint32Array(4 * addresses.length)
  for (const [i, address] of addresses.entries()) parseAddress(address, words, 4 * i)
  return words
}

export interface Answered {
  readonly name?: string
  /** Seconds. */
  readonly time?: number
  readonly timeToLive?: number
  readonly client?: string
  readonly addresses?: readonly string[]
}

/** A DNS answer, as a capture observes it. */
export function answered({ name = 'chat.a.example', time = 0, timeToLive = 60, ...rest }: Answered = {}): Observation {
  const { client = CLIENT, addresses = [SERVER] } = rest
  const observation = new Observation()
  observation.means = 'dns-answer'
  observation.name = name
  observation.time = observation.end = time * MICROS_PER_SECOND
  observation.addresses.set(wordsOf(client, '192.0.2.53'))
  observation.hasClient = observation.hasServer = true
  observation.answerAddresses.set(wordsOf(...addresses))
  observation.answerCount = addresses.length
  observation.timeToLive = timeToLive
  return observation
}

/** A flow that names nothing, when it has ended. */
export function flow({ time = 0, client = CLIENT, server = SERVER } = {}): Observation {
  const observation = new Observation()
  observation.means = 'address'
  observation.time = observation.end = time * MICROS_PER_SECOND
  observation.addresses.set(wordsOf(client, server))
  observation.hasClient = observation.hasServer = true
  observation.transport = 'tcp'
  return observation
}

/** In seconds. */
export function given(indicator: string, start: number, until: number): GivenAnswer {
  return { indicator, start: start * MICROS_PER_SECOND, until: until * MICROS_PER_SECOND }
}

export interface Asked {
  readonly client: string
  readonly address: string
  readonly day: number
}

/** What `CLIENT` was told of `SERVER`; what is looked up is entered in `asked`. */
export function told(answers: readonly GivenAnswer[], asked: Asked[] = []): GivenAnswers {
  return {
    isEmpty: () => answers.length === 0,
    around: (client, address, day) => {
      asked.push({ client, address, day })
      return client === CLIENT && address === SERVER ? [...answers] : []
    },
    addresses: () => new Set(answers.length === 0 ? [] : [SERVER]),
  }
}
