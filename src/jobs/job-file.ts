import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { ROTATIONS, type Rotation } from '../base/period.ts'
import { harmless, plural } from '../base/text.ts'
import { MICROS_PER_DAY, type Micros } from '../base/time.ts'
import { offsetInYaml, pathText } from '../base/yaml-place.ts'
import type { Output } from '../model/output.ts'
import { RETENTION_CLASSES, type RetentionClass } from '../model/retention.ts'
import { parseDuration } from './duration.ts'
import { headsSchema, RECEIVER_KEYS, receiversSchema, toOutput, type WrittenReceiver } from './job-outputs.ts'
import { checkStore, STORE_KEYS, storeSchema } from './job-store.ts'
import { type ListenAddress, listenAddress } from './listen-address.ts'

/** Inputs that are read alike, and of which something new is expected together. */
export interface JobInputs {
  readonly name: string
  /** Files, folders and globs, as they are written. */
  readonly paths: readonly string[]
  readonly format: string | undefined
  readonly formatFile: string | undefined
  readonly timezone: string
  readonly year: number | undefined
  /** The longest that nothing new may come; undefined where nothing is expected. */
  readonly every: Micros | undefined
}

/** What a job file says; paths as they are written, relative to the file. Absent keys are undefined. */
export interface Job {
  readonly inputs: readonly JobInputs[]
  readonly policy: string | undefined
  readonly signatures: readonly string[]
  readonly store: string
  /** What a new store keeps of who is behind pseudonyms; undefined: nothing. */
  readonly identities: 'pseudonym' | 'clear' | 'sealed' | undefined
  /** Files with age recipients, a group each, where identities are sealed. */
  readonly recipients: readonly string[]
  readonly key: string | undefined
  /** A program and its arguments, whose standard output is the key. */
  readonly keyCommand: readonly string[] | undefined
  /** How long pseudonyms last in a new store; undefined: for ever there, and in one that is there as it was made with. */
  readonly rotate: Rotation | undefined
  readonly hash: boolean
  /** Keep the frames and lines that prove findings. */
  readonly evidence: boolean
  readonly prometheus: string | undefined
  readonly summary: string | undefined
  /** Who is told as findings appear or change; names are unique. */
  readonly receivers: readonly Output[]
  /** The file of what receivers refused; undefined: beside the store. */
  readonly deadLetters: string | undefined
  /** What heads of the audit log are signed with, undefined: a key beside the store; and how often `watch` sends one. */
  readonly headsKey: string | undefined
  readonly headsEvery: Micros
  /** Whether `inspect --all` is switched off. */
  readonly inspectAll: 'allowed' | 'never'
  /** Where `watch` serves its metrics. */
  readonly metrics: ListenAddress | undefined
  /** How long each class is kept; what is not named is kept for ever. */
  readonly retention: Readonly<Partial<Record<RetentionClass, Micros>>>
}

/** What a job file may name that other parts of the program know. */
export interface Known {
  readonly formats: readonly string[]
  isZone(name: string): boolean
}

/** How many mistakes one error tells of. */
const SHOWN_LIMIT = 20

/** Reads the text of a job file. Throws `job_invalid` with a line for each mistake (the first 20): `file:line: where: what`. */
export function parseJob(text: string, fileName: string, known: Known): Job {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, stringKeys: true })
  const lineAt = (offset: number) => counter.linePos(offset).line
  const mistakes: Mistake[] = document.errors.map(({ pos, code, message }) => ({
    line: lineAt(pos[0]),
    path: [],
    message: code === 'MULTIPLE_DOCS' ? 'a second document begins: keep one' : `not valid YAML: ${message}`,
  }))
  let job: Job | undefined
  if (mistakes.length === 0) {
    const report = (path: readonly PropertyKey[], message: string) =>
      mistakes.push({ line: lineAt(offsetInYaml(document, path)), path, message })
    try {
      job = toJob(document.toJS(), known, report)
    } catch (thrown) {
      // Aliases that would multiply without end.
      mistakes.push({ line: 1, path: [], message: `not valid YAML: ${messageOf(thrown)}` })
    }
  }
  if (job !== undefined && mistakes.length === 0) return job
  mistakes.sort((a, b) => a.line - b.line)
  const lines = mistakes.slice(0, SHOWN_LIMIT).map(({ line, path, message }) => {
    const where = path.length > 0 ? `${pathText(path)}: ` : ''
    return harmless(`${fileName}:${line}: ${where}${message}`)
  })
  if (mistakes.length > SHOWN_LIMIT) lines.push(`and ${plural(mistakes.length - SHOWN_LIMIT, 'more mistake')}`)
  throw new OffchannelError('job_invalid', lines.join('\n'))
}

