import type { Evidence, Finding } from '../../../src/model/finding.ts'
import type { ReviewedFinding } from '../../../src/model/review.ts'
import type { ExportContext, FindingsFormat, NamesFormat, Piece } from '../../../src/report/exports/export-format.ts'
import { exportFormats } from '../../../src/report/exports/index.ts'
import { fc } from '../../property.ts'
import { DAY, finding, verdict } from '../../store/made.ts'

export const CONTEXT: ExportContext = { version: '0.0.0', tlp: undefined }

/** What breaks out of a cell, a string, a comment, a rule, a record of a zone, or a terminal. */
export const HOSTILE = [
  '=cmd|"/c calc"!A1',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\r\n=1',
  'a\nb',
  '"quoted", and \'quoted\'',
  'x";) alert ip any any -> any any (msg:"y',
  'evil IN CNAME good.example.\n*. IN A 192.0.2.1',
  '; comment # comment',
  '\u001b[31mred\u0007',
  '\u202egnp.exe',
  '<script>&amp;]]>',
  '\\',
  '\u2028',
  '＝1',
]

export function evidence(given: Partial<Evidence> = {}): Evidence {
  return {
    indicator: 'palaver exact chat.palaver.example',
    role: 'messaging',
    strength: 'distinctive',
    means: 'tls-sni',
    action: '',
    input: 'office.pcap',
    unit: 'frame',
    firstAt: 3,
    lastAt: 9,
    count: 4,
    bytesUp: 10,
    bytesDown: 20,
    first: DAY * 86_400_000_000,
    last: DAY * 86_400_000_000 + 60_000_000,
    ...given,
  }
}

/** A finding with two verdicts and evidence of several types. */
export function full(given: Partial<ReviewedFinding> = {}): ReviewedFinding {
  const types = ['exact chat.palaver.example', 'suffix palaver.example', 'pattern w-*.palaver.example']
  const others = ['network 198.51.100.0/24', 'network 2001:db8::/32', 'protocol wireguard', 'realm palaver']
  const seen = [...types, ...others].map((indicator) => evidence({ indicator: `palaver ${indicator}` }))
  const worst = { ...verdict({ bypass: true }), evidence: seen, last: DAY * 86_400_000_000 + 90_000_123 }
  return finding('address-k3f0ga2c', 'palaver', {
    appName: 'Palaver',
    revision: 2,
    group: 'Press',
    whose: { value: 'address', rule: 'made', reason: 'Made for a test.' },
    verdicts: [worst, { ...verdict({ severity: 'low' }), evidence: [evidence()] }],
    ...given,
  } as Partial<Finding>)
}

/** A finding whose every free text is hostile. */
export const hostileFinding: fc.Arbitrary<ReviewedFinding> = fc
  .record({
    text: fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 40 })),
    revision: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ text, revision }) => {
    const made = full({ client: text, appName: text, network: text, group: text, revision })
    const judged = { value: 'prohibited', rule: text, reason: text } as const
    const input = evidence({ input: text, indicator: `palaver exact ${text}` })
    return { ...made, verdicts: made.verdicts.map((one) => ({ ...one, ruling: judged, evidence: [input] })) }
  })

export function findingsFormat(name: string): FindingsFormat {
  const format = exportFormats.find((one) => one.name === name)
  if (format?.of !== 'findings') throw new Error(`no format of findings: ${name}`)
  return format
}

export function namesFormat(name: string): NamesFormat {
  const format = exportFormats.find((one) => one.name === name)
  if (format?.of !== 'names') throw new Error(`no format of names: ${name}`)
  return format
}

export async function bytesOf(pieces: Iterable<Piece> | AsyncIterable<Piece>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const piece of pieces) parts.push(Buffer.from(piece))
  return Buffer.concat(parts)
}

/** What a format writes of findings, as text. */
export async function written(name: string, findings: Iterable<ReviewedFinding>, context = CONTEXT): Promise<string> {
  return (await bytesOf(findingsFormat(name).write(findings, context))).toString()
}

/** Its lines as objects. */
export async function objects(name: string, findings: Iterable<ReviewedFinding>): Promise<Record<string, never>[]> {
  const lines = (await written(name, findings)).split('\n')
  if (lines.pop() !== '') throw new Error('the last line is not ended')
  return lines.map((line) => JSON.parse(line))
}
