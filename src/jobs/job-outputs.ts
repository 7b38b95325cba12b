import { z } from 'zod'
import { MICROS_PER_SECOND } from '../base/time.ts'
import type { Output, SecretSource } from '../model/output.ts'
import { parseDuration } from './duration.ts'

const text = z.string().min(1).max(4096)
const name = z.string().regex(/^[a-z0-9]+([-_.][a-z0-9]+)*$/, {
  error: 'must be of small letters and digits, with - _ or . between them, as siem-north',
})
/** Whether it is sent the heads of the audit log; undefined: as its kind has it. */
const heads = z.boolean().optional()
const secrets = { 'secret-file': text.optional(), 'secret-env': text.optional() }

const syslog = z.strictObject({
  name,
  kind: z.literal('syslog'),
  to: text,
  form: z.enum(['cef', 'leef', 'json'], { error: 'must be cef, leef or json' }),
  ca: text.optional(),
  certificate: text.optional(),
  key: text.optional(),
  heads,
})
const webhook = z.strictObject({ name, kind: z.literal('webhook'), url: text, ...secrets, ca: text.optional(), heads })
const mail = z.strictObject({
  name,
  kind: z.literal('mail'),
  server: text,
  tls: z.literal('none', { error: 'can only be none: otherwise TLS is demanded' }).optional(),
  user: text.optional(),
  ...secrets,
  from: text,
  to: z.array(text).min(1).max(50),
  every: z
    .preprocess((value) => (typeof value === 'number' ? String(value) : value), text)
    .transform((value, context) => {
      const every = parseDuration(value)
      if (every !== undefined) return every
      context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is no time: write one like 1h or 1d` })
      return z.NEVER
    })
    .optional(),
  ca: text.optional(),
  heads,
})
const file = z.strictObject({
  name,
  kind: z.literal('file'),
  path: text,
  form: z.enum(['ecs', 'ocsf'], { error: 'must be ecs or ocsf' }),
  heads,
})

const rhythm = text.transform((value, context) => {
  const time = parseDuration(value)
  if (time !== undefined) return time
  context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is no time: write one like 1h` })
  return z.NEVER
})

/** `outputs.heads` of a job file: what heads of the audit log are signed with, and how often `watch` sends one. */
export const headsSchema = z.strictObject({ key: text.optional(), every: rhythm.default(3600 * MICROS_PER_SECOND) })

/** `outputs.receivers` of a job file, before what its values mean is asked. */
export const receiversSchema = z
  .array(
    z.discriminatedUnion('kind', [syslog, webhook, mail, file], {
      error: ({ code }) => (code === 'invalid_union' ? 'must be syslog, webhook, mail or file' : undefined),
    }),
  )
  .max(20)
  .default([])

export type WrittenReceiver = z.output<typeof receiversSchema>[number]

/** The keys of a receiver by its kind, in the order of the documentation; of an unknown kind none. */
export const RECEIVER_KEYS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [syslog, webhook, mail, file].map(({ shape }) => [shape.kind.value, Object.keys(shape)]),
)

/** Tells of a mistake, at this key of the receiver. */
type Report = (key: string, message: string) => void

/** The receiver that is meant; undefined where a mistake was told. */
export function toOutput(written: WrittenReceiver, report: Report): Output | undefined {
  switch (written.kind) {
    case 'syslog':
      return toSyslog(written, report)
    case 'webhook':
      return toWebhook(written, report)
    case 'mail':
      return toMail(written, report)
    case 'file':
      return { ...written, heads: written.heads ?? true }
  }
}

function toSyslog(written: z.output<typeof syslog>, report: Report): Output | undefined {
  const place = placeOf(written.to, { udp: 514, tcp: undefined, tls: 6514 }, 'to', report)
  if (place === undefined) return undefined
  const { name: own, kind, form, ca, certificate, key } = written
  if ((certificate === undefined) !== (key === undefined)) report('certificate', 'goes with key: give both, or neither')
  if (place.scheme !== 'tls' && (ca ?? certificate ?? key) !== undefined) {
    report('to', 'has no use for certificates: write tls:// before the host, or remove them')
  }
  const { scheme: transport, host, port } = place
  return { name: own, kind, transport, host, port, form, heads: written.heads ?? true, ca, certificate, key }
}

