import { describe, expect, it } from 'vitest'
import { Oddities } from '../../../src/base/oddities.ts'
import { NOBODY } from '../../../src/read/log/claims.ts'
import { zeekSsl } from '../../../src/read/log/formats/zeek-ssl.ts'
import { observed, readLog, results } from './drive.ts'

const HEADER = ['#separator \\x09', '#path\tssl', '#fields\tts\tid.orig_h\tid.resp_h\tserver_name']
const ROW = '1795287120.5\t10.0.0.5\t192.0.2.60\tweb.whatsapp.com'
const SEEN = { time: '2026-11-21T18:52:00.500000Z', client: '10.0.0.5', server: '192.0.2.60', name: 'web.whatsapp.com' }

describe('a Zeek table', () => {
  it('is read by its own header, whatever the order and number of fields', async () => {
    const fields = '#fields\tx\tserver_name\tid.resp_h\ty\tts\tid.orig_h'
    const row = '-\tweb.whatsapp.com\t192.0.2.60\t\t1795287120.5\t10.0.0.5'
    expect(await observed(zeekSsl, '#path\tssl', fields, row, '')).toMatchObject([SEEN])
  })

  it('may change its fields on the way', async () => {
    const again = ['#separator \\x09', '#path\tssl', '#fields\tserver_name\tid.resp_h\tid.orig_h\tts']
    const row = 'web.whatsapp.com\t192.0.2.60\t10.0.0.5\t1795287120.5'
    expect(await observed(zeekSsl, ...HEADER, ROW, ...again, row, '')).toMatchObject([SEEN, SEEN])
  })

  it('may turn into another log and back', async () => {
    const other = ['#separator \\x09', '#path\tconn', '#fields\tts\tid.orig_h', '1795287120.5\t10.0.0.5']
    expect(
      (await results(zeekSsl, ...HEADER, ROW, ...other, ...HEADER, ROW)).filter((each) => each !== 'skip'),
    ).toEqual(['ok', 'ok'])
  })

  it('may have another separator, list separator and marks for nothing', async () => {
    const header = [
      '#separator \\x7c',
      '#unset_field|NULL',
      '#empty_field|NONE',
      '#path|ssl',
      '#fields|ts|id.orig_h|id.resp_h|server_name',
    ]
    const rows = ['web.whatsapp.com', 'NULL', 'NONE', '-'].map((name) => `1795287120.5|10.0.0.5|192.0.2.60|${name}`)
    expect((await results(zeekSsl, ...header, ...rows)).slice(5)).toEqual(['ok', 'skip', 'skip', 'ok'])
  })

  it('has its escapes undone', async () => {
    const name = 'a\\x41\\x5c\\\\\\xZZ.example'
    expect(await observed(zeekSsl, ...HEADER, ROW.replace('web.whatsapp.com', name))).toMatchObject([
      { name: 'aa\\092\\092\\092xzz.example' },
    ])
  })

  it.each([
    [[ROW], { bad: 'no_header' }],
    [[...HEADER, ROW.slice(0, 20)], { bad: 'wrong_field_count' }],
    [[...HEADER, `${ROW}\t-`], { bad: 'wrong_field_count' }],
    [['#separator \\x09\\x09', '#path\tssl', ROW], { bad: 'unknown_separator' }],
    [['#path\tconn', '#fields\tts\tid.orig_h', ROW], 'skip'],
    [[...HEADER, '#close\t2026-11-21-18-52-00'], 'skip'],
    [[...HEADER, '# a comment'], 'skip'],
    [[...HEADER, ''], undefined],
  ])('of %j takes the last line as %j', async (lines, result) => {
    expect((await results(zeekSsl, ...lines))[lines.length - 1]).toEqual(result)
  })
})

describe('a Zeek log as JSON', () => {
  const id = { 'id.orig_h': '10.0.0.5', 'id.resp_h': '192.0.2.60' }
  const rest = { server_name: 'web.whatsapp.com', resumed: false, established: true }

  it.each([
    [{ ts: 1795287120.5, ...id }],
    [{ ts: '2026-11-21T18:52:00.500000Z', ...id }],
    [{ ts: 1795287120500, ...id }],
    [{ ts: 1795287120.5, id: { orig_h: '10.0.0.5', resp_h: '192.0.2.60' } }],
  ])('is read with %j', async (record) => {
    expect(await observed(zeekSsl, JSON.stringify({ ...record, ...rest }))).toMatchObject([SEEN])
  })

  it.each(['{ "ts"', '{"ts":', '{"a":1}}', '{]', '{'.repeat(10_000)])(
    'is a bad record where it is none: %.20s',
    async (line) => {
      expect(await results(zeekSsl, line)).toEqual([{ bad: 'bad_json' }])
    },
  )

  it('may be printed over many lines', async () => {
    const lines = JSON.stringify({ ts: 1795287120.5, ...id, ...rest }, null, 2).split('\n')
    expect(await observed(zeekSsl, ...lines, ...lines)).toMatchObject([SEEN, SEEN])
    const reader = zeekSsl.open({ oddities: new Oddities() })
    const open = Buffer.from('{')
    expect(reader.record(open, 0, 1, NOBODY)).toBe('skip')
    expect(reader.state?.()).toBeUndefined()
  })

  it('that was cut within an object goes on with the next', async () => {
    const lines = JSON.stringify({ ts: 1795287120.5, ...id, ...rest }, null, 2).split('\n')
    const line = JSON.stringify({ ts: 1795287120.5, ...id, ...rest })
    expect(await observed(zeekSsl, ...lines.slice(0, 3), ...lines)).toMatchObject([SEEN])
    expect(await observed(zeekSsl, ...lines.slice(0, 3), line)).toMatchObject([SEEN])
    const long = Array.from({ length: 3000 }, () => `  "${'x'.repeat(30)}",`)
    expect(await observed(zeekSsl, '{', ...long, line)).toMatchObject([SEEN])
    const { oddities } = await readLog(zeekSsl, Buffer.from([...lines.slice(0, 3), line, ''].join('\n')))
    expect(oddities.entries()).toEqual([['record_cut', 1]])
  })

  it('may stand in one file with a table', async () => {
    const line = JSON.stringify({ ts: 1795287120.5, ...id, ...rest })
    expect(await observed(zeekSsl, ...HEADER, ROW, line, ROW)).toMatchObject([SEEN, SEEN, SEEN])
  })
})
