import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { formatAddress } from '../../src/base/address.ts'
import { OffchannelError } from '../../src/base/errors.ts'
import { checkApps, checkPolicy, loadPolicy, parsePolicy } from '../../src/judge/load.ts'
import { mistakeText } from '../../src/judge/mistakes.ts'
import { policySchema } from '../../src/judge/schema.ts'
import { fc } from '../property.ts'

const SMALL = `organisation: Department of Examples
in-force: 2026-03-01
timezone: Europe/Paris
networks: []
rules: []
`

const FULL = `organisation: Department of Examples
in-force: 2026-03-01T08:00
timezone: Europe/Paris
sites:
  - { id: hq, name: Headquarters }
networks:
  - name: vpn-clients
    kind: vpn-pool
    scope: managed
    site: hq
    cidrs: [10.8.0.0/16, "fd00:8::/48"]
  - { name: home, kind: home, scope: mixed, cidrs: [192.168.0.0/16] }
gateways:
  - name: vpn-1
    addresses: [203.0.113.10, 203.0.113.64/28]
exclusions:
  networks: [10.1.99.0/24]
  users: ['EXAMPLE\\Counsel']
inputs:
  - { match: '**/laptop-*.pcap', vantage: device, site: hq }
rules:
  - name: consumer-messaging
    ruling: prohibited
    categories: [messaging]
    reason: Circular 12/2026
  - { name: meetings, ruling: permitted, apps: [assembly], split-tunnel: true }
`

/** What comes after the rules, in a text of its own so that the lines of the first stay. */
const TIMED = `${FULL}groups:
  - { name: press, users: ['EXAMPLE\\Alice'], devices: [laptop-7], directorates: [Press office] }
versions:
  - name: Circular 30/2026
    in-force: 2026-09-01
    rules:
      - { name: rota, ruling: permitted, categories: [messaging], groups: [press], networks: [home], routes: [no-tunnel],
          from: 2026-09-07, until: 2026-12-31, weekly: [sat 18:00-mon 06:00] }
exemptions:
  - { name: trial, apps: [palaver], groups: [press], from: 2026-03-02, until: 2026-03-31T12:00, split-tunnel: true,
      approver: The board, reason: A trial, reference: Minutes 3 }
severity:
  - { name: prohibited, rulings: [prohibited], bypass: true, blocked: false, activities: [call], grades: [confirmed],
      severity: high, reason: By the board }
  - { name: rest, severity: none }
`

const mistakes = (text: string) => checkPolicy(text, 'p.yaml').mistakes.map((mistake) => mistakeText('p.yaml', mistake))

/** The full policy with one piece of its text replaced. */
const but = (piece: string, by: string) => {
  expect(FULL).toContain(piece)
  return FULL.replace(piece, by)
}

/** The same of the policy with all that has a time. */
const timedBut = (piece: string, by: string) => {
  expect(TIMED).toContain(piece)
  return TIMED.replace(piece, by)
}

/** What the rules of contradictions.yaml name. */
const PLACES = `networks:
  - { name: office, kind: office, scope: managed, cidrs: [10.1.0.0/16] }
  - { name: home, kind: home, scope: managed, cidrs: [192.168.0.0/16] }
groups:
  - { name: press, users: [alice, bob] }
  - { name: board, users: [bob] }
  - { name: drivers, users: [carol], devices: [alice] }`

/** What narrows no rule. */
const WIDE = { networks: [], groups: [], routes: [], weekly: [], fromText: '', untilText: '', version: '' }

