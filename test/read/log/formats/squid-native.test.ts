import { describe, expect, it } from 'vitest'
import { squidNative } from '../../../../src/read/log/formats/squid-native.ts'
import { observed, readLog, results } from '../drive.ts'

const line = (target: string, status = 'TCP_TUNNEL/200', rest = '- HIER_DIRECT/192.0.2.60 -') =>
  `1795287120.123   1204 10.0.0.5 ${status} 48213 ${target} ${rest}`

describe('squid-native', () => {
  it('says from when to when a tunnel was open: Squid writes the line when it closes', async () => {
    const [observation] = await observed(squidNative, line('CONNECT web.whatsapp.com:443'))
    expect(observation).toMatchObject({ time: '2026-11-21T18:51:58.919000Z', end: '2026-11-21T18:52:00.123000Z' })
  })

  it.each([
    ['CONNECT web.whatsapp.com:443', { means: 'http-connect', name: 'web.whatsapp.com', serverPort: 443 }],
    ['CONNECT Web.WhatsApp.com.:5222', { means: 'http-connect', name: 'web.whatsapp.com', serverPort: 5222 }],
    ['GET http://example.com/', { means: 'http-url', name: 'example.com', serverPort: 80 }],
    ['GET https://example.com', { means: 'http-url', name: 'example.com', serverPort: 443 }],
    ['GET ftp://user:word@example.com:2121/a@b', { means: 'http-url', name: 'example.com', serverPort: 2121 }],
    [
      'GET http://example.com:?next=http://web.whatsapp.com/',
      { means: 'http-url', name: 'example.com', serverPort: 80 },
    ],
    ['GET http://example.com#@web.whatsapp.com', { means: 'http-url', name: 'example.com', serverPort: 80 }],
    ['GET http://1and1.example/', { means: 'http-url', name: '1and1.example', serverPort: 80 }],
  ])('takes host and port of %s', async (target, expected) => {
    const [observation] = await observed(squidNative, line(target))
    expect(observation).toMatchObject({ ...expected, server: '192.0.2.60', transport: 'tcp' })
  })

  it.each([
    ['CONNECT 203.0.113.5:443', '203.0.113.5'],
    ['CONNECT [2001:db8::5]:443', '2001:db8::5'],
    ['GET https://[2001:db8::5]/', '2001:db8::5'],
  ])('takes the address itself as the server of %s, and no name', async (target, server) => {
    const [observation] = await observed(squidNative, line(target))
    expect(observation).toMatchObject({ server, serverPort: 443 })
    expect(observation).not.toHaveProperty('name')
  })

  it.each([
    ['HIER_DIRECT/192.0.2.60', '192.0.2.60'],
    ['TIMEOUT_HIER_DIRECT/192.0.2.60', '192.0.2.60'],
    ['DIRECT/2001:db8::60', '2001:db8::60'],
    ['ORIGINAL_DST/192.0.2.60', '192.0.2.60'],
    ['HIER_DIRECT/web.whatsapp.com', undefined],
    ['FIRSTUP_PARENT/10.9.9.9', undefined],
    ['HIER_NONE/-', undefined],
  ])('knows the server from %s as %s', async (hierarchy, server) => {
    const [observation] = await observed(
      squidNative,
      line('CONNECT web.whatsapp.com:443', undefined, `- ${hierarchy} -`),
    )
    expect(observation?.server).toBe(server)
  })

  it.each([
    ['TCP_DENIED/403', 'blocked'],
    ['TCP_DENIED_REPLY/403', 'blocked'],
    ['TCP_DENIED/407', 'blocked'],
    ['TCP_TUNNEL/200', 'allowed'],
    ['TCP_MISS_ABORTED/000', 'allowed'],
    ['NONE_NONE/503', 'allowed'],
  ])('takes %s as %s', async (status, action) => {
    const [observation] = await observed(squidNative, line('CONNECT web.whatsapp.com:443', status))
    expect(observation).toMatchObject({ action })
  })

  it.each([
    ['-', undefined],
    ['alice', 'alice'],
    ['DOMAIN%5Calice', 'DOMAIN\\alice'],
    ['j%c3%b6rg%40example.org', 'jörg@example.org'],
    ['100%', '100%'],
    ['50%zz', '50%zz'],
  ])('reads the user %s as %s', async (field, user) => {
    const [observation] = await observed(
      squidNative,
      line('GET http://example.com/', 'TCP_MISS/200', `${field} HIER_NONE/- -`),
    )
    expect(observation?.user).toBe(user)
  })

  it('does not look past the tenth field', async () => {
    const [observation] = await observed(
      squidNative,
      `${line('GET http://example.com/')} [Host: a b%0d%0a] [HTTP/1.1 200%0d%0a]`,
    )
    expect(observation).toMatchObject({ name: 'example.com' })
  })

  it.each([
    ['', 'skip'],
    ['   ', 'skip'],
    [line('- error:invalid-request', 'NONE_NONE/400'), 'skip'],
    [line('CONNECT :443'), 'skip'],
    [line('ICP_QUERY http://example.com/', 'UDP_MISS/000'), 'skip'],
    [line('GET http://example.com/').replace('10.0.0.5', '-'), 'skip'],
    ['1795287120.123 12 10.0.0.5 TCP_TUNNEL/200 48213 CONNECT web.whats', { bad: 'too_few_fields' }],
    [line('CONNECT example.com:443').replace('1795287120.123', '21/Nov/2026'), { bad: 'bad_time' }],
    [line('CONNECT example.com:443').replace(' 1204 ', ' -5 '), { bad: 'bad_time' }],
    [line('CONNECT example.com:443').replace(' 1204 ', ' 9007199254740991 '), { bad: 'bad_time' }],
    [line('CONNECT example.com:443').replace('10.0.0.5', '<script>'), { bad: 'bad_client' }],
    [line('CONNECT example.com:443', 'allowed'), { bad: 'bad_status' }],
    [line('CONNECT example.com:443', 'tunnel/200'), { bad: 'bad_status' }],
    [line('CONNECT example.com:443').replace('48213', '48k'), { bad: 'bad_size' }],
    [line('CONNECT example.com:70000'), { bad: 'bad_url' }],
    [line(`CONNECT ${'a'.repeat(256)}:443`), { bad: 'bad_url' }],
    [line('CONNECT example.com:443', undefined, '- direct -'), { bad: 'bad_hierarchy' }],
  ])('takes %j as %j', async (text, result) => {
    expect(await results(squidNative, text, '')).toEqual([result])
  })

  it('counts requests whose URL names no host', async () => {
    const { oddities } = await readLog(squidNative, Buffer.from(line('- error:invalid-request', 'NONE_NONE/400')))
    expect(oddities.entries()).toEqual([['url_without_host', 1]])
  })
})
