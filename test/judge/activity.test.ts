import { describe, expect, test } from 'vitest'
import {
  activityOf,
  CALL_BYTES,
  FILE_FETCHED_BYTES,
  FILE_SENT_BYTES,
  KEEPING_BYTES,
  MESSAGES_BYTES,
  OPENING_BYTES,
  SPEECH_BYTES,
} from '../../src/judge/activity.ts'
import type { Hit } from '../../src/judge/hits.ts'
import type { StoredSighting } from '../../src/model/facts.ts'
import { hitOf, type Made } from './made.ts'

const said = (...made: Made[]) => {
  const { value, rule, reason } = activityOf(made.map(hitOf))
  return [value, rule, reason]
}

describe('what was done', () => {
  test('is messaging from the byte on that connecting and staying connected does not explain', () => {
    const needed = 2 * OPENING_BYTES + 3 * KEEPING_BYTES
    const chat = { name: 'im.chirp.example', means: 'tls-sni', mask: 0b111, count: 2 } as const
    expect(said({ ...chat, up: needed + MESSAGES_BYTES })).toEqual([
      'messaging',
      'messaging',
      'The client sent 10.9 kB over 2 connections in 3 minutes; to connect and to stay connected takes no more than 6.9 kB.',
    ])
    expect(said({ ...chat, up: needed + MESSAGES_BYTES - 1 })).toEqual([
      'background',
      'kept-open',
      'The client sent 10.9 kB over 2 connections in 3 minutes, as an app sends by itself to connect and to stay connected.',
    ])
  })

  test('is media from a small picture on, sent or fetched', () => {
    const files = { name: 'files.chirp.example', means: 'tls-sni' } as const
    expect(said({ ...files, up: OPENING_BYTES + FILE_SENT_BYTES })).toEqual([
      'media',
      'media-sent',
      'The client sent 23.0 kB to where the app keeps files, pictures or voice messages.',
    ])
    expect(said({ ...files, up: OPENING_BYTES + FILE_SENT_BYTES - 1, down: FILE_FETCHED_BYTES })).toEqual([
      'media',
      'media-fetched',
      'The client fetched 64.0 kB from where the app keeps files, pictures or voice messages, which apps also do by themselves.',
    ])
    expect(said({ ...files, up: 0, down: FILE_FETCHED_BYTES - 1 }).slice(0, 2)).toEqual(['background', 'by-itself'])
  })

  test('is a call with its minutes, each stretch of them told as a call', () => {
    const media = { name: '203.0.113.128/25', means: 'call' } as const
    expect(said({ ...media, mask: 0b1111, up: 480_000, down: 500_000 })).toEqual([
      'call',
      'call',
      'A call of 4 minutes was seen: 480.0 kB sent and 500.0 kB received.',
    ])
    const twice = said({ ...media, mask: 0b1100111, up: 480_000, down: 500_000 })
    expect(twice[2]).toBe('2 calls of 5 minutes in all were seen: 480.0 kB sent and 500.0 kB received.')
    const overQuarters = said(
      { ...media, mask: 0b111 << 12, up: 480_000, down: 500_000 },
      { ...media, mask: 0b11, quarter: 1, count: 0 },
    )
    expect(overQuarters[2]).toBe('A call of 5 minutes was seen: 480.0 kB sent and 500.0 kB received.')
  })

  test('is a call that was only set up where no second of speech was seen', () => {
    const media = { name: '203.0.113.128/25', means: 'call' } as const
    expect(said({ ...media, up: SPEECH_BYTES, down: 0 })[1]).toBe('call')
    expect(said({ ...media, up: SPEECH_BYTES - 1, down: 48 })).toEqual([
      'call',
      'call-set-up',
      'A call was set up or tried, and nobody was seen speaking: 3.0 kB sent and 48 bytes received.',
    ])
  })

  test('is no call where little goes to the servers of calls, or pages are loaded from there', () => {
    const servers = { name: 'turn.chirp.example', mask: 0b11 } as const
    expect(said({ ...servers, means: 'address', up: 90, down: 2 * CALL_BYTES })[1]).toBe('call')
    expect(said({ ...servers, means: 'address', up: 90, down: 2 * CALL_BYTES - 1 })).toEqual([
      'background',
      'call-servers',
      'Little went in 2 minutes to where the app makes calls: 90 bytes sent and 60.0 kB received.',
    ])
    expect(said({ ...servers, means: 'tls-sni', up: 9000, down: 900_000 })[1]).toBe('call-servers')
    expect(said({ ...servers, means: 'tls-certificate' })[1]).toBe('call-servers')
    expect(said({ ...servers, means: 'http-connect' })).toEqual([
      'call',
      'call',
      'A call of 2 minutes was seen; how much was not told.',
    ])
  })

  test('is not known the better for what is known twice: two sensors, or two indicators of one flow', () => {
    const chat = { name: 'im.chirp.example', means: 'tls-sni', up: 6000 } as const
    expect(said(chat, { ...chat, reading: 2 })[1]).toBe('kept-open')
    expect(said(chat, { ...chat, name: 'xmpp' })[1]).toBe('kept-open')
    expect(said(chat, { ...chat, name: 'web.chirp.example', up: 12_000 })[1]).toBe('messaging')
  })

  test('is told of a connection even where its certificate is of another role', () => {
    const sent = { name: 'im.chirp.example', means: 'tls-sni', up: 900 } as const
    expect(said(sent, { name: 'files.chirp.example', means: 'tls-certificate' })[1]).toBe('kept-open')
  })

  test('is said in a sentence of everything that can be seen', () => {
    const names = ['im.chirp.example', '0x4001', 'img.chirp.example', 'turn.chirp.example', 'web.chirp.example']
    for (const name of names) {
      for (const up of [-1, 0, 999_999_999]) {
        const hit: Hit = hitOf({ name, means: 'payload', up, down: -1 } satisfies Made)
        const sighting: StoredSighting = { ...hit.sighting, quarter: 7 }
        expect(activityOf([{ ...hit, sighting }]).reason).toMatch(/^[A-Z][^\n]*[^.]\.$/)
      }
    }
  })
})
