import { describe, expect, test } from 'vitest'
import type { LogSample } from '../../../../src/model/reader.ts'
import type { Layout } from '../../../../src/read/log/mapping/mapping.ts'
import { mayHold } from '../../../../src/read/log/mapping/prefilter.ts'

const records = [{ time: { from: 't', as: 'unix' } }]
const layout = (rest: Omit<Layout, 'records'>): Layout => ({ ...rest, records })

const JSON_LAYOUT = layout({
  fields: 'json',
  detect: [{ has: ['a.SourceIP', 'b.0.Name'] }, { is: { Kind: { not: 'x' } } }],
})
const PAIRS = layout({ fields: 'key-value', detect: [{ has: ['srcip', 'syslog.program'], is: { type: 'traffic' } }] })
const CEF = layout({ fields: 'cef', detect: [{ has: ['src'] }] })
const TEXT = layout({
  fields: { kind: 'text', templates: { query: 'query[{type}] {name} from {client}' } },
  detect: [{ is: { 'text.kind': 'query' } }],
})
const HEADED = layout({ fields: { kind: 'csv', header: true }, detect: [{ has: ['Client IP', 'Host'] }] })
const ROWS = layout({ fields: { kind: 'csv', header: ['a', 'b'] }, detect: [{ has: ['a'] }] })

function sample(text: string): LogSample {
  return { bytes: Buffer.from(text), lines: text.split('\n') }
}

describe('a sample may hold records of a layout', () => {
  test.each([
    ['whose fields it names', '{"a":{"SourceIP":1},"b":[{"Name":2}]}', JSON_LAYOUT],
    ['whose condition holds without the field', '{}', JSON_LAYOUT],
    ['whose pairs it has, in whatever letters', 'SRCIP=1 TYPE=traffic', PAIRS],
    ['of CEF', 'CEF:0|a|b|1|2|3|4|src=1', CEF],
    ['of CEF whose beginning a relay took away', '0|a|b|1|2|3|4|src=1', CEF],
    ['whose sentence it holds', 'query[A] example.org from 10.0.0.5', TEXT],
    ['whose columns it names', 'host,client ip\n1,2', HEADED],
    ['whose columns have no names in it', '1,2', ROWS],
  ])('%s', (_, text, one) => {
    expect(mayHold(sample(text), [one])).toBe(true)
  })

  test.each([
    ['that lacks a field', 'srcip=1', PAIRS],
    ['without a bar', 'src=1', CEF],
    ['that holds a part of the sentence', 'query[A] example.org', TEXT],
    ['without the name of a column', 'host,server ip\n1,2', HEADED],
    ['of another form', '1778572800.000 9 10.0.0.5 TCP_MISS/200 404 GET http://example.org/ - NONE/- -', PAIRS],
  ])('but not one %s', (_, text, one) => {
    expect(mayHold(sample(text), [one])).toBe(false)
  })

  test('of one of several layouts', () => {
    expect(mayHold(sample('0|a|b|src=1'), [PAIRS, TEXT, CEF])).toBe(true)
    expect(mayHold(sample('0-a-b-src=1'), [PAIRS, TEXT, CEF])).toBe(false)
  })
})
