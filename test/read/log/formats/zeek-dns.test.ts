import { describe, expect, it } from 'vitest'
import { zeekDns } from '../../../../src/read/log/formats/zeek-dns.ts'
import { logSample, observed, results } from '../drive.ts'

const FIELDS = 'ts id.orig_h id.orig_p id.resp_h id.resp_p proto query qtype rcode rtt answers TTLs'.split(' ')
const ROW = {
  ts: '1795287120.5',
  'id.orig_h': '10.0.0.5',
  'id.orig_p': '51234',
  'id.resp_h': '10.0.0.53',
  'id.resp_p': '53',
  proto: 'udp',
  query: 'web.whatsapp.com',
  qtype: '1',
  rcode: '0',
  rtt: '0.25',
  answers: '192.0.2.60',
  TTLs: '60.0',
}

function table(row: Partial<typeof ROW>): string[] {
  const all: Record<string, string> = { ...ROW, ...row }
  return ['#path\tdns', `#fields\t${FIELDS.join('\t')}`, FIELDS.map((name) => all[name]).join('\t'), '']
}

describe('zeek-dns', () => {
  it('gives the query when it was asked and the answer when it came', async () => {
    expect(await observed(zeekDns, ...table({}))).toMatchObject([
      { time: '2026-11-21T18:52:00.500000Z', means: 'dns-query', name: 'web.whatsapp.com' },
      { time: '2026-11-21T18:52:00.750000Z', means: 'dns-answer', addresses: ['192.0.2.60'], timeToLive: 60 },
    ])
  })

  it('gives only the query where no answer was seen', async () => {
    const observations = await observed(zeekDns, ...table({ rcode: '-', answers: '-', TTLs: '-', rtt: '-' }))
    expect(observations.map((each) => each.means)).toEqual(['dns-query'])
  })

  it('takes names in the answer of an address query as aliases, and the smallest TTL', async () => {
    const row = { answers: 'a.example.net,b.example.net,192.0.2.1,2001:db8::1', TTLs: '300.0,7.9,60.0,60.0' }
    expect((await observed(zeekDns, ...table(row)))[1]).toMatchObject({
      aliases: ['a.example.net', 'b.example.net'],
      addresses: ['192.0.2.1', '2001:db8::1'],
      timeToLive: 7,
    })
  })

  it.each(['12', '15', '16', '33'])('takes no aliases from an answer of type %s', async (qtype) => {
    const [, answer] = await observed(zeekDns, ...table({ qtype, answers: 'mail.example.com,<unknown type=9>' }))
    expect(answer).not.toHaveProperty('aliases')
  })

  it('keeps the first 64 addresses and 16 aliases of an answer', async () => {
    const answers = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? `n${i}.example.net` : `192.0.2.${i % 250}`))
    const [, answer] = await observed(zeekDns, ...table({ answers: answers.join(',') }))
    expect(answer?.addresses).toHaveLength(64)
    expect(answer?.aliases).toEqual(answers.filter((each) => each.startsWith('n')).slice(0, 16))
  })

  it('keeps a JSON answer with a newline from passing for two', async () => {
    const record = { ...ROW, RD: true, TC: false, rejected: false, answers: ['x\nweb.whatsapp.com', '192.0.2.1'] }
    expect((await observed(zeekDns, JSON.stringify(record)))[1]).toMatchObject({ addresses: ['192.0.2.1'] })
    expect((await observed(zeekDns, JSON.stringify(record)))[1]).not.toHaveProperty('aliases')
  })

  it.each(['137', '5353', '5355'])('leaves out names that devices call one another by (port %s)', async (port) => {
    expect((await results(zeekDns, ...table({ 'id.resp_p': port }))).at(-1)).toBe('skip')
  })

  it.each([
    [{ ts: '-' }, { bad: 'bad_time' }],
    [{ 'id.orig_h': '-' }, { bad: 'bad_client' }],
    [{ 'id.resp_h': 'resolver' }, { bad: 'bad_server' }],
    [{ 'id.orig_p': '65536' }, { bad: 'bad_port' }],
    [{ query: 'a'.repeat(256) }, { bad: 'name_too_long' }],
    [{ query: '-' }, 'skip'],
    [{ query: '(empty)' }, 'skip'],
    [{ query: '.' }, 'skip'],
    [{ query: 'a\tb' }, { bad: 'wrong_field_count' }],
    [{ query: 'a\\x09b' }, 'ok'],
  ])('takes a row with %j as %j', async (row, result) => {
    expect((await results(zeekDns, ...table(row))).at(-1)).toEqual(result)
  })

  it.each([
    '#path\tdns\n',
    '#separator \\x09\n#path\tdns\n#open\t2026-11-21-18-52-00\n#fields\tts\tquery\n',
    '#path\tdns_office\n#fields\tts\tquery\tRD\tTC\trejected\n',
    '{"_path":"dns","ts":1795287120}\n',
    '{"ts":1795287120,"RD":true,"TC":false,"rejected":false}\n',
  ])('claims %j', (text) => {
    expect(zeekDns.claims(logSample(Buffer.from(text)))).toBe(true)
  })
})
