import { describe, expect, it } from 'vitest'
import { zeekSsl } from '../../../../src/read/log/formats/zeek-ssl.ts'
import { logSample, observed, results } from '../drive.ts'

const RECORD = {
  ts: 1795287120.5,
  'id.orig_h': '10.0.0.5',
  'id.orig_p': 51234,
  'id.resp_h': '192.0.2.60',
  'id.resp_p': 443,
  server_name: 'web.whatsapp.com',
  resumed: false,
  established: true,
}

const json = (more: object) => JSON.stringify({ ...RECORD, ...more })

describe('zeek-ssl', () => {
  it.each([
    ['TLSv12', 'tls-sni', 'tcp'],
    ['SSLv3', 'tls-sni', 'tcp'],
    ['TLSv13', 'tls-sni', undefined],
    ['DTLSv12', 'dtls-sni', 'udp'],
    [undefined, 'tls-sni', undefined],
  ])('takes version %s as %s over %s', async (version, means, transport) => {
    const [observation] = await observed(zeekSsl, json({ version }))
    expect(observation).toMatchObject({ means, name: 'web.whatsapp.com', client: '10.0.0.5', server: '192.0.2.60' })
    expect(observation?.transport).toBe(transport)
  })

  it('takes the responder for the client where Zeek saw the ClientHello come from there', async () => {
    expect(await observed(zeekSsl, json({ ssl_history: '^Cs' }))).toMatchObject([
      { client: '192.0.2.60', clientPort: 443, server: '10.0.0.5', serverPort: 51234 },
    ])
  })

  it.each([
    [{ server_name: undefined }, 'skip'],
    [{ server_name: null }, 'skip'],
    [{ server_name: '' }, 'skip'],
    [{ server_name: 'a'.repeat(256) }, { bad: 'name_too_long' }],
    [{ _path: 'conn', resumed: undefined }, 'skip'],
    [{ ts: 'never' }, { bad: 'bad_time' }],
    [{ ts: 1e300 }, { bad: 'bad_time' }],
  ])('takes a record with %j as %j', async (more, result) => {
    expect(await results(zeekSsl, json(more))).toEqual([result])
  })

  it('never takes a field from what an object inherits', async () => {
    const line = json({ server_name: undefined }).replace('{', '{"__proto__":{"server_name":"polluted.example"},')
    expect(await results(zeekSsl, line)).toEqual(['skip'])
  })

  it('does not claim quic.log, which has a server_name as well', () => {
    const text = '#path\tquic\n#fields\tts\tuid\tid.orig_h\tversion\tserver_name\tclient_protocol\thistory\n'
    expect(zeekSsl.claims(logSample(Buffer.from(text)))).toBe(false)
  })
})
