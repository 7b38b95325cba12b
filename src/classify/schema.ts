import { z } from 'zod'
import { parseNetwork } from '../base/network-text.ts'
import { PROTOCOLS } from '../model/observation.ts'
import {
  CATEGORIES,
  INDICATOR_TYPES,
  type IndicatorType,
  NAME_TYPES,
  ROLES,
  type Signature,
  STRENGTHS,
} from '../model/signature.ts'
import { applicationName } from './application-name.ts'
import { hostNameFault, patternFault } from './host-name.ts'

const text = z.string().trim().min(1, 'is empty')
const date = z.iso.date({ error: ({ input }) => missing(input) ?? 'is not a date: write it as 2026-11-21' })
const name = z.string().superRefine((value, context) => report(context, [], value, hostNameFault(value)))

const indicator = z
  .strictObject({
    type: z
      .enum(INDICATOR_TYPES)
      .describe(
        'exact: that name. suffix: it and all under it. pattern: * within a label. protocol: by its bytes. ' +
          'network: of the server, where nothing is named. realm, stun-attribute: of STUN. issuer: of a certificate. ' +
          'application: the program that asked. alpn, ja4: of a ClientHello.',
      ),
    value: z
      .string()
      .describe('A host name in lower case and punycode, without a trailing dot; or what the type says.'),
    role: z.enum(ROLES).describe('What the named host does for the app.'),
    strength: z
      .enum(STRENGTHS)
      .describe('distinctive: only this app uses it. supporting: others may. ambiguous: context only.'),
    sources: z.array(text).min(1, 'names no source').describe('Addresses, or repository, path and commit.'),
    'first-seen': date.optional(),
    'last-verified': date.optional(),
    'valid-until': date.optional().describe('After this day a hit means a stale client or a name in other hands.'),
    note: text.optional(),
  })
  .superRefine(({ type, value, strength }, context) => {
    report(context, ['value'], value, valueFault(type, value))
    if (strength === 'distinctive' && NEVER_DISTINCTIVE.includes(type)) {
      report(context, ['strength'], strength, `is more than ${type} can prove: many programs share one`)
    }
  })

/** What other programs show as well: it supports, and decides nothing. */
const NEVER_DISTINCTIVE: readonly IndicatorType[] = ['alpn', 'ja4']

const signatureFile = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is not an id: use lower-case words joined by hyphens')
      .describe('The name of the file without .yaml.'),
    name: text,
    vendor: text,
    category: z.enum(CATEGORIES),
    status: z.enum(['active', 'retired']),
    'retired-on': date.optional().describe('Of a retired app: the last day of service.'),
    maturity: z
      .enum(['proved', 'experimental'])
      .describe('proved: its distinctive indicators were seen on real traffic. experimental: at most indicative.'),
    revision: z.int().min(1),
    date: date.describe('Of this revision.'),
    description: text.optional(),
    'false-positives': z.array(text).default([]).describe('What looks like the app and is not.'),
    indicators: z.array(indicator).min(1, 'is empty: an app without a usable name needs no file'),
    tests: z
      .strictObject({
        'should-match': z.array(name).min(1, 'is empty: give a name that must match'),
        'should-not-match': z.array(name).min(1, 'is empty: give a look-alike that must not match'),
      })
      .optional()
      .describe('Needed where an indicator is a name.'),
  })
  .superRefine((file, context) => {
    if (file.status === 'retired' && !file['retired-on']) report(context, ['status'], 'retired', 'needs "retired-on"')
    if (file.status === 'active' && file['retired-on']) {
      report(
        context,
        ['retired-on'],
        file['retired-on'],
        'stands in an active app: leave it out, or set status: retired',
      )
    }
    if (file.tests === undefined && file.indicators.some(({ type }) => NAME_TYPES.includes(type))) {
      context.addIssue({ code: 'custom', path: ['tests'], message: 'is missing' })
    }
    if (file.maturity === 'proved' && !file.indicators.some(({ strength }) => strength === 'distinctive')) {
      report(context, ['maturity'], 'proved', 'needs a distinctive indicator: use experimental')
    }
    const seen = new Map<string, number>()
    for (const [i, { type, value }] of file.indicators.entries()) {
      const key = `${type} ${value}`
      const first = seen.get(key)
      if (first === undefined) seen.set(key, i)
      else report(context, ['indicators', i, 'value'], value, `repeats indicators[${first}]: leave one out`)
    }
  })

