import { statSync, writeFileSync } from 'node:fs'
import { Argument, type Command } from 'commander'
import { messageOf, OffchannelError } from '../../base/errors.ts'
import { harmless } from '../../base/text.ts'
import type { Bundle } from '../../classify/bundle.ts'
import type { NamedFile } from '../../classify/folder.ts'
import type { SignatureSet } from '../../model/signature.ts'
import { jsonOption, signatureOptions, withOptions } from '../options.ts'
import { BUNDLED_SIGNATURES, loadSignatureSet, refuseProblems, type SignatureChoice } from '../signature-set.ts'
import type { Terminal } from '../terminal.ts'
import { unpackInto } from './import-folder.ts'
import { summary } from './list.ts'
import { fingerprintOption, KEY_LIMIT, publicKeyOption, readBundle, type SignerOptions, textOf } from './source.ts'

/** `offchannel signatures export|verify|import`: signatures as one signed file. */
export function addBundleCommands(parent: Command, terminal: Terminal, now: string): void {
  const pack = parent
    .command('export')
    .argument('<file>', 'the bundle to write')
    .description('write all signature files into one signed file, for machines without a network')
    .requiredOption('--key <file>', 'your Ed25519 private key as unencrypted PEM')
    .addHelpText(
      'after',
      `
The bundle holds the files that would be used with these --signatures, withdrawals included. Hand on the public key, or
the fingerprint that is printed, by another way than the bundle.

Examples:
  openssl genpkey -algorithm ed25519 -out signer.key && openssl pkey -in signer.key -pubout -out signer.pem
  offchannel signatures export signatures.bundle --key signer.key --signatures own/`,
    )
  withOptions(pack, ...signatureOptions(), jsonOption())
  pack.action((file: string, options: ExportOptions) => exportBundle(file, options, terminal, now))

  const check = parent
    .command('verify')
    .addArgument(new Argument('<bundle>', 'the file that `export` wrote'))
    .description('check who signed a bundle, and all that is in it; exit status 2 where anything is wrong')
    .addHelpText('after', '\nExample:\n  offchannel signatures verify signatures.bundle --public-key signer.pem')
  withOptions(check, publicKeyOption(), fingerprintOption(), jsonOption())
  check.action((file: string, options: BundleOptions) => verify(file, options, terminal))

  const unpack = parent
    .command('import')
    .addArgument(new Argument('<bundle>', 'the file that `export` wrote'))
    .argument('<folder>', 'where to unpack it: a new folder, or that of an earlier import')
    .description('check a bundle and unpack it into a folder, all of it or nothing')
    .addHelpText(
      'after',
      `
A folder of an earlier import is replaced where no file in it was changed since, and the bundle is not the older one.
Files of your own belong into a folder of their own.

Examples:
  offchannel signatures import signatures.bundle central/ --fingerprint 5d0f…
  offchannel sweep captures/ --signatures central/ --no-bundled-signatures`,
    )
  withOptions(unpack, publicKeyOption(), fingerprintOption(), jsonOption())
  unpack.action((file: string, folder: string, options: BundleOptions) => importBundle(file, folder, options, terminal))
}

interface ExportOptions extends SignatureChoice {
  readonly key: string
  readonly json?: true
}

interface BundleOptions extends SignerOptions {
  readonly json?: true
}

async function exportBundle(file: string, options: ExportOptions, terminal: Terminal, now: string): Promise<void> {
  const { fingerprintOf, packBundle, readPrivateKey } = await import('../../classify/bundle.ts')
  const key = readPrivateKey(textOf(options.key, KEY_LIMIT), options.key)
  // Windows has no such bits.
  if (process.platform !== 'win32' && (statSync(options.key).mode & 0o077) !== 0) {
    throw new OffchannelError('key_unusable', harmless(`${options.key}: others may read this key: chmod 600 it`))
  }
  const set = await loadSignatureSet(options)
  const bundle = packBundle(await filesOf(options, set), key, now)
  try {
    writeFileSync(file, bundle, { flag: 'wx' })
  } catch (thrown) {
    const exists = (thrown as NodeJS.ErrnoException).code === 'EEXIST'
    const fault = exists ? 'is there already and is not overwritten' : `cannot be written (${messageOf(thrown)})`
    throw new OffchannelError('usage', harmless(`${file}: ${fault}: name another file`), { cause: thrown })
  }
  const fingerprint = fingerprintOf(key)
  if (options.json) terminal.json({ bundle: file, apps: set.signatures.length, fingerprint })
  else terminal.out(harmless(`${file}: ${summary(set)}; signed by ${fingerprint}`))
}

/** The files that the set was made of: of those of one name the one that counts, and all withdrawals. */
async function filesOf(
  { signatures = [], bundledSignatures }: SignatureChoice,
  { withdrawals }: Awaited<ReturnType<typeof loadSignatureSet>>,
): Promise<readonly NamedFile[]> {
  const [{ readFolder }, { addWithdrawals, WITHDRAWN_FILE }] = await Promise.all([
    import('../../classify/folder.ts'),
    import('../../classify/withdrawn-file.ts'),
  ])
  const folders = [...(bundledSignatures ? [BUNDLED_SIGNATURES] : []), ...signatures]
  const files = new Map(folders.flatMap((folder) => readFolder(folder).files.map((file) => [file.name, file])))
  files.delete(WITHDRAWN_FILE)
  const withdrawn = { name: WITHDRAWN_FILE, content: Buffer.from(addWithdrawals('', withdrawals)) }
  return [...files.values(), ...(withdrawals.length > 0 ? [withdrawn] : [])]
}

async function verify(file: string, options: BundleOptions, terminal: Terminal): Promise<void> {
  const { bundle, set } = await checked(file, options)
  tell(file, bundle, set, options, terminal)
}

async function importBundle(file: string, folder: string, options: BundleOptions, terminal: Terminal): Promise<void> {
  const { bundle, set } = await checked(file, options)
  await unpackInto(folder, bundle)
  tell(file, bundle, set, options, terminal)
  terminal.note(harmless(`${folder}: unpacked; use it with --signatures ${folder}`))
}

/** A bundle of which everything is right. */
async function checked(
  file: string,
  options: SignerOptions,
): Promise<{ readonly bundle: Bundle; readonly set: SignatureSet }> {
  const bundle = await readBundle(file, options)
  const { checkFiles } = await import('../../classify/load.ts')
  const { set, problems } = checkFiles(bundle)
  await refuseProblems(problems.map((problem) => ({ ...problem, file: `${file}: ${problem.file}` })))
  return { bundle, set }
}

function tell(file: string, bundle: Bundle, set: SignatureSet, { json }: BundleOptions, terminal: Terminal): void {
  const { made, hash, fingerprint } = bundle
  if (json) terminal.json({ bundle: file, apps: set.signatures.length, hash, made, fingerprint })
  else terminal.out(harmless(`${file}: in order: ${summary(set)}; made ${made}, signed by ${fingerprint}`))
}