interface Mistake {
  readonly line: number
  readonly path: readonly PropertyKey[]
  readonly message: string
}

type Report = (path: readonly PropertyKey[], message: string) => void

const text = z.string().min(1).max(4096)

/** Of a number without a unit it is told that it has none, not that it is no text. */
const measured = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), text)

const inputs = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+([-_.][a-z0-9]+)*$/, {
    error: 'must be of small letters and digits, with - _ or . between them, as proxy-paris',
  }),
  paths: z.array(text).min(1),
  format: text.optional(),
  'format-file': text.optional(),
  timezone: text.default('UTC'),
  year: z
    .int({ error: 'must be a year such as 2026' })
    .min(1970, { error: 'must be a year from 1970 on' })
    .max(2200, { error: 'must be a year up to 2200' })
    .optional(),
  expect: measured
    .transform((value, context) => {
      const every = parseDuration(/^every (.*)$/.exec(value)?.[1] ?? '')
      if (every !== undefined) return every
      context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is no rhythm: write one like every 1h` })
      return z.NEVER
    })
    .optional(),
})

const kept = measured.transform((value, context) => {
  const time = parseDuration(value)
  if (time !== undefined && time >= MICROS_PER_DAY) return time
  context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is no number of days: write one like 400d` })
  return z.NEVER
})

const retention = z.strictObject(
  Object.fromEntries(RETENTION_CLASSES.map((of) => [of, kept.optional()])) as Record<
    RetentionClass,
    z.ZodOptional<typeof kept>
  >,
)

const jobFile = z.strictObject({
  store: storeSchema,
  key: text.optional(),
  'key-command': z.array(text).min(1).optional(),
  policy: text.optional(),
  signatures: z.array(text).default([]),
  rotate: z.enum(ROTATIONS, { error: 'must be none, month, quarter or year' }).optional(),
  hash: z.boolean().default(true),
  evidence: z.boolean().default(true),
  'inspect-all': z.enum(['allowed', 'never'], { error: 'must be allowed or never' }).default('allowed'),
  metrics: measured.optional(),
  'metrics-exposed': z.boolean().default(false),
  inputs: z.array(inputs).min(1),
  outputs: z
    .strictObject({
      prometheus: text
        .refine((file) => file.endsWith('.prom'), { error: 'must end in .prom: node_exporter reads no other file' })
        .optional(),
      summary: text.optional(),
      receivers: receiversSchema,
      'dead-letters': text.optional(),
      heads: headsSchema.prefault({}),
    })
    .prefault({}),
  retention: retention.default({}),
})

function toJob(value: unknown, known: Known, report: Report): Job | undefined {
  if (value === null || value === undefined) {
    report([], 'the file is empty: docs/jobs.md shows one')
    return undefined
  }
  const { data, error } = jobFile.safeParse(value, { reportInput: true })
  for (const issue of error?.issues ?? []) tellIssue(issue, report)
  if (data === undefined) return undefined
  checkStore(data.store, report)
  const names = new Map<string, number>()
  for (const [i, group] of data.inputs.entries()) {
    const before = names.get(group.name)
    if (before !== undefined) {
      report(['inputs', i, 'name'], `${JSON.stringify(group.name)} is the name of inputs[${before}]: choose another`)
    } else names.set(group.name, i)
    checkInputs(group, i, known, report)
  }
  if (data.key !== undefined && data['key-command'] !== undefined) {
    report(['key-command'], 'stands beside key: keep one of the two')
  }
  const { facts, findings } = data.retention
  if (findings !== undefined && (facts === undefined || findings < facts)) {
    const advice = 'facts that are kept for longer would give them again: keep facts for no longer than findings'
    report(['retention', 'findings'], advice)
  }
  const receivers = toReceivers(data.outputs.receivers, report)
  const metrics = data.metrics === undefined ? undefined : listenAddress(data.metrics, data['metrics-exposed'])
  if (typeof metrics === 'string') report(['metrics'], metrics)
  return {
    ...{ store: data.store.file, identities: data.store.identities, recipients: data.store.recipients ?? [] },
    ...{ key: data.key, policy: data.policy, signatures: data.signatures, hash: data.hash },
    evidence: data.evidence,
    rotate: data.rotate,
    keyCommand: data['key-command'],
    inspectAll: data['inspect-all'],
    inputs: data.inputs.map(({ 'format-file': formatFile, expect, format, year, ...group }) => ({
      ...group,
      ...{ format, formatFile, year, every: expect },
    })),
    prometheus: data.outputs.prometheus,
    summary: data.outputs.summary,
    receivers,
    deadLetters: data.outputs['dead-letters'],
    headsKey: data.outputs.heads.key,
    headsEvery: data.outputs.heads.every,
    metrics: typeof metrics === 'string' ? undefined : metrics,
    retention: Object.fromEntries(Object.entries(data.retention).filter(([, time]) => time !== undefined)),
  }
}

