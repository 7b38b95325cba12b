import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Tlp } from '../../../src/report/exports/export-format.ts'
import { temporaryFolder } from '../../store/made.ts'
import { CONTEXT, evidence, full, HOSTILE, written } from './made.ts'

// STIX 2.1, https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html: §2.9 identifiers, §2.16 timestamps, §3.2
// common properties, and the section of each type.
const id = (type: string) =>
  z.string().regex(new RegExp(`^${type}--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`))
const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
const version = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const text = z.string().min(1)
const marks = { object_marking_refs: z.array(text).nonempty().optional() }
const observable = { spec_version: z.literal('2.1'), ...marks }
const common = {
  ...observable,
  created: version,
  modified: version,
  created_by_ref: id('identity').optional(),
}
const strict = <N extends string, T extends z.ZodRawShape>(type: N, shape: T) =>
  z.strictObject({ type: z.literal(type), id: id(type), ...shape })
const types = ['anonymization', 'unknown'] as const

const OBJECT = z.union([
  // §4.5, §4.7, §4.8, §4.14
  strict('identity', { ...common, name: text, identity_class: z.literal('system') }),
  strict('indicator', {
    ...common,
    name: text,
    indicator_types: z.array(z.enum(types)),
    pattern: z.string().regex(/^\[(domain-name|ipv4-addr|ipv6-addr):value (=|MATCHES|ISSUBSET) '([^'\\]|\\.)*'\]$/),
    pattern_type: z.literal('stix'),
    pattern_version: z.literal('2.1'),
    valid_from: timestamp,
  }),
  strict('infrastructure', { ...common, name: text, description: text, infrastructure_types: z.array(z.enum(types)) }),
  strict('observed-data', {
    ...common,
    first_observed: timestamp,
    last_observed: timestamp,
    number_observed: z.int().min(1).max(999_999_999),
    object_refs: z.array(z.union([id('user-account'), id('software'), id('domain-name')])).nonempty(),
  }),
  // §4.9
  strict('note', {
    ...common,
    abstract: text,
    content: text,
    authors: z.array(text).nonempty().optional(),
    object_refs: z.array(id('sighting')).nonempty(),
  }),
  // §5.1, §5.2
  strict('relationship', {
    ...common,
    relationship_type: z.literal('indicates'),
    source_ref: id('indicator'),
    target_ref: id('infrastructure'),
  }),
  strict('sighting', {
    ...common,
    description: text,
    labels: z.array(text).nonempty(),
    external_references: z.array(z.strictObject({ source_name: text, external_id: text })).nonempty(),
    first_seen: timestamp,
    last_seen: timestamp,
    count: z.int().min(0).max(999_999_999),
    sighting_of_ref: id('infrastructure'),
    observed_data_refs: z.array(id('observed-data')).nonempty(),
    where_sighted_refs: z.array(id('identity')).nonempty(),
    summary: z.boolean(),
  }),
  // §6.4, §6.14, §6.16
  strict('domain-name', { ...observable, value: text }),
  strict('software', { ...observable, name: text }),
  strict('user-account', { ...observable, user_id: z.string() }),
  // §7.2.1
  z.strictObject({
    type: z.literal('marking-definition'),
    spec_version: z.literal('2.1'),
    id: text,
    created: version,
    name: text,
    definition_type: z.literal('tlp'),
    definition: z.strictObject({ tlp: text }),
  }),
])
const BUNDLE = z.strictObject({ type: z.literal('bundle'), objects: z.array(OBJECT).nonempty(), id: id('bundle') })

type Bundle = z.infer<typeof BUNDLE>

const STATEMENT = { finding: full().id, at: 0, author: 'alice', text: 'It was a loan', revision: 1 }

test('what was said of a finding is a note on its sightings, that of an earlier id as well', async () => {
  const statements = [
    { ...STATEMENT, seq: 3 },
    { ...STATEMENT, seq: 5, finding: 'f-0', author: '', text: 'Not mine' },
  ]
  const { objects } = await bundle([full({ statements }), full({ id: 'f-2' })])
  const notes = objects.filter(({ type }) => type === 'note')
  const sightings = objects.filter((one) => one.type === 'sighting' && JSON.stringify(one).includes(`"${full().id}"`))
  expect(sightings).toHaveLength(2)
  expect(notes).toMatchObject([
    { content: 'It was a loan', authors: ['alice'], object_refs: sightings.map(({ id }) => id) },
    { content: 'Not mine', object_refs: sightings.map(({ id }) => id) },
  ])
  expect(new Set(notes.map(({ id }) => id)).size).toBe(2)
})

async function bundle(findings = [full()], tlp?: Tlp): Promise<Bundle> {
  return BUNDLE.parse(JSON.parse(await written('stix', findings, { ...CONTEXT, tlp })))
}

