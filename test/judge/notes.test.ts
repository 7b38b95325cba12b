import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/judge/hits.ts'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import { judgeSubjectDay } from '../../src/judge/subject-day.ts'
import type { Action } from '../../src/model/observation.ts'
import { INDEX } from './apps.ts'
import { hitOf } from './made.ts'

/** The notes of the first verdict on each app. */
function notes(...hits: Hit[]): Record<string, readonly string[] | undefined> {
  const sightings = hits.map(({ sighting }) => sighting)
  const facts = { day: 0, subject: 'address-1', label: 'a', sightings, marks: [], sessions: [] }
  const { findings } = judgeSubjectDay(facts, NO_POLICY, INDEX)
  return Object.fromEntries(findings.map(({ app, verdicts }) => [app, verdicts[0]!.notes]))
}

describe('notes of a verdict', () => {
  test('say that one flow counts for two apps, with both of them', () => {
    const flow = { means: 'payload', frame: 7 } as const
    expect(notes(hitOf({ ...flow, name: 'xmpp' }), hitOf({ ...flow, name: 'chat.palaver.example' }))).toEqual({
      chirp: ['The same traffic counts for The app palaver as well: which of them it was cannot be told by it.'],
      palaver: ['The same traffic counts for The app chirp as well: which of them it was cannot be told by it.'],
    })
  })

  test('say nothing of flows that only stand beside each other, or that an ambiguous hit is of as well', () => {
    const flow = { means: 'payload', frame: 7 } as const
    expect(notes(hitOf({ ...flow, name: 'xmpp' }), hitOf({ ...flow, frame: 8, name: 'chat.palaver.example' }))).toEqual(
      {
        chirp: undefined,
        palaver: undefined,
      },
    )
    expect(notes(hitOf({ ...flow, name: 'xmpp' }), hitOf({ ...flow, name: 'perhaps.example' }))).toEqual({
      chirp: undefined,
    })
  })

  const seen = (reading: number, action: Action, up = -1) =>
    hitOf({ name: 'im.chirp.example', means: 'http-connect', reading, action, up, down: up })
  const told = ['In 1 minute it was blocked according to made-1.pcap, and went through according to made-2.pcap.']

  test.each([
    ['another input allowed it', [seen(1, 'blocked'), seen(2, 'allowed')], told],
    ['another input has bytes of both sides', [seen(1, 'blocked'), seen(2, '', 10)], told],
    ['another input has bytes of neither', [seen(1, 'blocked'), seen(2, '')], undefined],
    ['the same input allowed it in that minute', [seen(1, 'blocked'), seen(1, 'allowed')], undefined],
    ['nothing was blocked', [seen(1, 'allowed'), seen(2, '', 10)], undefined],
  ])('tell of what was blocked where %s', (_, hits, expected) => {
    expect(notes(...hits)).toEqual({ chirp: expected })
  })

  test('name at most three inputs, and how many more there are', () => {
    const hits = [1, 2, 3, 4, 5].map((reading) => seen(reading, 'blocked'))
    expect(notes(...hits, seen(6, 'allowed')).chirp).toEqual([
      'In 1 minute it was blocked according to made-1.pcap, made-2.pcap, made-3.pcap and 2 more, and went through according to made-6.pcap.',
    ])
  })

  test('tell of shared networks of the same vendor alone', () => {
    const shared = hitOf({ name: '192.0.2.0/24', means: 'address', mask: 0b110 })
    const chat = hitOf({ name: 'im.chirp.example', means: 'tls-sni' })
    const note = 'In 2 other minutes of that day traffic was seen that any app of Nobody may have caused'
    expect(notes(chat, shared).chirp).toEqual([`${note}: which of them it was cannot be told.`])
    const other = new Map(INDEX)
    const match = INDEX.get('common network 192.0.2.0/24')!
    other.set('common network 192.0.2.0/24', { ...match, signature: { ...match.signature, vendor: 'Somebody' } })
    const sightings = [chat.sighting, shared.sighting]
    const facts = { day: 0, subject: 'address-1', label: 'a', sightings, marks: [], sessions: [] }
    const [finding] = judgeSubjectDay(facts, NO_POLICY, other).findings
    expect(finding!.verdicts[0]!.notes).toBeUndefined()
  })
})