describe('a policy', () => {
  test('is read with every key', () => {
    const policy = parsePolicy(TIMED, 'p.yaml')
    const from = Date.UTC(2026, 2, 1, 7) * 1000
    const until = Date.UTC(2026, 7, 31, 22) * 1000
    const first = { ...WIDE, from, until, version: 'the first version, in force from 2026-03-01T08:00' }
    const shown = (cidrs: readonly { words: Uint32Array; length: number }[]) =>
      cidrs.map(({ words, length }) => `${formatAddress(words, 0)} ${length}`)
    expect({
      ...policy,
      networks: policy.networks.map((network) => ({ ...network, cidrs: shown(network.cidrs) })),
      gateways: policy.gateways.map((gateway) => ({ ...gateway, cidrs: shown(gateway.cidrs) })),
      exclusions: { ...policy.exclusions, cidrs: shown(policy.exclusions.cidrs) },
    }).toEqual({
      organisation: 'Department of Examples',
      inForce: Date.UTC(2026, 2, 1, 7) * 1000,
      inForceText: '2026-03-01T08:00',
      timezone: 'Europe/Paris',
      sites: [{ id: 'hq', name: 'Headquarters' }],
      networks: [
        { name: 'vpn-clients', kind: 'vpn-pool', scope: 'managed', site: 'hq', cidrs: ['10.8.0.0 112', 'fd00:8:: 48'] },
        { name: 'home', kind: 'home', scope: 'mixed', site: '', cidrs: ['192.168.0.0 112'] },
      ],
      gateways: [{ name: 'vpn-1', cidrs: ['203.0.113.10 128', '203.0.113.64 124'], names: [] }],
      exclusions: { cidrs: ['10.1.99.0 120'], users: ['counsel@example'] },
      inputs: [{ match: '**/laptop-*.pcap', vantage: 'device', site: 'hq', gateway: '' }],
      rules: [
        {
          name: 'consumer-messaging',
          ruling: 'prohibited',
          apps: [],
          categories: ['messaging'],
          splitTunnel: false,
          reason: 'Circular 12/2026',
          ...first,
        },
        {
          name: 'meetings',
          ruling: 'permitted',
          apps: ['assembly'],
          categories: [],
          splitTunnel: true,
          reason: '',
          ...first,
        },
        {
          name: 'rota',
          ruling: 'permitted',
          apps: [],
          categories: ['messaging'],
          groups: ['press'],
          networks: ['home'],
          routes: ['no-tunnel'],
          from: Date.UTC(2026, 8, 6, 22) * 1000,
          until: Date.UTC(2026, 11, 31, 23) * 1000,
          fromText: '2026-09-07',
          untilText: '2026-12-31',
          weekly: [{ from: 5 * 1440 + 18 * 60, until: 6 * 60, text: 'sat 18:00-mon 06:00' }],
          splitTunnel: false,
          reason: '',
          version: 'version "Circular 30/2026", in force from 2026-09-01',
        },
      ],
      groups: [
        {
          name: 'press',
          users: ['alice@example'],
          devices: ['laptop-7'],
          directorates: ['Press office'],
          members: new Set(),
        },
      ],
      exemptions: [
        {
          ...WIDE,
          version: undefined,
          name: 'trial',
          apps: ['palaver'],
          categories: [],
          groups: ['press'],
          from: Date.UTC(2026, 2, 1, 23) * 1000,
          until: Date.UTC(2026, 2, 31, 10) * 1000,
          fromText: '2026-03-02',
          untilText: '2026-03-31T12:00',
          splitTunnel: true,
          approver: 'The board',
          reason: 'A trial',
          reference: 'Minutes 3',
        },
      ],
      severity: [
        {
          name: 'prohibited',
          severity: 'high',
          rulings: ['prohibited'],
          activities: ['call'],
          grades: ['confirmed'],
          bypass: true,
          blocked: false,
          reason: 'By the board',
        },
        {
          name: 'rest',
          severity: 'none',
          rulings: [],
          activities: [],
          grades: [],
          bypass: undefined,
          blocked: undefined,
          reason: '',
        },
      ],
      clockTolerance: 120_000_000,
      registers: [],
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      file: 'p.yaml',
    })
  })

  test('needs no optional section, and has another hash for every change of its text', () => {
    const policy = parsePolicy(SMALL, '')
    expect(policy).toMatchObject({ sites: [], gateways: [], inputs: [], exclusions: { cidrs: [], users: [] } })
    expect(parsePolicy(`${SMALL}\n`, '').hash).not.toBe(policy.hash)
    expect(parsePolicy(SMALL, 'elsewhere').hash).toBe(policy.hash)
  })

  test('may begin with a byte order mark, end its lines with CR LF and repeat a list by an alias', () => {
    expect(parsePolicy(`\ufeff${SMALL.replaceAll('\n', '\r\n')}`, '').organisation).toBe('Department of Examples')
    const aliased = FULL.replace('[203.0.113.10, 203.0.113.64/28]', '&a [203.0.113.10]').replace('[10.1.99.0/24]', '*a')
    expect(parsePolicy(aliased, '').exclusions.cidrs).toHaveLength(1)
  })
})

