import { expect, test } from 'vitest'
import { z } from 'zod'
import { harmless } from '../../../src/base/text.ts'
import type { ReviewState } from '../../../src/model/review.ts'
import { ocsfEvent } from '../../../src/report/exports/ocsf.ts'
import { fc } from '../../property.ts'
import { DAY } from '../../store/made.ts'
import { evidence, full, hostileFinding, objects, written } from './made.ts'

test.each(['ndjson', 'ecs', 'ocsf', 'stix'])(
  '%s stays JSON, and harmless, whatever stands in a finding',
  async (name) => {
    await fc.assert(
      fc.asyncProperty(hostileFinding, async (made) => {
        const text = await written(name, [made, made])
        expect(harmless(text.replaceAll('\n', ''))).toBe(text.replaceAll('\n', ''))
        if (name === 'stix') JSON.parse(text)
        else for (const line of text.trimEnd().split('\n')) JSON.parse(line)
      }),
    )
  },
)

test('ndjson gives findings back as they are', async () => {
  expect(await objects('ndjson', [full()])).toEqual([JSON.parse(JSON.stringify(full()))])
})

/** Fields of ECS 8.17, https://www.elastic.co/docs/reference/ecs, with what they hold. */
const ECS_FIELDS: Readonly<Record<string, string>> = {
  '@timestamp': 'string',
  'ecs.version': 'string',
  message: 'string',
  'event.kind': 'string',
  'event.category': 'array',
  'event.type': 'array',
  'event.module': 'string',
  'event.dataset': 'string',
  'event.id': 'string',
  'event.action': 'string',
  'event.severity': 'number',
  'event.start': 'string',
  'event.end': 'string',
  'event.duration': 'number',
  'event.reason': 'string',
  'rule.name': 'string',
  'rule.category': 'string',
  'rule.ruleset': 'string',
  'client.address': 'string',
  'network.application': 'string',
  'network.name': 'string',
  'related.hosts': 'array',
  'observer.vendor': 'string',
  'observer.product': 'string',
  'observer.type': 'string',
  'observer.version': 'string',
}

test('ecs has fields of ECS with values of their types, and everything else under its own name', async () => {
  const [document] = await objects('ecs', [full()])
  const flat = Object.entries(document!).flatMap(([group, value]) =>
    typeof value === 'object' ? Object.entries(value).map(([key, v]) => [`${group}.${key}`, v]) : [[group, value]],
  ) as [string, unknown][]
  const own = flat.filter(([key]) => !key.startsWith('offchannel.'))
  expect(Object.fromEntries(own.map(([key, v]) => [key, Array.isArray(v) ? 'array' : typeof v]))).toEqual(ECS_FIELDS)
  expect(document).toMatchObject({
    '@timestamp': '2026-11-21T00:01:30.000123Z',
    // https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-kind and the pages beside it
    event: {
      kind: 'alert',
      category: ['network'],
      type: ['connection', 'info'],
      severity: 3,
      duration: 90_000_123_000,
    },
    related: { hosts: ['chat.palaver.example', 'palaver.example', 'w-*.palaver.example'] },
    client: { address: 'address-k3f0ga2c' },
  })
})

test('ecs calls what was blocked denied', async () => {
  const made = full()
  const [document] = await objects('ecs', [full({ verdicts: [{ ...made.verdicts[0]!, blocked: true }] })])
  expect(document).toMatchObject({ event: { type: ['connection', 'denied'] } })
})

