import { describe, expect, test } from 'vitest'
import { torCertainty } from '../../../src/extract/recognise/tor.ts'
import { certificate, certificateFlight, random, reversed } from '../../build/index.ts'
import { ENDS, extract, segments } from '../drive.ts'

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const SUBJECT = 'www.q2xk4vl7n3tz.net'
const ISSUER = 'www.b6wjm5rf.com'
const SERVER = 'www.ztk6.com'

/** A name as Tor makes them up. */
function madeUp(next: () => number, shortest: number, longest: number, ending: string): string {
  const length = shortest + (next() % (longest - shortest + 1))
  return `www.${Array.from({ length }, () => BASE32[next() % 32]).join('')}${ending}`
}

describe('the names of a handshake', () => {
  test('that Tor made up are Tor’s', () => {
    for (let number = 0; number < 1000; number++) {
      const next = random(number)
      const server = madeUp(next, 4, 25, '.com')
      const subject = madeUp(next, 8, 20, '.net')
      const issuer = madeUp(next, 8, 20, '.com')
      expect(torCertainty(server, subject, issuer), `case ${number}`).toBe('confirmed')
      expect(torCertainty('', subject, issuer), `case ${number}`).toBe('probable')
    }
  })

  test('say nothing where one alone looks so', () => {
    expect(torCertainty(SERVER, '', '')).toBe('')
    expect(torCertainty('www.facebook.com', '', '')).toBe('')
    expect(torCertainty(SERVER, SUBJECT, '')).toBe('')
    expect(torCertainty(SERVER, '', ISSUER)).toBe('')
    expect(torCertainty(SERVER, 'www.speedtest.net', 'R11')).toBe('')
    expect(torCertainty('www.speedtest.net', 'www.speedtest.net', 'DigiCert TLS RSA SHA256 2020 CA1')).toBe('')
  })

  test('say nothing where they are one name', () => {
    expect(torCertainty(SERVER, 'www.ourcompany.net', 'www.ourcompany.com')).toBe('')
    expect(torCertainty('www.ourcompany.com', SUBJECT, 'www.ourcompany.com')).toBe('')
    expect(torCertainty('www.ourcompany.com', 'www.ourcompany.net', ISSUER)).toBe('')
  })

  test.each([
    ['a server name without www', 'ztk6.com', SUBJECT, ISSUER],
    ['another ending of the server name', 'www.ztk6.net', SUBJECT, ISSUER],
    ['a server name that is too short', 'www.ztk.com', SUBJECT, ISSUER],
    ['a server name that is too long', `www.${'z'.repeat(26)}.com`, SUBJECT, ISSUER],
    ['a server name with a hyphen', 'www.zt-6.com', SUBJECT, ISSUER],
    ['a server name with another digit', 'www.zt18.com', SUBJECT, ISSUER],
    ['a server name of three labels', 'www.zt.k6.com', SUBJECT, ISSUER],
    ['a subject that is too short', SERVER, 'www.q2xk4vl.net', ISSUER],
    ['a subject that is too long', SERVER, `www.${'q'.repeat(21)}.net`, ISSUER],
    ['another ending of the subject', SERVER, 'www.q2xk4vl7n3tz.com', ISSUER],
    ['an issuer that is too short', SERVER, SUBJECT, 'www.b6wjm5r.com'],
    ['another ending of the issuer', SERVER, SUBJECT, 'www.b6wjm5rf.net'],
    ['an issuer in capitals', SERVER, SUBJECT, 'WWW.B6WJM5RF.COM'],
    ['nothing but the frame', 'www..com', 'www..net', 'www..com'],
    ['too little for the frame', 'www.com', 'www.net', 'www.com'],
  ])('with %s are not Tor’s', (_, server, subject, issuer) => {
    expect(torCertainty(server, subject, issuer)).toBe('')
  })
})

test('a relay’s certificate makes a flow a tunnel, as likely', () => {
  const flight = certificateFlight([
    certificate({ subject: [{ type: 'CN', value: SUBJECT }], issuer: [{ type: 'CN', value: ISSUER }] }),
  ])
  const { observed, flows } = extract(segments(flight, [], 1000, reversed(ENDS)))
  expect(observed).toEqual([
    expect.objectContaining({
      means: 'vpn',
      protocol: 'tor',
      certainty: 'probable',
      name: SUBJECT,
      client: ENDS.source,
    }),
  ])
  expect(flows).toEqual({ flows: 1, flows_tunnel: 1 })
})