describe('a mistake in a policy', () => {
  test.each([
    ['organisation: Department of Examples\n', '', 'p.yaml:1: organisation: is missing: it is required'],
    ['Department of Examples', '12', 'p.yaml:1: organisation: must be text: put it in quotes'],
    ['Department of Examples', '" padded"', 'p.yaml:1: organisation: has characters that cannot be shown, or space'],
    ['Department of Examples', '"a\\u202eb"', 'p.yaml:1: organisation: has characters that cannot be shown'],
    ['Department of Examples', 'x'.repeat(201), 'p.yaml:1: organisation: is longer than 200 characters: shorten it'],
    ['2026-03-01T08:00', '2026-03-29T02:30', 'p.yaml:2: in-force: "2026-03-29T02:30" does not exist in Europe/Paris'],
    ['2026-03-01T08:00', 'soon', 'p.yaml:2: in-force: "soon" is not a date: write 2026-03-01'],
    [
      'Europe/Paris',
      'Europe/Pari',
      'p.yaml:3: timezone: "Europe/Pari" is not a time zone: write one like Europe/Paris',
    ],
    ['kind: vpn-pool', 'kind: pool', 'p.yaml:8: networks[0].kind: "pool" is not one of vpn-pool, vpn-egress, peri'],
    ['kind: vpn-pool', 'kind: vpnpool', '; did you mean "vpn-pool"?'],
    ['scope: managed', 'scope: guests', '"guests" is not one of managed, mixed, visitor'],
    ['    scope: managed\n', '', 'p.yaml:7: networks[0].scope: is missing: write one of managed, mixed, visitor'],
    ['vantage: device', 'vantage: devices', 'p.yaml:20: inputs[0].vantage: "devices" is not one of vpn-egress, peri'],
    ['10.8.0.0/16', '10.8.0.0/33', 'p.yaml:11: networks[0].cidrs[0]: "10.8.0.0/33" is not a network: write one like'],
    ['[192.168.0.0/16]', '[]', 'p.yaml:12: networks[1].cidrs: is empty: write at least one'],
    ['[192.168.0.0/16]', '192.168.0.0/16', 'p.yaml:12: networks[1].cidrs: must be a list: write [ … ]'],
    ['[203.0.113.10, 203.0.113.64/28]', '', 'p.yaml:15: gateways[0].addresses: has no value: write one, or remove'],
    ["'EXAMPLE\\Counsel'", "'-'", 'p.yaml:18: exclusions.users[0]: "-" is how logs write nobody: name a user'],
    ["'EXAMPLE\\Counsel'", '"EXAMPLE\\Counsel"', 'p.yaml:18: not valid YAML: Invalid escape sequence \\C'],
    ['gateways:', 'gateway:', 'p.yaml:13: gateway: is not a key of a policy; did you mean "gateways"?'],
    [
      'split-tunnel: true',
      'splitTunnel: true',
      'p.yaml:26: rules[1].splitTunnel: is not a key of rules[1]; did you mean',
    ],
    ['site: hq\n', 'site: hk\n', 'p.yaml:10: networks[0].site: "hk" is not the id of a site'],
    ['device, site: hq', 'device, site: annexe', 'p.yaml:20: inputs[0].site: "annexe" is not the id of a site: add it'],
    [
      '- { id: hq,',
      '- { id: hq, name: A }\n  - { id: hq,',
      'p.yaml:6: sites[1].id: "hq" is taken by sites[0].id (line 5)',
    ],
    [
      'name: home',
      'name: vpn-clients',
      'p.yaml:12: networks[1].name: "vpn-clients" is taken by networks[0].name (line 7)',
    ],
    ['name: meetings', 'name: consumer-messaging', 'rules[1].name: "consumer-messaging" is taken by rules[0].name'],
    ['192.168.0.0/16', '10.8.0.0/16', 'networks[1].cidrs[0]: is the same network as networks[0].cidrs[0] (line 11)'],
    [
      '203.0.113.10,',
      '10.8.0.1,',
      "gateways[0].addresses[0]: overlaps the VPN's pool in networks[0].cidrs[0] (line 11)",
    ],
    [', apps: [assembly]', '', 'p.yaml:26: rules[1]: names nothing: write apps or categories'],
    ['ruling: permitted', 'ruling: prohibited', 'rules[1].split-tunnel: goes only with ruling: permitted: remove one'],
    [
      'apps: [assembly]',
      'categories: [messaging]',
      '"messaging" is ruled otherwise by rules[0].categories[0] (line 24)',
    ],
    ['[messaging]', '[messages]', 'rules[0].categories[0]: "messages" is not one of messaging, conferencing'],
    ['[messaging]', '[government-vpn]', 'rules[0].categories[0]: "government-vpn" is not one of messaging'],
    ['timezone:', 'timezone: UTC\ntimezone:', 'p.yaml:4: this key stands twice in its mapping: keep one of the two'],
    ['rules:', '---\nrules:', 'p.yaml:21: a second document begins: keep one policy a file'],
    ['Department of Examples', '!secret x', 'p.yaml:1: not valid YAML: Unresolved tag: !secret'],
    ['[assembly]', '*nowhere', 'not valid YAML: Unresolved alias'],
  ])('%j as %j is told: %s', (piece, by, message) => {
    expect(mistakes(but(piece, by)).join('\n')).toContain(message)
  })

  test.each([
    [
      'groups: [press], networks',
      'groups: [pres], networks',
      '"pres" is not the name of a group; did you mean "press"?',
    ],
    [
      'networks: [home]',
      'networks: [annexe]',
      'versions[0].rules[0].networks[0]: "annexe" is not the name of a network: add it',
    ],
    [
      'routes: [no-tunnel]',
      'routes: [permitted-split]',
      '"permitted-split" is not one of government, split-tunnel, no-t',
    ],
    [
      'from: 2026-09-07',
      'from: 2026-08-31',
      'rules[0].from: is before its rules are in force: leave it out, or put in-f',
    ],
    [
      'until: 2026-12-31',
      'until: 2026-09-06',
      'rules[0].until: is before its from: write the last day, or a later time',
    ],
    ['until: 2026-12-31', 'until: 2026-02-30', 'rules[0].until: "2026-02-30" is not in the calendar: check its month'],
    [
      'until: 2026-12-31',
      'until: 2026-10-25T02:30',
      'rules[0].until: "2026-10-25T02:30" happens twice in Europe/Paris',
    ],
    ['in-force: 2026-09-01', 'in-force: 2026-02-01', 'versions[0].in-force: is not after 2026-03-01T08:00, from which'],
    [
      'in-force: 2026-09-01',
      'in-force: September',
      'versions[0].in-force: "September" is not a date: write 2026-03-01',
    ],
    [
      'sat 18:00-mon 06:00',
      'saturday',
      'weekly[0]: "saturday" is not a weekly window: write one like sat 18:00-mon 06:00',
    ],
    ['sat 18:00-mon 06:00', 'sat 18:00-mon 06:05', '"sat 18:00-mon 06:05" is not on quarter-hours: write :00, :15,'],
    ['sat 18:00-mon 06:00', 'sun 18:00-06:00', '"sun 18:00-06:00" ends before it begins: name the day on which it'],
    ['sat 18:00-mon 06:00', 'sat 18:00-sat 18:00', '"sat 18:00-sat 18:00" begins when it ends: leave one of them out'],
    ['sat 18:00-mon 06:00', 'sut 18:00-mon 06:00', '"sut 18:00-mon 06:00" names no day of the week: write one like'],
    ['sat 18:00-mon 06:00', 'sat 18:00-mon 25:00', '"sat 18:00-mon 25:00" has a time that no day has: write one like'],
    ['from: 2026-03-02, until', 'until', 'exemptions[0].from: is missing: it is required'],
    ['approver: The board, ', '', 'exemptions[0].approver: is missing: it is required'],
    ['until: 2026-03-31T12:00', 'until: 2026-03-01', 'exemptions[0].until: is before its from: write the last day'],
    ['apps: [palaver], groups', 'groups', 'exemptions[0]: names nothing: write apps or categories'],
    [
      'name: rest',
      'name: prohibited',
      'severity[1].name: "prohibited" is taken by severity[0].name (line 39): choose anot',
    ],
    [
      '  - { name: rest, severity: none }\n',
      '',
      'p.yaml:38: severity: has no row for 203 of the cases, such as prohibited, site-visit, confirmed: end it with a row',
    ],
    [
      '  - { name: rest, severity: none }\n',
      '  - { name: rest, severity: none }\n  - { name: late, severity: low }\n',
      'p.yaml:42: severity[2]: never decides: severity[0] (line 39) and those after it take all that it names',
    ],
  ])('of time, place or severity, %j as %j, is told: %s', (piece, by, message) => {
    expect(mistakes(timedBut(piece, by)).join('\n')).toContain(message)
  })

  const contradictions: { title: string; rules: readonly unknown[]; refused: string[] }[] = parse(
    readFileSync(new URL('contradictions.yaml', import.meta.url), 'utf8'),
  )
  test.each(contradictions)('that is a contradiction is told with both places: $title', ({ rules, refused }) => {
    const lines = rules.map((rule) => `  - ${JSON.stringify(rule)}\n`).join('')
    const rest = SMALL.replace('rules: []\n', '').replace('networks: []', PLACES)
    expect(mistakes(`rules:\n${lines}${rest}`)).toEqual(refused)
  })

  test('of an app in two rules names both places', () => {
    const text = `${SMALL.replace('rules: []\n', '')}rules:
  - { name: a, ruling: prohibited, apps: [palaver] }
  - { name: b, ruling: permitted, apps: [palaver] }
  - { name: c, ruling: prohibited, apps: [palaver] }
`
    expect(mistakes(text)).toEqual([
      'p.yaml:7: rules[1].apps[0]: "palaver" is ruled otherwise by rules[0].apps[0] (line 6): keep it in one rule',
    ])
  })

  test.each([
    ['', 'p.yaml:1: the file is empty: `offchannel policy init` writes a policy to start from'],
    ['# only a comment', 'p.yaml:1: the file is empty: `offchannel policy init` writes a policy to start from'],
    ['- a list', 'p.yaml:1: must be keys with values'],
    ['text', 'p.yaml:1: must be keys with values'],
  ])('in %j, which is no policy at all, is told in one line', (text, message) => {
    expect(mistakes(text)).toEqual([message])
  })

  test('hides no mistake in another section, and lines come in order', () => {
    const text = FULL.replace('Europe/Paris', 'Nowhere')
      .replace('kind: vpn-pool', 'kind: pool')
      .replace('apps: [assembly], ', '')
      .replace('site: hq }', 'site: hk }')
    expect(mistakes(text).map((line) => line.split(': ')[1])).toEqual([
      'timezone',
      'networks[0].kind',
      'inputs[0].site',
      'rules[1]',
    ])
  })

  test('shows nothing that could steer a terminal', () => {
    expect(mistakes(`"\\e[2J": 1\n${SMALL}`)[0]).toContain('\\u{1b}[2J: is not a key')
  })

  test('is thrown with the others as one error, at most twenty of them', () => {
    const rules = Array.from({ length: 25 }, (_, i) => `  - { name: r${i}, ruling: prohibited }`).join('\n')
    const text = SMALL.replace('rules: []', `rules:\n${rules}`)
    let thrown: unknown
    try {
      parsePolicy(text, 'p.yaml')
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(OffchannelError)
    const { code, message } = thrown as OffchannelError
    const lines = message.split('\n')
    expect(code).toBe('policy_invalid')
    expect(lines).toHaveLength(21)
    expect(lines[0]).toBe('p.yaml:6: rules[0]: names nothing: write apps or categories')
    expect(lines[20]).toBe('and 5 more mistakes: `offchannel policy check` shows all')
  })
})

describe('hostile text', () => {
  test('that nests without end, or multiplies itself by aliases, is refused', () => {
    expect(mistakes('['.repeat(100_000))[0]).toContain('nested too deeply')
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
    for (const [from, to] of ['ab', 'bc', 'cd', 'de']) bomb.push(`${to}: &${to} [${`*${from},`.repeat(9)}]`)
    expect(mistakes(bomb.join('\n'))[0]).toContain('Excessive alias count')
  })

  test('of any kind gives a policy or mistakes, never another error', () => {
    const lines = fc.array(
      fc.constantFrom(...FULL.split('\n'), '<<: *a', '&a', '- -', '{', '__proto__: 1', '? x', '0x1'),
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      lines.map((parts) => parts.join('\n')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const { policy, mistakes: found } = checkPolicy(text, 'p.yaml')
        expect(policy === undefined).toBe(found.length > 0)
      }),
    )
  })
})

