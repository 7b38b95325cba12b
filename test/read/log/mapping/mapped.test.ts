import { describe, expect, it } from 'vitest'
import { mappedFormat } from '../../../../src/read/log/mapping/format.ts'
import type { Layout, MarkRule, RecordRule } from '../../../../src/read/log/mapping/mapping.ts'
import { logSample, observed, results } from '../drive.ts'

const NOTHING = { url: false, server: false, user: false, client: false, bytes: false, bytesUp: false, action: false }
const HEAD = { name: 'own', title: 'Own log', documentation: 'https://example.org/', attributes: NOTHING }
const TIME = { from: 't', as: 'unix' } as const

function format(rule: Omit<RecordRule, 'time'> & Partial<RecordRule>, layout: Partial<Layout> = {}) {
  const records = [{ time: TIME, client: 'c', ...rule }]
  return mappedFormat({ ...HEAD, fields: 'key-value', detect: [{ has: ['t', 'c'] }], records, ...layout })
}

async function one(rule: Parameters<typeof format>[0], line: string, layout?: Partial<Layout>) {
  const [first] = await observed(format(rule, layout), `t=1795287120 ${line}`)
  return first
}

describe('a record', () => {
  it.each([
    ['c=10.0.0.5:51234', { client: '10.0.0.5', clientPort: 51234 }],
    ['c=10.0.0.5#51234', { client: '10.0.0.5', clientPort: 51234 }],
    ['c=inside:10.0.0.5/51234', { client: '10.0.0.5', clientPort: 51234 }],
    ['c=[2001:db8::5]:443', { client: '2001:db8::5', clientPort: 443 }],
    ['c=2001:db8::5#443', { client: '2001:db8::5', clientPort: 443 }],
    ['c=fe80::1%eth0', { client: 'fe80::1' }],
    ['c=::ffff:10.0.0.5', { client: '10.0.0.5' }],
    ['c=10.0.0.5,10.0.0.6', { client: '10.0.0.5' }],
    ['c=10.0.0.5.51234', { client: '10.0.0.5', clientPort: 51234 }],
    ['c=2001:db8::5.443', { client: '2001:db8::5', clientPort: 443 }],
    ['c=laptop-7.example.org', { device: 'laptop-7.example.org' }],
  ])('has its client from %s', async (text, expected) => {
    const said = await one({ name: 'n' }, `${text} n=example.org`)
    expect(said).toMatchObject(expected)
  })

  it.each([
    ['n=Example.ORG.', { name: 'example.org', means: 'http-host' }],
    ['n=example.org:8443', { name: 'example.org', serverPort: 8443 }],
    ['n=192.0.2.9', { server: '192.0.2.9', means: 'address' }],
    ['s=example.org', { name: 'example.org' }],
    ['s=192.0.2.9:443', { server: '192.0.2.9', serverPort: 443, means: 'address' }],
    ['u=https://user:pw@example.org/path?q#f', { name: 'example.org', serverPort: 443, means: 'http-url' }],
    ['u=example.org/path', { name: 'example.org', means: 'http-url' }],
    ['u=//example.org/path', { name: 'example.org', means: 'http-url' }],
    ['u=http://[2001:db8::1]:8080/', { server: '2001:db8::1', serverPort: 8080, means: 'http-url' }],
    ['u=/path n=example.org', { name: 'example.org', means: 'http-url' }],
    ['u=example.org:443 m=CONNECT', { name: 'example.org', serverPort: 443, means: 'http-connect' }],
  ])('has what was reached from %s', async (text, expected) => {
    const said = await one({ name: 'n', server: 's', url: 'u', method: 'm' }, `c=10.0.0.5 ${text}`)
    expect(said).toMatchObject(expected)
  })

  it.each([
    ['1h:30m:05s', '2026-11-21T20:22:05.000000Z'],
    ['2h3m4s', '2026-11-21T20:55:04.000000Z'],
    ['1d 2h:03m:04s', '2026-11-22T20:55:04.000000Z'],
    ['2 hours, 3 minutes', '2026-11-21T20:55:00.000000Z'],
    ['1500ms', '2026-11-21T18:52:01.500000Z'],
    ['90', undefined],
    ['1x', undefined],
    ['soon', undefined],
    ['99999999999999999999d', undefined],
  ])('lasted %s, in words', async (text, end) => {
    const said = await one({ name: 'n', duration: { from: 'd', unit: 'words' } }, `c=10.0.0.5 n=x.org d="${text}"`)
    expect(said?.end).toBe(end)
  })

  it('has its time from a part of a field, and none where that is not there', async () => {
    const own = format({ name: 'n', time: { from: 't', after: '[', before: ']', as: 'iso' } })
    const [said] = await observed(own, 't="at [2026-11-21 18:52:00] or so" c=10.0.0.5 n=x.org')
    expect(said).toMatchObject({ time: '2026-11-21T18:52:00.000000Z' })
    expect(await results(own, 't="2026-11-21 18:52:00" c=10.0.0.5 n=x.org')).toEqual([{ bad: 'bad_time' }])
  })

  it.each([
    ['tc=192.0.2.1 tp=40001', { translatedClient: '192.0.2.1', translatedClientPort: 40001 }],
    ['tc=192.0.2.1:40001', { translatedClient: '192.0.2.1', translatedClientPort: 40001 }],
    ['tc=10.0.0.5 tp=40001', { translatedClient: '10.0.0.5', translatedClientPort: 40001 }],
    ['ts=10.9.9.9', { translatedServer: '10.9.9.9' }],
    ['tc=10.0.0.5 tp=51234 ts=198.51.100.60', {}],
    ['tc=none tp=40001', {}],
  ])('has what translation made of its ends where that is another: %s', async (text, expected) => {
    const rule = { server: 's', translated: { client: 'tc', clientPort: 'tp', server: 'ts' } }
    const said = await one(rule, `c=10.0.0.5:51234 s=198.51.100.60:443 ${text}`)
    const told = Object.entries(said ?? {}).filter(([key]) => key.startsWith('translated'))
    expect(Object.fromEntries(told)).toEqual(expected)
  })

  it('has a count of both directions apart from those of one', async () => {
    const said = await one({ name: 'n', bytesTotal: 'b' }, 'c=10.0.0.5 n=x.org b=4666')
    expect(said).toMatchObject({ bytesTotal: 4666 })
    expect(said).not.toHaveProperty('bytesDown')
  })

  it('has values that are padded', async () => {
    const said = await one({ name: 'n', clientPort: 'p' }, 'c=" 10.0.0.5" p="  51234" n=" x.org"')
    expect(said).toMatchObject({ client: '10.0.0.5', clientPort: 51234, name: 'x.org' })
  })

  it('that names nothing is skipped, and words are no name', async () => {
    const own = format({ name: 'n', server: 's', url: 'u' })
    expect(await results(own, 't=1 c=10.0.0.5', 't=1 c=10.0.0.5 n="two words"', 't=1 c=10.0.0.5 u=/path')).toEqual([
      'skip',
      'skip',
      'skip',
    ])
  })

  it.each([
    ['c=10.0.0.5 n=x', 'bad_time'],
    ['t=x c=10.0.0.5 n=x', 'bad_time'],
    ['t=1 n=x', 'no_client'],
    ['t=1 c=10.0.0.555 n=x', 'bad_client'],
    ['t=1 c=10.0.0.5 p=99999 n=x', 'bad_port'],
    ['nothing', 'no_keys'],
  ])('that cannot be read says why: %s', async (line, bad) => {
    expect(await results(format({ name: 'n', clientPort: 'p' }), line)).toEqual([{ bad }])
  })

  it('began before its time where it is logged at its end', async () => {
    const line = 'c=10.0.0.5 n=x.org d=1.5'
    expect(await one({ name: 'n', duration: { from: 'd', unit: 's' }, logged: 'end' }, line)).toMatchObject({
      time: '2026-11-21T18:51:58.500000Z',
      end: '2026-11-21T18:52:00.000000Z',
    })
    expect(await one({ name: 'n', duration: { from: 'd', unit: 'min' } }, line)).toMatchObject({
      end: '2026-11-21T18:53:30.000000Z',
    })
    expect(
      await one({ name: 'n', duration: { from: 'd', unit: 'clock' } }, 'c=10.0.0.5 n=x.org d=1:02:03'),
    ).toMatchObject({
      end: '2026-11-21T19:54:03.000000Z',
    })
  })

  it('takes parts of fields, the first that is set, and what is the same for all', async () => {
    const rule = {
      name: { from: 'n', after: '[', before: ']' },
      user: ['x', { from: 'u', decode: 'percent' }],
      transport: { value: 'udp' },
      application: 'app',
      bytesUp: 'up',
      bytesDown: 'down',
      action: { from: 'a', blocked: ['den*'], allowed: ['*'] },
    } as const
    expect(
      await one(rule, 'c=10.0.0.5 n=[x.org] u=al%20ice app=chat.exe up=12.0 down=no a=DENIED x=-', { unset: ['-'] }),
    ).toMatchObject({
      ...{ name: 'x.org', user: 'al ice', transport: 'udp', application: 'chat.exe', bytesUp: 12, action: 'blocked' },
    })
  })

  it('has no value from a part of a field that lacks the text before it', async () => {
    const rule = { name: 'n', clientPort: { from: 'p', after: ':', before: ':' } } as const
    expect(await one(rule, 'c=10.0.0.5 p=10.0.0.5:51234:lan n=x.org')).toMatchObject({ clientPort: 51234 })
    expect(await one(rule, 'c=10.0.0.5 p=10.0.0.5 n=x.org')).toEqual({
      ...{ time: '2026-11-21T18:52:00.000000Z', means: 'http-host', name: 'x.org', client: '10.0.0.5' },
      ...{ input: 'sample.log', line: 1 },
    })
    const either = { name: [{ from: 'n', after: '[', before: ']' }, 'n'] } as const
    expect(await one(either, 'c=10.0.0.5 n=x.org')).toMatchObject({ name: 'x.org' })
  })

  it('that another program wrote into the same syslog is skipped, and no bad record', async () => {
    const own = mappedFormat({
      ...HEAD,
      fields: { kind: 'csv', header: ['t', 'c', 'n'], atLeast: 3 },
      syslog: true,
      detect: [{ is: { c: { like: 'address' } } }],
      records: [{ time: TIME, client: 'c', name: 'n' }],
    })
    const from = (program: string, text: string) => `<13>Nov 21 18:52:00 fw1 ${program}: ${text}`
    const lines = [
      from('cron[7]', 'a job'),
      from('own[1]', '1795287120,10.0.0.5,example.org'),
      from('sshd[8]', 'logged in'),
      from('sshd[8]', 'logged in, by key, from elsewhere'),
      from('own[1]', '1795287120,10.0.0'),
      from('own[1]', 'x,10.0.0.5,example.org'),
      'no header',
    ]
    const few = { bad: 'too_few_fields' }
    expect(await results(own, ...lines)).toEqual(['skip', 'ok', 'skip', 'skip', few, { bad: 'bad_time' }, few])
  })

  it('is of the first rule whose conditions hold', async () => {
    const rule = (when: RecordRule['when'], name: string): RecordRule => ({
      when,
      time: TIME,
      client: 'c',
      name: { value: name },
    })
    const own = mappedFormat({
      ...HEAD,
      fields: 'key-value',
      detect: [{ has: ['t'] }],
      records: [
        rule({ a: ['One', 'tw*'] }, 'texts.org'),
        rule({ a: { not: ['x', ''] }, b: '*mid*' }, 'not.org'),
        rule({ b: { like: 'address' }, a: { set: false } }, 'like.org'),
      ],
    })
    const lines = ['a=ONE', 'a=two', 'a=y b=amidb', 'b=10.0.0.1', 'a=x b=amidb', 'b=x'].map(
      (line) => `t=1 c=10.0.0.5 ${line}`,
    )
    expect((await observed(own, ...lines)).map(({ name, line }) => [name, line])).toEqual([
      ['texts.org', 1],
      ['texts.org', 2],
      ['not.org', 3],
      ['like.org', 4],
    ])
  })

  it('of DNS gives the query and what was answered', async () => {
    const dns = { query: 'q', type: 'qt', answers: 'an', separator: ',', rcode: 'rc', ttl: 'ttl' }
    const said = await observed(
      format({ dns, server: 's' }),
      't=1 c=10.0.0.5 s=10.0.0.53:53 q=Example.org. qt=A rc=NOERROR an="type: 5 edge.example.net,192.0.2.1, 2001:db8::1" ttl="300, 60"',
      't=1 c=10.0.0.5 q=example.org qt=MX an=mail.example.org',
      't=1 c=10.0.0.5 q=(3)www(7)example(3)org(0)',
      't=1 c=10.0.0.5 s=224.0.0.251:5353 q=printer.local',
    )
    const seen = said.map(({ means, name, aliases, addresses, timeToLive }) => ({
      means,
      name,
      aliases,
      addresses,
      timeToLive,
    }))
    expect(seen).toEqual([
      { means: 'dns-query', name: 'example.org' },
      {
        means: 'dns-answer',
        name: 'example.org',
        aliases: ['edge.example.net'],
        addresses: ['192.0.2.1', '2001:db8::1'],
        timeToLive: 60,
      },
      { means: 'dns-query', name: 'example.org' },
      { means: 'dns-answer', name: 'example.org' },
      { means: 'dns-query', name: 'www.example.org' },
    ])
  })

  it('of a tunnel or lease gives a mark', async () => {
    const mark: MarkRule = {
      kind: 'lease',
      event: 'end',
      inner: 'i',
      outer: 'o',
      user: 'u',
      device: 'd',
      gateway: 'g',
      protocol: { value: 'dhcp' },
      duration: { from: 'dur', unit: 's' },
      lifetime: { from: 'life', unit: 's' },
    }
    const own = format({ mark })
    expect(
      await observed(own, 't=1795287120 i=10.8.0.7 o=203.0.113.9:1 u=alice d=laptop g=gw dur=60 life=120'),
    ).toEqual([
      {
        ...{
          time: '2026-11-21T18:52:00.000000Z',
          mark: 'lease',
          event: 'end',
          outer: '203.0.113.9',
          inner: '10.8.0.7',
        },
        ...{ user: 'alice', device: 'laptop', gateway: 'gw', protocol: 'dhcp' },
        ...{ since: '2026-11-21T18:51:00.000000Z', until: '2026-11-21T18:54:00.000000Z', input: 'sample.log', line: 1 },
      },
    ])
    expect(await results(own, 't=1 g=gw')).toEqual([{ bad: 'no_client' }])
  })
})

