import { describe, expect, test } from 'vitest'
import type { Hit } from '../../src/judge/hits.ts'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import { judgeSubjectDay } from '../../src/judge/subject-day.ts'
import { findingText } from '../../src/report/finding-text.ts'
import { INDEX } from '../judge/apps.ts'
import { hitOf } from '../judge/made.ts'

/** The finding that hits give, as text without colours. */
function shown(...hits: Hit[]): string {
  const sightings = hits.map(({ sighting }) => sighting)
  const facts = { day: 0, subject: 'address-1', label: 'a-client', sightings, marks: [], sessions: [] }
  const [finding] = judgeSubjectDay(facts, NO_POLICY, INDEX).findings
  return findingText(finding!, (_, text) => text)
}

describe('a finding in words', () => {
  test.each([
    ['used', 'Use: 1 active minute', hitOf({ name: 'im.chirp.example', means: 'tls-sni', up: 90_000 })],
    [
      'was seen with',
      'Background traffic: 1 active minute',
      hitOf({ name: 'im.chirp.example', means: 'tls-sni', up: 9 }),
    ],
    [
      'tried to reach',
      'Blocked attempts: 1 active minute',
      hitOf({ name: 'im.chirp.example', means: 'tls-sni', action: 'blocked' }),
    ],
  ])('says that a client %s the app', (verb, heading, hit) => {
    const text = shown(hit)
    expect(text).toContain(`a-client ${verb} The app chirp (messaging)`)
    expect(text).toContain(`\n${heading}`)
  })

  test('has the notes of a verdict, with what an input is called made harmless', () => {
    const seen = (reading: number, action: 'blocked' | 'allowed') => {
      const hit = hitOf({ name: 'im.chirp.example', means: 'http-connect', reading, action })
      const input = `\u001b[2J${reading}.log`
      return { ...hit, sighting: { ...hit.sighting, reading: { ...hit.sighting.reading, input } } }
    }
    const note =
      '  note      In 1 minute it was blocked according to \\u{1b}[2J1.log, and went through according to \\u{1b}[2J2.log.'
    expect(shown(seen(1, 'blocked'), seen(2, 'allowed')).split('\n')).toContain(note)
  })
})