describe('a policy file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'offchannel-policy-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const write = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }

  test('is loaded under its own name', () => {
    const file = write('p.yaml', FULL)
    expect(loadPolicy(file)).toEqual(parsePolicy(FULL, file))
  })

  test('that is missing, too large or not UTF-8 is refused', () => {
    expect(() => loadPolicy(join(folder, 'none.yaml'))).toThrow(/none\.yaml: cannot be read \(ENOENT/)
    expect(() => loadPolicy(write('large.yaml', new Uint8Array(2 ** 20 + 1)))).toThrow('is larger than 1 MiB')
    expect(() => loadPolicy(write('16.yaml', Buffer.from(`\ufeff${FULL}`, 'utf16le')))).toThrow('is not UTF-8 text')
  })
})

test('app ids that no signature has are told with the closest that there is', () => {
  const policy = parsePolicy(FULL.replace('[assembly]', '[asembly, palaver, quux]'), '')
  expect(checkApps(policy, ['assembly', 'palaver'])).toEqual([
    'rule "meetings": no signature has the app id "asembly"; did you mean "assembly"?',
    'rule "meetings": no signature has the app id "quux": `offchannel signatures list` shows those there are',
  ])
  expect(checkApps(parsePolicy(TIMED, ''), ['assembly'])).toEqual([
    'exemption "trial": no signature has the app id "palaver": `offchannel signatures list` shows those there are',
  ])
})