describe('a format', () => {
  const records = [{ time: TIME, client: 'c', name: 'n' }]
  const several = mappedFormat({
    ...HEAD,
    layouts: [
      { fields: 'key-value', syslog: true, detect: [{ has: ['own', 't'] }], records },
      { fields: 'json', detect: [{ has: ['own', 't'] }], records },
    ],
  })

  it('reads its layouts mixed, each record by its own', async () => {
    const lines = [
      '<13>Nov 21 18:52:00 fw own=1 t=1 c=10.0.0.5 n=a.org',
      '{"own":1,"t":1,"c":"10.0.0.5","n":"b.org"}',
      'own= t=1 c=10.0.0.5 n=c.org',
      'x=1',
      '{"x":1}',
    ]
    expect((await observed(several, ...lines)).map(({ name }) => name)).toEqual(['a.org', 'b.org', 'c.org'])
    expect((await results(several, ...lines)).slice(3)).toEqual([{ bad: 'unknown_layout' }, { bad: 'no_keys' }])
  })

  it('reads a record that a collector wrapped', async () => {
    const own = mappedFormat({
      ...HEAD,
      fields: 'key-value',
      inside: 'event.original',
      detect: [{ has: ['t'] }],
      records,
    })
    const line = JSON.stringify({ '@timestamp': 'x', event: { original: 't=1 c=10.0.0.5 n="é\\".org"' } })
    expect(await observed(own, line)).toMatchObject([{ client: '10.0.0.5', name: '\\195\\169".org' }])
    expect(own.claims(logSample(Buffer.from(`${line}\n`)))).toBe(true)
  })

  it('claims a sample of which enough is its own', () => {
    const own = (count: number, others: number) =>
      several.claims(logSample(Buffer.from('own=1 t=1\n'.repeat(count) + 'other=1\n'.repeat(others))))
    expect([own(1, 0), own(1, 9), own(1, 10), own(0, 5), own(0, 0)]).toEqual([true, true, false, false, false])
  })
})