function toWebhook(written: z.output<typeof webhook>, report: Report): Output | undefined {
  const { name: own, kind, url, ca } = written
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined) report('url', 'is no URL: write one like https://soar.example/hooks/offchannel')
  else if (parsed.protocol !== 'https:') report('url', 'must begin with https://: findings are not sent in the clear')
  else if (parsed.username !== '' || parsed.password !== '') {
    report('url', 'holds a name or a password: the signature says who sends, and secrets do not stand in the job file')
  }
  const secret = secretOf(written, report)
  if (secret === undefined) report('kind', 'needs secret-file or secret-env: what the messages are signed with')
  return secret && { name: own, kind, url, heads: written.heads ?? true, secret, ca }
}

function toMail(written: z.output<typeof mail>, report: Report): Output | undefined {
  const place = placeOf(written.server, { smtp: 587, smtps: 465 }, 'server', report)
  const { name: own, kind, user, from, to, ca, every } = written
  const secret = secretOf(written, report)
  if (user !== undefined && secret === undefined) report('user', 'needs its password: give secret-file or secret-env')
  if (user === undefined && secret !== undefined) report('kind', 'has a secret and no user: say whose it is')
  if (place?.scheme === 'smtps' && written.tls === 'none') report('tls', 'none stands beside smtps://: keep one')
  if (user !== undefined && written.tls === 'none')
    report('tls', 'a password is not sent in the clear: remove tls: none')
  for (const [key, addresses] of [['from', [from]] as const, ['to', to] as const]) {
    for (const address of addresses) {
      if (!/^([^<>@,;]* <)?[^\s<>@,;]+@[^\s<>@,;]+>?$/.test(address)) {
        report(key, `${JSON.stringify(address)} is no mail address: write one like soc@agency.example`)
      }
    }
  }
  if (place === undefined) return undefined
  const tls = place.scheme === 'smtps' ? 'implicit' : (written.tls ?? 'starttls')
  const login = user !== undefined && secret !== undefined ? { user, secret } : undefined
  // People read mails: they get heads where somebody asks for them.
  return {
    name: own,
    kind,
    host: place.host,
    port: place.port,
    tls,
    login,
    from,
    to,
    heads: written.heads ?? false,
    ca,
    every,
  }
}

/** `scheme://host:port`; the port may be left out where the scheme has one. */
function placeOf<S extends string>(
  written: string,
  ports: Readonly<Record<S, number | undefined>>,
  key: string,
  report: Report,
): { readonly scheme: S; readonly host: string; readonly port: number } | undefined {
  const parts = /^([a-z]+):\/\/(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?\/?$/.exec(written)
  const scheme = Object.keys(ports).find((one) => one === parts?.[1]) as S | undefined
  const port = parts?.[4] === undefined ? scheme && ports[scheme] : Number(parts[4])
  if (parts !== null && scheme !== undefined && port !== undefined && port > 0 && port < 65_536) {
    return { scheme, host: (parts[2] ?? parts[3])!, port }
  }
  const schemes = Object.entries(ports).map(([one, usual]) => `${one}://HOST${usual === undefined ? ':PORT' : ''}`)
  report(key, `must be one of ${schemes.join(', ')}, with :PORT where it is another`)
  return undefined
}

function secretOf(
  written: { readonly 'secret-file'?: string | undefined; readonly 'secret-env'?: string | undefined },
  report: Report,
): SecretSource | undefined {
  const { 'secret-file': path, 'secret-env': variable } = written
  if (path !== undefined && variable !== undefined)
    report('secret-env', 'stands beside secret-file: keep one of the two')
  if (path !== undefined) return { file: path }
  return variable === undefined ? undefined : { variable }
}