test('the schema for editors has every key, says which are required and allows no other', () => {
  const schema = policySchema() as { required: string[]; properties: object; additionalProperties: boolean }
  expect(schema.required).toEqual(['organisation', 'in-force', 'timezone', 'networks', 'rules'])
  expect(Object.keys(schema.properties)).toEqual([
    ...['organisation', 'in-force', 'timezone', 'sites', 'networks', 'gateways', 'exclusions', 'inputs'],
    ...['clock-tolerance', 'registers', 'groups', 'rules', 'versions', 'exemptions', 'severity'],
  ])
  expect(schema.additionalProperties).toBe(false)
})

describe('the documentation of the policy file', () => {
  const page = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8')

  test('has an example that passes the check, and sections that pass it in its place', () => {
    const [example, ...others] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => block!)
    expect(mistakes(example!)).toEqual([])
    expect(others.length).toBeGreaterThan(1)
    for (const other of others) expect(mistakes(stringify({ ...parse(example!), ...parse(other) }))).toEqual([])
  })

  test('lists every key, and says of each whether it is required', () => {
    interface Node {
      readonly properties?: Readonly<Record<string, Node>>
      readonly required?: readonly string[]
      readonly items?: Node
    }
    const keysOf = (node: Node, prefix: string): string[] =>
      Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
        `${prefix}${key}${node.required?.includes(key) ? ' required' : ''}`,
        ...keysOf(child, `${prefix}${key}.`),
        ...keysOf(child.items ?? {}, `${prefix}${key}[].`),
      ])
    const table = page.slice(page.indexOf('## Every key'), page.indexOf('### Networks'))
    const rows = [...table.matchAll(/^\| `([^`]+)` \| (required)? ?\|/gm)]
    const { rules, versions } = (policySchema() as Node).properties!
    expect(versions!.items!.properties!.rules).toMatchObject({ type: 'array', items: rules!.items })
    const keys = keysOf(policySchema(), '').filter((key) => !key.startsWith('versions[].rules[].'))
    expect(rows.map(([, key, required]) => (required ? `${key} required` : key))).toEqual(keys)
  })
})
