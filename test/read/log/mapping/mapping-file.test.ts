import { describe, expect, it } from 'vitest'
import { readMappingFile } from '../../../../src/read/log/mapping/mapping-file.ts'
import { fc } from '../../../property.ts'
import { observed } from '../drive.ts'

const GOOD = `name: own-proxy
fields: { kind: csv, header: true, delimiter: ";" }
unset: ["-"]
detect:
  - has: [When, Who, Host]
records:
  - when: { Kind: [web, "tunnel*"] }
    time: { from: When, as: dd/MM/yyyy HH:mm:ss, utc: true }
    client: Address
    user: Who
    name: Host
    bytesUp: Sent
    action: { from: Result, blocked: [no], allowed: ["*"] }
`

describe('a mapping file', () => {
  it('is a format by the same words', async () => {
    const { format, problems } = readMappingFile('own.yaml', GOOD)
    expect(problems).toEqual([])
    expect(format).toMatchObject({
      ...{ name: 'own-proxy', title: 'own-proxy', framing: { kind: 'csv', delimiters: ';' } },
      attributes: { url: false, server: false, user: true, client: true, bytes: true, bytesUp: true, action: true },
    })
    const lines = [
      'When;Kind;Address;Who;Host;Sent;Result',
      '21/11/2026 18:52:00;web;10.0.0.5;alice;g.whatsapp.net;12;no',
      '21/11/2026 18:52:00;dns;10.0.0.5;-;x.org;1;yes',
    ]
    expect(await observed(format!, ...lines)).toEqual([
      {
        ...{ time: '2026-11-21T18:52:00.000000Z', means: 'http-host', name: 'g.whatsapp.net', client: '10.0.0.5' },
        ...{ user: 'alice', action: 'blocked', bytesUp: 12, input: 'sample.log', line: 2 },
      },
    ])
  })

  it('may hold several layouts', () => {
    const layouts = `name: own\nlayouts:\n${GOOD.split('\n')
      .slice(1, -1)
      .map((line, i) => `  ${i === 0 ? '- ' : '  '}${line}`)
      .join('\n')}\n`
    expect(readMappingFile('own.yaml', layouts).problems).toEqual([])
  })

  it.each([
    [
      'name: own-proxy',
      'name: Own Proxy',
      'own.yaml:1: name: is no name of a format: use lower-case words joined by hyphens',
    ],
    [
      '    client: Address',
      '    clint: Address',
      'own.yaml:9: records[0].clint: is no key that stands here: see docs/formats.md',
    ],
    [
      '    time: { from: When, as: dd/MM/yyyy HH:mm:ss, utc: true }',
      '    time: { from: When, as: dd/MM/yyyy }',
      'own.yaml:8: records[0].time.as: is no time: write unix, iso, syslog, httpd or a pattern such as dd/MM/yyyy HH:mm:ss',
    ],
    ['    time: { from: When, as: dd/MM/yyyy HH:mm:ss, utc: true }\n', '', 'own.yaml:7: records[0].time: is missing'],
    [
      'detect:\n  - has: [When, Who, Host]',
      'detect: []',
      'own.yaml:4: detect: is empty: say which fields only this log has',
    ],
    [
      'kind: csv, header: true',
      'kind: csw, header: true',
      'own.yaml:2: fields.kind: is not one of json, key-value, csv, w3c, columns, text',
    ],
    ['unset: ["-"]', 'unset: ["-"', 'own.yaml:'],
  ])('says what is wrong with %j as %j', (good, bad, expected) => {
    const { format, problems } = readMappingFile('own.yaml', GOOD.replace(good, bad))
    expect(format).toBeUndefined()
    expect(problems[0]).toContain(expected)
    for (const problem of problems) expect(problem).not.toContain('\n')
  })

  it('never throws on what it holds', () => {
    const piece = fc.constantFrom(
      'name: x\n',
      'fields: json\n',
      'records:\n',
      '  - time: t\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a ',
      ': ',
      'detect: [{}]\n',
      '"',
      '\n',
      '  ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const { format, problems } = readMappingFile('own.yaml', pieces.join(''))
        expect(format !== undefined || problems.length > 0).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