/** Types of OCSF: milliseconds (`timestamp_t`), texts, and `json_t` for whatever it may be. */
const [TIME, TEXT, ANY] = [z.int().min(1e12).max(1e13), z.string().min(1), z.record(z.string(), z.json())]
/** Of a number and the caption that goes with it. */
const oneOf = (...values: number[]) => z.literal(values)
const HOST = z.string().regex(/^(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$/i)

/**
 * A Detection Finding of OCSF 1.5, https://schema.ocsf.io/1.5.0/classes/detection_finding, and its objects: attributes that
 * it requires, those that offchannel gives as well, with their types and the ids that are defined; no others.
 */
const DETECTION_FINDING = z.strictObject({
  activity_id: oneOf(0, 1, 2, 3, 99),
  activity_name: TEXT,
  category_uid: oneOf(2),
  category_name: z.literal('Findings'),
  class_uid: oneOf(2004),
  class_name: z.literal('Detection Finding'),
  type_uid: oneOf(200_400, 200_401, 200_402, 200_403, 200_499),
  time: TIME,
  start_time: TIME,
  end_time: TIME,
  severity_id: oneOf(0, 1, 2, 3, 4, 5, 6, 99),
  severity: TEXT,
  status_id: oneOf(0, 1, 2, 3, 4, 5, 6, 99),
  status: TEXT,
  confidence_id: oneOf(0, 1, 2, 3, 99),
  confidence: TEXT,
  message: TEXT,
  metadata: z.strictObject({
    uid: TEXT.optional(),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    product: z.strictObject({ name: TEXT, vendor_name: TEXT, version: TEXT }),
  }),
  finding_info: z.strictObject({
    uid: TEXT,
    title: TEXT,
    desc: TEXT,
    types: z.array(TEXT),
    first_seen_time: TIME,
    last_seen_time: TIME,
    analytic: z.strictObject({ type_id: oneOf(0, 1, 2, 3, 4, 99), type: TEXT, name: TEXT, uid: TEXT }),
  }),
  resources: z.array(z.strictObject({ name: TEXT, type: TEXT })),
  evidences: z.array(
    z.strictObject({
      src_endpoint: z.strictObject({ name: TEXT }),
      dst_endpoint: z.strictObject({ hostname: HOST }).optional(),
      data: ANY,
    }),
  ),
  unmapped: ANY,
})

test('ocsf has no attribute that its class does not have, and each of its type, also of messages and odd names', async () => {
  const odd = full({
    verdicts: full().verdicts.map((one) => ({
      ...one,
      evidence: [evidence({ indicator: 'palaver exact _xmpp.palaver.example' })],
    })),
  })
  const reviews = (['acknowledged', 'suppressed', 'closed'] as const).map((value) =>
    full({ review: { value, rule: 'made', reason: 'Made for a test.' } }),
  )
  const events = (await objects('ocsf', [full(), full({ revision: 1 }), odd, ...reviews])) as object[]
  const told = (['found', 'changed', 'gone', 'suppressed'] as const).map((event) =>
    JSON.parse(JSON.stringify(ocsfEvent(full(), '0.0.0', { key: 'm-1', event }))),
  )
  for (const event of [...events, ...told]) {
    const made = DETECTION_FINDING.parse(event)
    expect(made.type_uid).toBe(made.class_uid * 100 + made.activity_id)
  }
})

test('ocsf has what a Detection Finding requires, and ids that go with their captions', async () => {
  const [event] = await objects('ocsf', [full()])
  // https://schema.ocsf.io/1.5.0/classes/detection_finding: the required attributes, and those of their objects
  expect(event).toMatchObject({
    class_uid: 2004,
    category_uid: 2,
    activity_id: 2,
    activity_name: 'Update',
    type_uid: 200402,
    time: Date.UTC(2026, 10, 21, 0, 1, 30),
    severity_id: 4,
    severity: 'High',
    status_id: 1,
    status: 'New',
    confidence_id: 3,
    metadata: { version: '1.5.0', product: { name: 'offchannel', vendor_name: 'offchannel' } },
    finding_info: {
      uid: full().id,
      title: expect.stringContaining('Palaver by address-k3f0ga2c'),
      types: ['messaging'],
    },
    resources: [{ name: 'address-k3f0ga2c' }],
  })
  const { evidences, unmapped } = event as unknown as { evidences: object[]; unmapped: { verdicts: object[] } }
  expect(evidences).toHaveLength(8)
  expect(evidences[0]).toMatchObject({ dst_endpoint: { hostname: 'chat.palaver.example' } })
  expect(evidences[5]).not.toHaveProperty('dst_endpoint')
  expect(unmapped.verdicts).toHaveLength(2)
})

test.each([
  ['acknowledged', 2, 2],
  ['suppressed', 3, 2],
  ['closed', 4, 3],
] satisfies [ReviewState, number, number][])('ocsf tells that a finding is %s', async (value, status, activity) => {
  const [event] = await objects('ocsf', [full({ review: { value, rule: 'made', reason: 'Made for a test.' } })])
  expect(event).toMatchObject({ status_id: status, activity_id: activity, type_uid: 200_400 + activity })
})

const STATED = {
  statements: [
    {
      seq: 3,
      finding: full().id,
      at: DAY * 86_400_000_000,
      author: 'alice',
      text: 'It was a loan\nof a week',
      revision: 1,
    },
    { seq: 5, finding: full().id, at: DAY * 86_400_000_000 + 1, author: 'bob', text: 'Not mine', revision: 2 },
  ],
}

test('what was said of a finding stands in every document of it in ecs, and in its event in ocsf', async () => {
  const told = [
    { time: '2026-11-21T00:00:00.000000Z', author: 'alice', revision: 1, text: 'It was a loan\nof a week' },
    { time: '2026-11-21T00:00:00.000001Z', author: 'bob', revision: 2, text: 'Not mine' },
  ]
  for (const document of await objects('ecs', [full(STATED)])) {
    expect(document).toMatchObject({ offchannel: { statements: told } })
  }
  const [event] = await objects('ocsf', [full(STATED)])
  expect(event).toMatchObject({
    comment:
      '2026-11-21 00:00 UTC  alice states of revision 1:\n  > It was a loan\n  > of a week\n2026-11-21 00:00 UTC  bob states of revision 2:\n  > Not mine',
    unmapped: { statements: told },
  })
})