test('a bundle is as STIX 2.1 asks, each object stands in it once, and what is referred to is in it', async () => {
  const { objects } = await bundle([full(), full({ id: 'f-2', day: 20_780 }), full({ id: 'f-3', client: 'user-2' })])
  const ids = objects.map((object) => object.id)
  expect(new Set(ids).size).toBe(ids.length)
  const refs = objects.flatMap((object) =>
    Object.entries(object).flatMap(([key, value]) => (/_refs?$/.test(key) ? value : [])),
  )
  expect(refs.length).toBeGreaterThan(20)
  for (const ref of refs) expect(ids).toContain(ref)
  const counts = Object.fromEntries([...Map.groupBy(objects, ({ type }) => type)].map(([k, v]) => [k, v.length]))
  expect(counts).toMatchObject({ sighting: 6, 'observed-data': 6, 'user-account': 2, infrastructure: 1, indicator: 5 })
  for (const { created, modified } of objects.filter((one) => one.type === 'sighting')) {
    expect(modified > created).toBe(true)
  }
})

test('indicators are patterns of what a name, a wildcard or a network matches', async () => {
  const { objects } = await bundle()
  expect(objects.flatMap((object) => (object.type === 'indicator' ? object.pattern : []))).toEqual([
    "[domain-name:value = 'chat.palaver.example']",
    "[domain-name:value MATCHES '^(.+\\\\.)?palaver\\\\.example$']",
    "[domain-name:value MATCHES '^w-[^.]+\\\\.palaver\\\\.example$']",
    "[ipv4-addr:value ISSUBSET '198.51.100.0/24']",
    "[ipv6-addr:value ISSUBSET '2001:db8::/32']",
  ])
})

test('a name that is no host name stands in the pattern of its indicator, and is no observable', async () => {
  const names = ['chat.palaver.example', 'xn--palver-kta.example', 'r3---a.palaver.example', '_dns.palaver.example']
  const seen = names.map((name) => evidence({ indicator: `palaver exact ${name}` }))
  const made = full()
  const { objects } = await bundle([{ ...made, verdicts: made.verdicts.map((one) => ({ ...one, evidence: seen })) }])
  expect(objects.flatMap((object) => (object.type === 'domain-name' ? object.value : []))).toEqual(names.slice(0, 2))
  expect(objects.flatMap((object) => (object.type === 'indicator' ? object.pattern : []))).toEqual(
    names.map((name) => `[domain-name:value = '${name}']`),
  )
})

test('the id of an observable is that of STIX 2.1 §2.9: a UUIDv5 over its properties in canonical form', async () => {
  const { objects } = await bundle()
  const [name] = objects.filter((object) => object.type === 'domain-name')
  const space = Buffer.from('00abedb4aa42466c9c01fed23315a9b7', 'hex')
  const hash = createHash('sha1').update(space).update('{"value":"chat.palaver.example"}').digest('hex')
  const [one, two] = [hash.slice(0, 8), hash.slice(8, 12)]
  expect(name!.id.startsWith(`domain-name--${one}-${two}-5${hash.slice(13, 16)}-`)).toBe(true)
})

test.each(['white', 'green', 'amber', 'red'] as const)(
  'every object is marked TLP:%s where that is asked',
  async (tlp) => {
    const { objects } = await bundle([full()], tlp)
    const [marking, ...rest] = objects
    expect(marking).toMatchObject({ definition: { tlp } })
    for (const object of rest) expect(object).toMatchObject({ object_marking_refs: [marking!.id] })
  },
)

test('a bundle of other findings has another id, and that of none is one as well', async () => {
  const ids = [await bundle([full()]), await bundle([full({ revision: 3 })]), await bundle([])].map((one) => one.id)
  expect(new Set(ids).size).toBe(3)
})

test.each(HOSTILE)('%j in a finding leaves the bundle valid', async (hostile) => {
  const made = full({ client: hostile, appName: hostile, network: hostile })
  await bundle([made])
})

// https://github.com/oasis-open/cti-stix-validator: it has the published schemas with it, and checks patterns as well.
test.skipIf(spawnSync('stix2_validator', ['--help']).status !== 0)(
  "OASIS's own validator finds no error in a bundle",
  async () => {
    const file = join(temporaryFolder(), 'bundle.json')
    const findings = [full(), full({ id: 'f-2', day: 20_780 }), ...HOSTILE.map((client) => full({ client }))]
    writeFileSync(file, await written('stix', findings, { ...CONTEXT, tlp: 'amber' }))
    const { status, stdout } = spawnSync('stix2_validator', ['--version', '2.1', file], { encoding: 'utf8' })
    expect([status, stdout]).toEqual([0, expect.not.stringContaining('[X]')])
  },
  60_000,
)
