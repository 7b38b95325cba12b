import { describe, expect, it } from 'vitest'
import { squidCommon } from '../../../../src/read/log/formats/squid-common.ts'
import { logSample, observed, results } from '../drive.ts'

const TIME = '[21/Nov/2026:18:52:00 +0000]'
const line = (request: string, rest: string, users = '- -') => `10.0.0.5 ${users} ${TIME} "${request}" ${rest}`
const CONNECT = 'CONNECT web.whatsapp.com:443 HTTP/1.1'

describe('squid-common', () => {
  it.each(['200 811 TCP_TUNNEL:HIER_DIRECT', '200 811 "http://a/" "agent/1 (b; c)" TCP_TUNNEL:HIER_DIRECT'])(
    'reads host, status and size of a line that ends in %s',
    async (rest) => {
      expect(await observed(squidCommon, line(CONNECT, rest))).toEqual([
        {
          time: '2026-11-21T18:52:00.000000Z',
          means: 'http-connect',
          name: 'web.whatsapp.com',
          client: '10.0.0.5',
          serverPort: 443,
          transport: 'tcp',
          action: 'allowed',
          bytesDown: 811,
          input: 'sample.log',
          line: 1,
        },
      ])
    },
  )

  it('takes the status behind the agent, whatever the agent says', async () => {
    const agent = '"-" "x" TCP_TUNNEL:HIER_DIRECT y" TCP_DENIED:HIER_NONE'
    expect(await observed(squidCommon, line(CONNECT, `403 0 ${agent}`))).toMatchObject([{ action: 'blocked' }])
    expect(await results(squidCommon, line(CONNECT, '403 0 "-" "x TCP_TUNNEL:HIER_DIRECT'))).toEqual([
      { bad: 'bad_status' },
    ])
  })

  it.each([
    ['- alice', 'alice'],
    ['machine EXAMPLE%5calice', 'EXAMPLE\\alice'],
    ['machine -', 'machine'],
    ['- -', undefined],
  ])('of ident and user %j takes %s', async (users, user) => {
    const [observation] = await observed(squidCommon, line(CONNECT, '200 811 TCP_TUNNEL:HIER_DIRECT', users))
    expect(observation?.user).toBe(user)
  })

  it.each([
    ['', 'skip'],
    [line('NONE error:invalid-request HTTP/0.0', '400 0 NONE_NONE:HIER_NONE'), 'skip'],
    [line('GET http://example.com/ HTTP/1.1', '200 811'), { bad: 'too_few_fields' }],
    [line('GET http://example.com/ HTTP/1.1', '200 811 "-" "curl/8.0"'), { bad: 'bad_status' }],
    [line('GET http://example.com/ HTTP/1.1', '200 big TCP_MISS:HIER_DIRECT'), { bad: 'bad_size' }],
    [line('CONNECT example.com:port HTTP/1.1', '200 1 TCP_MISS:HIER_DIRECT'), { bad: 'bad_url' }],
    [line(CONNECT, '200 1 TCP_MISS:HIER_DIRECT').replace('Nov', 'Foo'), { bad: 'bad_time' }],
    [line(CONNECT, '200 1 TCP_MISS:HIER_DIRECT').replace('10.0.0.5', '()'), { bad: 'bad_client' }],
    [line(CONNECT, '200 1 TCP_MISS:HIER_DIRECT').replace('"CONNECT', '|CONNECT'), { bad: 'bad_request' }],
  ])('takes %j as %j', async (text, result) => {
    expect(await results(squidCommon, text, '')).toEqual([result])
  })

  it('does not claim a web server log, whose lines end without a request status', () => {
    const text = `${line('GET /index.html HTTP/1.1', '200 811 "-" "Mozilla/5.0 (X11) Gecko/1 Firefox:1"')}\n`
    expect(squidCommon.claims(logSample(Buffer.from(text)))).toBe(false)
  })
})
