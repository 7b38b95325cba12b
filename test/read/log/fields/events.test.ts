import { describe, expect, it } from 'vitest'
import { CefFields } from '../../../../src/read/log/fields/cef.ts'
import { KeyValueFields } from '../../../../src/read/log/fields/key-value.ts'
import { LeefFields } from '../../../../src/read/log/fields/leef.ts'
import { Programs } from '../../../../src/read/log/fields/programs.ts'
import { SyslogFields } from '../../../../src/read/log/fields/syslog.ts'
import { TextFields } from '../../../../src/read/log/fields/text.ts'
import { fc } from '../../../property.ts'
import { parse } from './parse.ts'

describe('CEF fields', () => {
  const read = (text: string, ...wanted: readonly string[]) => parse(new CefFields(wanted), wanted, text)

  it('are the header and the extension, values running to the next key', () => {
    const text =
      'CEF:0|Ven\\|dor|Pro\\\\duct|1.0|42|a name|5|src=10.0.0.5 msg=two words, a\\=b  request=http://x/?q=1&r=2 act='
    expect(read(text, 'deviceVendor', 'deviceProduct', 'signatureId', 'src', 'msg', 'request', 'act')).toEqual({
      deviceVendor: 'Ven|dor',
      deviceProduct: 'Pro\\duct',
      signatureId: '42',
      src: '10.0.0.5',
      msg: 'two words, a=b',
      request: 'http://x/?q=1&r=2',
    })
  })

  it('have the names of their labels, whichever comes first', () => {
    const text = 'CEF:0|v|p|1|2|n|3|cs1=News cs1Label=URL Category cs2Label=Policy cs2=p\\=1 cs3=x'
    expect(read(text, 'label:URL Category', 'label:Policy', 'cs1')).toEqual({
      'label:URL Category': 'News',
      'label:Policy': 'p=1',
      cs1: 'News',
    })
  })

  it('are found behind other text and where CEF was taken away', () => {
    expect(read('Nov 21 host x CEF: 1|v|p|1|2|n|3|src=1', 'src')).toEqual({ src: '1' })
    expect(read('0|v|p|1|2|n|3|src=1', 'src')).toEqual({ src: '1' })
    expect(read('CEF:0|v|p|1|2|n', 'src')).toBe('no_cef')
    expect(read('LEEF:1.0|v|p|1|2|', 'src')).toBe('no_cef')
  })

  it('give back any values that were written', () => {
    const value = fc.string({ unit: fc.constantFrom('a', ' ', '=', '\\', '|', 'b=', 'é') }).map((text) => text.trim())
    const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('=', '\\=')
    fc.assert(
      fc.property(value, value, (a, b) => {
        const expected = Object.fromEntries(Object.entries({ a, b }).filter(([, text]) => text !== ''))
        expect(read(`CEF:0|v|p|1|2|n|3|a=${escaped(a)} b=${escaped(b)}`, 'a', 'b')).toEqual(expected)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('LEEF fields', () => {
  const wanted = ['vendor', 'eventId', 'src', 'url'] as const
  it.each([
    ['LEEF:1.0|V|P|1|E|src=1\turl=http://x/?a=b c', { vendor: 'V', eventId: 'E', src: '1', url: 'http://x/?a=b c' }],
    ['LEEF:2.0|V|P|1|E|^|src=1^url=x', { vendor: 'V', eventId: 'E', src: '1', url: 'x' }],
    ['<13>x LEEF:2.0|V|P|1|E|x7C|src=1|url=x', { vendor: 'V', eventId: 'E', src: '1', url: 'x' }],
    ['LEEF:2.0|V|P|1|E|0x09|src=1\turl=x', { vendor: 'V', eventId: 'E', src: '1', url: 'x' }],
    ['LEEF:2.0|V|P|1|E|src=1\turl=x', { vendor: 'V', eventId: 'E', src: '1', url: 'x' }],
    ['LEEF:1.0|V|P|1|E|src=1 url=x y', { vendor: 'V', eventId: 'E', src: '1', url: 'x y' }],
    ['LEEF:1.0|V|P|1|E|src=1|url=http://x/?a=b', { vendor: 'V', eventId: 'E', src: '1', url: 'http://x/?a=b' }],
    ['LEEF:1.0|V|P|1|E|src=1\turl=x|y=2', { vendor: 'V', eventId: 'E', src: '1', url: 'x|y=2' }],
    ['LEEF:1.0|V|P|1|E|src=1 url=x|y', { vendor: 'V', eventId: 'E', src: '1', url: 'x|y' }],
    ['LEEF:1.0|V|P', 'no_leef'],
    ['src=1', 'no_leef'],
  ])('are read from %j', (text, expected) => {
    expect(parse(new LeefFields(wanted), wanted, text)).toEqual(expected)
  })
})

describe('syslog headers', () => {
  const wanted = ['syslog.time', 'syslog.host', 'syslog.program', 'syslog.message'] as const
  const read = (text: string) => {
    const said = parse(new SyslogFields(wanted, undefined), wanted, text)
    return typeof said === 'string' ? said : wanted.map((name) => said[name])
  }

  it.each([
    ['<134>Nov 21 18:52:00 fw1 app[12]: a b', 'Nov 21 18:52:00', 'fw1', 'app', 'a b'],
    ['Nov  1 18:52:00 10.0.0.1 a=b', 'Nov  1 18:52:00', '10.0.0.1', undefined, 'a=b'],
    [
      '<134>Nov 21 2026 18:52:00 fw1 : %ASA-6-302013: Built',
      'Nov 21 2026 18:52:00',
      'fw1',
      undefined,
      '%ASA-6-302013: Built',
    ],
    [
      '<134>Nov 21 2026 18:52:00: %ASA-6-302013: Built',
      'Nov 21 2026 18:52:00',
      undefined,
      undefined,
      '%ASA-6-302013: Built',
    ],
    ['<134>*Nov 21 18:52:00.123 UTC: %SYS-5: x', '*Nov 21 18:52:00.123 UTC', undefined, undefined, '%SYS-5: x'],
    ['<134>2026 Nov 21 18:52:00 fw1 a', '2026 Nov 21 18:52:00', 'fw1', undefined, 'a'],
    ['<134>2026-11-21T18:52:00.5+01:00 fw1 app: a', '2026-11-21T18:52:00.5+01:00', 'fw1', 'app', 'a'],
    ['2026-11-21T18:52:00Z fw1 app: a', '2026-11-21T18:52:00Z', 'fw1', 'app', 'a'],
    ['<134>2026-11-21 18:52:00 fw1 a', '2026-11-21 18:52:00', 'fw1', undefined, 'a'],
    ['<134>1 2026-11-21T18:52:00Z fw1 app 12 ID [x a="b"] \ufeffa b', '2026-11-21T18:52:00Z', 'fw1', 'app', 'a b'],
    ['<134>1 - - - - - - a', undefined, undefined, undefined, 'a'],
    ['<134>1 1795287120.123 mx1 urls src=10.0.0.5:1', '1795287120.123', 'mx1', undefined, 'urls src=10.0.0.5:1'],
    ['<134>date=2026-11-21 time=1', undefined, undefined, undefined, 'date=2026-11-21 time=1'],
    ['<13>Nov 21 18:52:01 relay <134>Nov 21 18:52:00 fw1 app: a', 'Nov 21 18:52:00', 'fw1', 'app', 'a'],
    ['<134>:Nov 21 18:52:00 PST: %ASA-6: x', 'Nov 21 18:52:00 PST', undefined, undefined, '%ASA-6: x'],
    ['<134>: 2026 Nov 21 18:52:00 UTC fw1 : %F', '2026 Nov 21 18:52:00 UTC', 'fw1', undefined, '%F'],
    ['<134>Nov 21 18:52:00 lab a', 'Nov 21 18:52:00', 'lab', undefined, 'a'],
    ['Sat Nov 21 18:52:00 2026 daemon.info app[1]: a', 'Sat Nov 21 18:52:00 2026', 'daemon.info', 'app', 'a'],
    ['<30>Nov 21 18:52:00 fw1 10.0.0.1 app[1]: a', 'Nov 21 18:52:00', 'fw1', 'app', 'a'],
    ['<30>Nov 21 18:52:00 fw1 10.0.0.1 a', 'Nov 21 18:52:00', 'fw1', undefined, '10.0.0.1 a'],
    ['1 2026-11-21T18:52:00Z fw1 app - - - a', '2026-11-21T18:52:00Z', 'fw1', 'app', 'a'],
    ['Nov 21 18:52:01 relay 1 2026-11-21T18:52:00Z fw1 app - - - a', '2026-11-21T18:52:00Z', 'fw1', 'app', 'a'],
    ['Nov 21 18:52:00 {"a":1}', 'Nov 21 18:52:00', undefined, undefined, '{"a":1}'],
    ['Nov 21 18:52:00 CEF:0|v|p|1|2|n|3|a=b', 'Nov 21 18:52:00', undefined, undefined, 'CEF:0|v|p|1|2|n|3|a=b'],
    ['Nov 21 18:52:00 fw1 1,2026/11/21 18:52:00,x', 'Nov 21 18:52:00', 'fw1', undefined, '1,2026/11/21 18:52:00,x'],
    ['2026-11-21 18:52:00 10.0.0.5 GET', undefined, undefined, undefined, '2026-11-21 18:52:00 10.0.0.5 GET'],
    ['Nov 21 18:52:00 dnsmasq[1]: query', 'Nov 21 18:52:00', undefined, 'dnsmasq', 'query'],
    ['a message alone', undefined, undefined, undefined, 'a message alone'],
  ])('of %j', (text, ...expected) => {
    expect(read(text)).toEqual(expected)
  })

  it.each([
    ['<134>Nov 21 18:52:00 fw1 filterlog[12]: a', false],
    ['<134>Nov 21 18:52:00 filterlog: a', false],
    ['<134>1 2026-11-21T18:52:00Z fw1 filterlog 1 - - a', false],
    ['<13>Nov 21 18:52:01 relay sshd: <134>Nov 21 18:52:00 fw1 filterlog: a', false],
    ['<134>Nov 21 18:52:00 fw1 a b', false],
    ['<134>1 2026-11-21T18:52:00Z fw1 - 1 - - a', false],
    ['a b', false],
    ['<134>Nov 21 18:52:00 fw1 sshd[12]: a', true],
    ['<134>Nov 21 18:52:00 fw1 filterlogs: a', true],
    ['<134>1 2026-11-21T18:52:00Z fw1 sshd 1 - - a', true],
    ['<13>Nov 21 18:52:01 relay filterlog: <134>Nov 21 18:52:00 fw1 sshd: a', true],
  ])('say whether another program wrote it than what was read before: %j', (text, expected) => {
    const parser = new SyslogFields(['syslog.message'], undefined, new Programs())
    parse(parser, ['syslog.message'], '<134>Nov 21 18:52:00 fw1 filterlog[12]: read')
    parser.remember()
    parse(parser, ['syslog.message'], '<134>Nov 21 18:52:00 fw1 cron[12]: not read')
    parse(parser, ['syslog.message'], text)
    expect(parser.isOfAnother).toBe(expected)
  })

  it('hold data by parameter, with its section or without', () => {
    const names = ['sd.a', 'sd.x@1.b', 'sd.y.a', 'syslog.id', 'c']
    const text = '<13>1 2026-11-21T18:52:00Z h p - RT_FLOW [x@1 a="1 \\"2\\" \\]" b="3"][y a="4"] c=5'
    expect(parse(new SyslogFields(names, new KeyValueFields(names)), names, text)).toEqual({
      'sd.a': '4',
      'sd.x@1.b': '3',
      'sd.y.a': '4',
      'syslog.id': 'RT_FLOW',
      c: '5',
    })
  })

  it('end on any bytes', () => {
    const piece = fc.constantFrom(
      '<13>',
      '1 ',
      'Nov 21 18:52:00',
      '2026-11-21T18:52:00Z',
      ' ',
      '[',
      ']',
      ': ',
      'a',
      '="',
      '=',
      '"',
      '\\',
      '- ',
      '%',
      '2026',
    )
    const names = [...wanted, 'sd.a', 'a']
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const said = parse(new SyslogFields(names, new KeyValueFields(names)), names, pieces.join(''))
        expect(['object', 'string']).toContain(typeof said)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('what stands where structured data would', () => {
  const names = ['syslog.message', 'sd.a']
  it.each([
    ['[action:"Accept"; __tag:"product=X[db={A}\\]"; src:"10.0.0.1"]'],
    ['[x@1 a=5] rest'],
    ['[x@1 a] rest'],
    ['[a="5"] rest'],
  ])('%s is left to the message', (text) => {
    const line = `<134>1 2026-02-25T08:14:51Z gw app 1 - ${text}`
    expect(parse(new SyslogFields(names, undefined), names, line)).toEqual({ 'syslog.message': text })
  })
})

describe('messages in words', () => {
  const wanted = ['name', 'client', 'text.kind']
  const parser = () =>
    new TextFields(wanted, {
      templates: { query: ['query[{}] {name} from {client}', 'asked for {name}'], end: 'closed {name} ({})' },
    })
  it.each([
    ['query[A] example.org from 10.0.0.5', { name: 'example.org', client: '10.0.0.5', 'text.kind': 'query' }],
    [' asked for example.org', { name: 'example.org', 'text.kind': 'query' }],
    ['closed x (1) and more', { name: 'x', 'text.kind': 'end' }],
    ['query[A] example.org', 'skip'],
    ['query[A] example.org from ', 'skip'],
    ['something else', 'skip'],
    ['', 'skip'],
  ])('are read from %j', (text, expected) => {
    expect(parse(parser(), wanted, text)).toEqual(expected)
  })
})
