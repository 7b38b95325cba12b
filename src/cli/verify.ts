import { X509Certificate } from 'node:crypto'
import { type Command, Option } from 'commander'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { ReadIndex } from '../prove/index-schema.ts'
import type { Check, CheckedPack } from '../prove/verify.ts'
import type { SideBySide } from '../prove/verify-pieces.ts'
import { jsonOption, withOptions } from './options.ts'
import type { Terminal } from './terminal.ts'

interface VerifyOptions {
  readonly key?: string
  readonly id?: string
  readonly authority?: string
  readonly auditKey?: string
  readonly identity?: string
  readonly input?: readonly string[]
  readonly originalsKey?: string
  readonly json?: true
}

const STYLES = { holds: 'green', fails: 'red', 'not checked': 'yellow' } as const

/** `offchannel verify`: checks an evidence pack, without a store and without a network. */
export function addVerifyCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('verify')
    .summary('check an evidence pack: what holds, what does not, what could not be checked')
    .description(
      'Checks every hash, the signature, the time-stamp and the extract of the audit log of an evidence pack, reads its frames back by an independent reader, and derives the names anew, also by tshark where it is installed. Needs no store and no network.',
    )
    .argument('<pack>', 'a zip, a folder, or an encrypted pack')
    .option(
      '--key <signer>',
      "the signer's public key (file) or its fingerprint (SHA256:…), obtained otherwise than with the pack",
    )
    .option('--id <id>', 'the id that the pack must have')
    .option('--authority <file>', 'certificate, PEM, that time-stamps must lead to')
    .option('--audit-key <file>', 'public key of whoever signs the heads of the audit log')
    .option('--identity <file>', 'age key that opens an encrypted pack')
    .addOption(
      new Option('--input <file>', 'an original input, to hold the pack against; may be repeated').argParser<
        readonly string[]
      >((one, before = []) => [...before, one]),
    )
    .option('--originals-key <hex>', 'for that, of a pseudonymous pack: the key that `offchannel prove` told')
    .addHelpText(
      'after',
      `
Examples:
  offchannel verify pack.zip --key signer.pub --id p-4f0c...
  offchannel verify pack.zip --key SHA256:... --input office.pcap --originals-key 91c2...

Exit status: 0 nothing fails; 1 something fails; 2 it could not be read as a pack.`,
    )
  withOptions(command, jsonOption())
  command.action((pack: string, options: VerifyOptions) => verifyCommand(pack, options, terminal))
}

async function verifyCommand(pack: string, options: VerifyOptions, terminal: Terminal): Promise<void> {
  const [{ readPack }, { checkPack }, { checkPieces }, { deriveNames }, { tsharkNames }] = await Promise.all([
    import('./pack-files.ts'),
    import('../prove/verify.ts'),
    import('../prove/verify-pieces.ts'),
    import('./derive-names.ts'),
    import('./tshark.ts'),
  ])
  const [{ decryptWith }, { checkAudit }] = await Promise.all([import('./age.ts'), import('./pack-audit.ts')])
  const found = await readPack(pack, (sealed) => decryptWith(options.identity, sealed))
  const checked = checkPack(found, await expectedOf(options))
  const checks: Check[] = [...checked.checks]
  let names: readonly SideBySide[] = []
  if (checked.index !== undefined) {
    const read = await checkPieces(found.files, checked.index, { derive: deriveNames, tshark: tsharkNames })
    checks.push(...read.checks)
    names = read.names
    checks.push(...(await checkAudit(found.files, checked.index.head.findings, options.auditKey)))
    checks.push(...(await originalChecks(checked.index, options)))
  }
  tell(checked, checks, names, options, terminal)
  if (checks.some(({ outcome }) => outcome === 'fails')) terminal.exitStatus = Math.max(terminal.exitStatus, 1)
}

async function expectedOf({ key, id, authority }: VerifyOptions) {
  const [{ parseSigner }, { readSmall }] = await Promise.all([import('../prove/keys.ts'), import('./pack-files.ts')])
  const signer =
    key === undefined ? undefined : parseSigner(key.startsWith('SHA256:') ? key : readSmall(key).toString())
  if (key !== undefined && signer === undefined) {
    throw new OffchannelError(
      'usage',
      `--key ${harmless(key)}: no Ed25519 public key: give PEM, a line of OpenSSH or its fingerprint`,
    )
  }
  let authorities: readonly X509Certificate[] | undefined
  if (authority !== undefined) {
    const pem = readSmall(authority).toString()
    try {
      const parts = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
      authorities = parts.map((part) => new X509Certificate(part))
    } catch (thrown) {
      throw new OffchannelError('usage', `--authority ${harmless(authority)}: ${messageOf(thrown)}`, { cause: thrown })
    }
    if (authorities.length === 0)
      throw new OffchannelError('usage', `--authority ${harmless(authority)}: no certificate in it`)
  }
  return { signer, id, authorities }
}

async function originalChecks(index: ReadIndex, { input: inputs = [], originalsKey }: VerifyOptions): Promise<Check[]> {
  const what = 'original'
  if (inputs.length === 0) {
    return [{ what, outcome: 'not checked', detail: 'no original input was given: --input holds the pack against one' }]
  }
  if (originalsKey !== undefined && !/^[0-9a-f]{64}$/.test(originalsKey)) {
    throw new OffchannelError('usage', '--originals-key: is not 64 hexadecimal digits, as `offchannel prove` tells it')
  }
  const key = originalsKey === undefined ? undefined : Buffer.from(originalsKey, 'hex')
  const { checkInput } = await import('./verify-input.ts')
  const checks: Check[] = []
  for (const input of inputs) checks.push(...(await checkInput(input, index, key)))
  return checks
}

function tell(
  { id, level }: CheckedPack,
  checks: readonly Check[],
  names: readonly SideBySide[],
  { json }: VerifyOptions,
  terminal: Terminal,
): void {
  if (json) {
    const count = (wanted: Check['outcome']) => checks.filter(({ outcome }) => outcome === wanted).length
    const counts = { holds: count('holds'), fails: count('fails'), notChecked: count('not checked') }
    terminal.json({ id, level, ...counts, checks, names })
    return
  }
  terminal.out(`${harmless(id)} ${level ?? ''}`.trim())
  for (const outcome of ['fails', 'not checked', 'holds'] as const) {
    for (const check of checks.filter((one) => one.outcome === outcome)) {
      terminal.out(
        `${terminal.style(STYLES[outcome], outcome.padEnd(12))}${check.what.padEnd(11)}${harmless(check.detail)}`,
      )
    }
  }
  const named = names.filter(
    ({ pack, offchannel, tshark }) => pack.length + offchannel.length + (tshark?.length ?? 0) > 0,
  )
  if (named.length > 0) terminal.out('\nnames: by the pack | by this program | by tshark')
  for (const { file, position, pack, offchannel, tshark } of named) {
    const columns = [pack, offchannel].map((list) => list.map(({ name }) => name).join(' ') || '-')
    const third = tshark === undefined ? 'not checked' : tshark.join(' ') || '-'
    terminal.out(harmless(`  ${file} ${position}: ${[...columns, third].join(' | ')}`))
  }
}