function toReceivers(written: readonly WrittenReceiver[], report: Report): Output[] {
  const names = new Map<string, number>()
  return written.flatMap((receiver, i) => {
    const before = names.get(receiver.name)
    if (before === undefined) names.set(receiver.name, i)
    else {
      const message = `${JSON.stringify(receiver.name)} is the name of receivers[${before}]: choose another`
      report(['outputs', 'receivers', i, 'name'], message)
    }
    return toOutput(receiver, (key, message) => report(['outputs', 'receivers', i, key], message)) ?? []
  })
}

function checkInputs(group: z.output<typeof inputs>, i: number, known: Known, report: Report): void {
  const { format, 'format-file': formatFile, timezone, paths } = group
  if (format !== undefined && formatFile !== undefined) {
    report(['inputs', i, 'format-file'], 'stands beside format: keep one of the two')
  }
  if (format !== undefined && !known.formats.includes(format)) {
    const advice = '`offchannel formats` lists them'
    report(['inputs', i, 'format'], `${JSON.stringify(format)} is the name of no format: ${advice}`)
  }
  if (!known.isZone(timezone)) {
    const advice = 'write one like Europe/Paris, or UTC'
    report(['inputs', i, 'timezone'], `${JSON.stringify(timezone)} is not a time zone: ${advice}`)
  }
  for (const [j, path] of paths.entries()) {
    if (path === '-') report(['inputs', i, 'paths', j], 'standard input cannot be scheduled: name files or folders')
  }
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(jobFile.shape),
  store: STORE_KEYS,
  inputs: Object.keys(inputs.shape),
  outputs: ['prometheus', 'summary', 'receivers', 'dead-letters', 'heads'],
  heads: Object.keys(headsSchema.shape),
  retention: RETENTION_CLASSES,
}

function receiverKeys(input: unknown): readonly string[] {
  return RECEIVER_KEYS[String((input as { readonly kind?: unknown } | undefined)?.kind)] ?? []
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text: put it in quotes',
  array: 'a list: write a line with "- " for each',
  object: 'keys with values',
  boolean: 'true or false',
}

function tellIssue(issue: z.core.$ZodIssue, report: Report): void {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    const keys =
      path[1] === 'receivers'
        ? receiverKeys(issue.input)
        : (KEYS[String(path[1] === 'heads' ? 'heads' : (path[0] ?? ''))] ?? [])
    for (const key of issue.keys) report([...path, key], `is no key that stands here: there are ${keys.join(', ')}`)
    return
  }
  if (issue.code === 'custom' || issue.code === 'invalid_format' || issue.code === 'invalid_union')
    return void report(path, issue.message)
  if (issue.input === undefined) return void report(path, 'is missing')
  if (issue.input === null) return void report(path, 'has no value: write one, or remove the key')
  if (issue.code === 'invalid_type') {
    return void report(
      path,
      EXPECTED[issue.expected] === undefined ? issue.message : `must be ${EXPECTED[issue.expected]}`,
    )
  }
  if (issue.code === 'too_small' && issue.origin !== 'int' && issue.origin !== 'number') {
    return void report(path, issue.origin === 'string' ? 'is empty' : 'is empty: write at least one')
  }
  report(path, issue.message)
}