/** What is wrong in a signature file, and where: map keys and list indexes from its root. */
export interface SignatureFault {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** What a signature file says, or every fault found in it. */
export type CheckedSignature =
  | { readonly signature: Signature; readonly faults: readonly [] }
  | { readonly signature: undefined; readonly faults: readonly SignatureFault[] }

/** Checks the parsed content of a signature file: keys, values, and how they go together. */
export function checkSignature(content: unknown): CheckedSignature {
  const result = signatureFile.safeParse(content, { error: ({ input }) => missing(input) })
  if (result.success) return { signature: toSignature(result.data), faults: [] }
  return { signature: undefined, faults: result.error.issues.flatMap(toFaults) }
}

/** The JSON Schema (2020-12) of signature files, for editors. */
export function signatureJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(signatureFile, { io: 'input' }), title: 'offchannel signature' }
}

function report(context: z.RefinementCtx, path: PropertyKey[], value: string, fault: string): void {
  if (fault) context.addIssue({ code: 'custom', path, message: `${JSON.stringify(value)} ${fault}` })
}

function valueFault(type: IndicatorType, value: string): string {
  switch (type) {
    case 'exact':
    case 'suffix':
      return hostNameFault(value)
    case 'pattern':
      return patternFault(value)
    case 'protocol':
      return PROTOCOLS.some((known) => known === value)
        ? ''
        : `is no protocol that is recognised: ${PROTOCOLS.join(', ')}`
    case 'network': {
      const network = parseNetwork(value)
      return typeof network === 'string' ? network.slice(JSON.stringify(value).length + 1) : ''
    }
    case 'stun-attribute':
      return /^0x[0-9a-f]{4}$/.test(value) ? '' : 'is no attribute: write its type like 0x4001'
    case 'application':
      return textFault(value) || applicationFault(value)
    case 'ja4':
      return JA4.test(value) ? '' : 'is no JA4 fingerprint: write its hashed form'
    default:
      return textFault(value)
  }
}

/** https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md: the hashed form. */
const JA4 = /^[a-z0-9]{10}_[0-9a-f]{12}_[0-9a-f]{12}$/

function applicationFault(value: string): string {
  const name = applicationName(value)
  return value === name ? '' : `is not as programs are compared: write "${name}"`
}

function textFault(value: string): string {
  if (value !== value.trim() || value === '') return 'is empty, or has spaces around it'
  return value.length > 255 ? 'is longer than 255 characters' : ''
}

function missing(input: unknown): string | undefined {
  return input === undefined ? 'is missing' : undefined
}

function toFaults(issue: z.core.$ZodIssue): SignatureFault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }]
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not a key of signature files' }))
}

function toSignature(file: z.output<typeof signatureFile>): Signature {
  return {
    id: file.id,
    name: file.name,
    vendor: file.vendor,
    category: file.category,
    status: file.status,
    retiredOn: file['retired-on'],
    maturity: file.maturity,
    revision: file.revision,
    date: file.date,
    description: file.description,
    falsePositives: file['false-positives'],
    indicators: file.indicators.map((entry) => ({
      type: entry.type,
      value: entry.value,
      role: entry.role,
      strength: entry.strength,
      sources: entry.sources,
      firstSeen: entry['first-seen'],
      lastVerified: entry['last-verified'],
      validUntil: entry['valid-until'],
      note: entry.note,
    })),
    shouldMatch: file.tests?.['should-match'] ?? [],
    shouldNotMatch: file.tests?.['should-not-match'] ?? [],
  }
}
