import { z } from 'zod'
import { MEANS } from '../../../model/observation.ts'
import { LOOKS, UNITS } from './mapping.ts'
import { timeReader } from './time-pattern.ts'

/** Ways of taking the dots of a path apart double with every step. */
const STEP_LIMIT = 8

const text = z.string().min(1, 'is empty').max(500, 'is longer than 500 characters: shorten it')
const field = text.refine((name) => name.split('.').length <= STEP_LIMIT, `has more than ${STEP_LIMIT} parts`)
const fields = z.union([field, z.array(field).min(1, 'is empty').max(20)])
const texts = z.union([z.string().max(500), z.array(z.string().max(500)).max(500)])
const delimiter = z.string().length(1, 'must be one character')

const source = z.union([
  field,
  z.strictObject({
    from: field,
    after: text.optional(),
    before: text.optional(),
    afterLast: text.optional(),
    beforeLast: text.optional(),
    decode: z.literal('percent').optional(),
  }),
  z.strictObject({ value: text }),
])
const sources = z.union([source, z.array(source).min(1, 'is empty').max(20)])

const condition = z.union([
  texts,
  z.strictObject({ not: texts }),
  z.strictObject({ set: z.boolean() }),
  z.strictObject({ like: z.enum(LOOKS) }),
])
const conditions = z.record(field, condition)

const look = text.refine(
  (as) => as === 'unix' || timeReader(as) !== undefined,
  'is no time: write unix, iso, syslog, httpd or a pattern such as dd/MM/yyyy HH:mm:ss',
)
const time = z
  .strictObject({
    from: fields,
    after: text.optional(),
    before: text.optional(),
    as: look,
    zone: field.optional(),
    utc: z.boolean().optional(),
  })
  .refine(
    ({ from, after, before }) => !Array.isArray(from) || (after ?? before) === undefined,
    'takes a part of one field, not of several',
  )
const times = z.union([time, z.array(time).min(1, 'is empty').max(20)])
const duration = z.strictObject({
  from: field,
  unit: z.enum([...(Object.keys(UNITS) as (keyof typeof UNITS)[]), 'clock', 'words']),
})

const template = text.refine(
  (sentence) => !/\}\{/.test(sentence),
  'has two placeholders side by side: put text between them',
)

const rule = z.union([
  z.enum(['json', 'key-value', 'w3c', 'cef', 'leef', 'windows-event', 'syslog']),
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('json'),
      under: z.array(text).max(STEP_LIMIT).optional(),
      within: text.optional(),
    }),
    z.strictObject({
      kind: z.literal('key-value'),
      separator: delimiter.optional(),
      assign: delimiter.optional(),
      spaces: z.boolean().optional(),
      others: z.literal('skip').optional(),
    }),
    z.strictObject({
      kind: z.literal('csv'),
      header: z.union([z.literal(true), z.array(z.string()).min(1, 'is empty').max(1000)]),
      delimiter: delimiter.optional(),
      atLeast: z.int().min(1).optional(),
    }),
    z.strictObject({ kind: z.literal('w3c'), columns: z.array(text).max(1000).optional() }),
    z.strictObject({
      kind: z.literal('columns'),
      columns: z.array(z.string()).min(1, 'is empty').max(1000),
      atLeast: z.int().min(1).optional(),
    }),
    z.strictObject({
      kind: z.literal('text'),
      templates: z.record(text, z.union([template, z.array(template).min(1, 'is empty').max(500)])),
    }),
  ]),
])

const mark = z.strictObject({
  kind: z.enum(['tunnel', 'lease']),
  event: z.enum(['start', 'alive', 'end']),
  outer: sources.optional(),
  inner: sources.optional(),
  user: sources.optional(),
  device: sources.optional(),
  gateway: sources.optional(),
  protocol: sources.optional(),
  since: times.optional(),
  duration: duration.optional(),
  lifetime: duration.optional(),
})

const record = z.strictObject({
  when: conditions.optional(),
  time: times,
  end: times.optional(),
  duration: duration.optional(),
  logged: z.enum(['start', 'end']).optional(),
  client: sources.optional(),
  clientPort: sources.optional(),
  server: sources.optional(),
  serverPort: sources.optional(),
  transport: sources.optional(),
  name: sources.optional(),
  url: sources.optional(),
  method: sources.optional(),
  user: sources.optional(),
  device: sources.optional(),
  application: sources.optional(),
  bytesUp: sources.optional(),
  bytesDown: sources.optional(),
  bytesTotal: sources.optional(),
  translated: z
    .strictObject({
      client: sources.optional(),
      clientPort: sources.optional(),
      server: sources.optional(),
      serverPort: sources.optional(),
    })
    .optional(),
  action: z
    .strictObject({ from: sources, blocked: z.array(text).optional(), allowed: z.array(text).optional() })
    .optional(),
  means: z.enum(MEANS).optional(),
  dns: z
    .strictObject({
      query: sources,
      type: sources.optional(),
      answers: sources.optional(),
      separator: delimiter.optional(),
      rcode: sources.optional(),
      ttl: sources.optional(),
    })
    .optional(),
  mark: mark.optional(),
})

const layout = {
  fields: rule,
  syslog: z.boolean().optional(),
  inside: field.optional(),
  unset: z.array(z.string()).max(100).optional(),
  detect: z
    .array(z.strictObject({ has: z.array(field).optional(), is: conditions.optional() }))
    .min(1, 'is empty: say which fields only this log has')
    .max(50),
  records: z.array(record).min(1, 'is empty: say how a record is read').max(100),
}

const heading = {
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is no name of a format: use lower-case words joined by hyphens'),
  title: text.optional(),
  documentation: z.url({ protocol: /^https?$/, error: 'is not an address of the web' }).optional(),
}

/** A file of the user's own that describes a log: with `layouts`, or as one. */
export const layoutsFile = z.strictObject({
  ...heading,
  layouts: z.array(z.strictObject(layout)).min(1, 'is empty').max(16, 'is longer than 16: split the file'),
})
export const oneLayoutFile = z.strictObject({ ...heading, ...layout })
