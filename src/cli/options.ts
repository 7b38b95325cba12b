import { readFileSync, statSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { ROTATIONS } from '../base/period.ts'
import type { Policy } from '../model/policy.ts'
import type { Format } from '../model/reader.ts'
import type { SignatureSet } from '../model/signature.ts'
import type { SignatureCache } from './signature-cache.ts'
import { COMPILED_SIGNATURES, loadSignatureSet, type SignatureChoice, tellLayers } from './signature-set.ts'
import type { Terminal } from './terminal.ts'

export const DEFAULT_STORE = 'offchannel.db'

export const signaturesOption = () =>
  new Option(
    '--signatures <folder>',
    'signatures of your own, which add to those that come with offchannel or override them; may be repeated',
  ).argParser<readonly string[]>((folder, before = []) => [...before, folder])
export const bundledSignaturesOption = () =>
  new Option('--no-bundled-signatures', 'leave out those that come with offchannel')
/** Which signatures count. */
export const signatureOptions = () => [signaturesOption(), bundledSignaturesOption()]
export const policyOption = () =>
  new Option('--policy <file>', 'policy to judge by (`offchannel policy init` writes one)')
export const storeOption = () => new Option('--store <file>', 'SQLite store').default(DEFAULT_STORE)
/** Where the key of the pseudonyms is to be had from. */
export const keyOptions = () => [
  new Option('--key <file>', 'key of the pseudonyms (default: $OFFCHANNEL_KEY, else the name of the store with .key)'),
  new Option('--key-command <command>', 'program that prints the key, with its arguments: parted at spaces, no shell')
    .argParser((command) => command.split(/ +/).filter((word) => word !== ''))
    .conflicts('key'),
]
export const rotateOption = () =>
  new Option(
    '--rotate <period>',
    'how long a pseudonym lasts in a new store: a calendar month, quarter or year in UTC, or for ever (default: none)',
  ).choices(ROTATIONS)
export const jsonOption = () => new Option('--json', 'print JSON instead of tables')
export const formatOption = () =>
  new Option('--format <name>', 'read every input as this format (`offchannel formats` lists them)')

export const formatFileOption = () =>
  new Option('--format-file <file>', 'read every input as this mapping says (see docs/formats.md)').conflicts('format')
export const timezoneOption = () =>
  new Option('--timezone <zone>', 'of local times in logs that name no zone, as Europe/Paris').default('UTC')
export const yearOption = () =>
  new Option('--year <year>', 'of the first record, in logs whose times have none (default: by the time of the file)')

/** What logs are read with. */
export interface LogReadingOptions {
  readonly format?: string
  readonly formatFile?: string
  readonly timezone: string
  readonly year?: string
}

/** The format that the options name or describe, and how times are read; throws `usage` and `format_invalid`. */
export async function logReading(options: LogReadingOptions): Promise<{
  readonly format: string | Format | undefined
  readonly mapping: string
  readonly times: { readonly timezone: string; readonly year: number | undefined }
}> {
  const { timezone, formatFile } = options
  // Asking for a zone takes as long as reading ten megabytes.
  const isZone = timezone === 'UTC' || (await import('../read/log/mapping/zones.ts')).isZone(timezone)
  if (!isZone) {
    throw new OffchannelError('usage', `--timezone ${timezone}: is not a zone: write one like Europe/Paris, or UTC`)
  }
  const year = options.year === undefined ? undefined : Number(options.year)
  if (year !== undefined && !(Number.isInteger(year) && year >= 1970 && year <= 2200)) {
    throw new OffchannelError('usage', `--year ${options.year}: is not a year: write one like 2026`)
  }
  const times = { timezone, year }
  if (formatFile === undefined) return { format: options.format, mapping: '', times }
  const { readMappingFile } = await import('../read/log/mapping/mapping-file.ts')
  const mapping = textOf(formatFile)
  const { format, problems } = readMappingFile(formatFile, mapping)
  if (format === undefined) throw new OffchannelError('format_invalid', problems.join('\n'))
  return { format, mapping, times }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new OffchannelError('format_invalid', `${file}: cannot be read: ${messageOf(thrown)}`, { cause: thrown })
  }
}

/** Adds options in the order in which help lists them. */
export function withOptions(command: Command, ...options: readonly Option[]): Command {
  for (const option of options) command.addOption(option)
  return command
}

/** Signatures and policy as the options name them; a policy that names apps without a signature is refused. */
export async function loadRules(
  options: SignatureChoice & { readonly policy?: string },
  terminal: Terminal,
): Promise<{ readonly signatures: SignatureSet; readonly policy: Policy }> {
  const cache = options.signatures === undefined ? undefined : await signatureCache(terminal)
  const signatures = await loadSignatureSet(options, cache)
  tellLayers(signatures, terminal)
  if (options.policy === undefined) {
    const { NO_POLICY } = await import('../judge/no-policy.ts')
    return { signatures, policy: NO_POLICY }
  }
  const { checkApps, loadPolicy } = await import('../judge/load.ts')
  const policy = loadPolicy(options.policy)
  const ids = signatures.signatures.map(({ id }) => id)
  const unknown = checkApps(policy, ids)
  if (unknown.length > 0) {
    throw new OffchannelError('policy_invalid', unknown.map((mistake) => `${options.policy}: ${mistake}`).join('\n'))
  }
  return { signatures, policy }
}

/** The user's own cache of checked signatures; a build anew changes what it believes. */
async function signatureCache(terminal: Terminal): Promise<SignatureCache> {
  const { SignatureCache } = await import('./signature-cache.ts')
  return new SignatureCache(
    terminal.environment,
    `${statSync(COMPILED_SIGNATURES, { throwIfNoEntry: false })?.mtimeMs}`,
  )
}
