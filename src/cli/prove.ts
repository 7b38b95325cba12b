import { hkdfSync } from 'node:crypto'
import { type Command, Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { harmless, plural } from '../base/text.ts'
import type { Finding } from '../model/finding.ts'
import type { Policy } from '../model/policy.ts'
import type { Bag } from '../prove/bag.ts'
import type { PackContents, ProvedFinding } from '../prove/contents.ts'
import { noSuchFinding } from '../store/findings.ts'
import type { Locker } from '../store/locker.ts'
import type { Store } from '../store/store.ts'
import { now } from './clock.ts'
import { openStore, type StoreChoice } from './open-store.ts'
import { keyOptions, loadRules, policyOption, signatureOptions, storeOption, withOptions } from './options.ts'
import { sendHeads } from './send-heads.ts'
import type { SignatureChoice } from './signature-set.ts'
import { type StampOptions, stampPack } from './stamp-pack.ts'
import type { Terminal } from './terminal.ts'
import { programVersion } from './version.ts'

interface ProveOptions extends StoreChoice, SignatureChoice, StampOptions {
  readonly out: string
  readonly policy?: string
  readonly sign?: string
  readonly recipient?: readonly string[]
  readonly heads?: string
}

/** `offchannel prove`: an evidence pack of findings. */
export function addProveCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('prove')
    .summary('put findings with their frames and lines into a signed evidence pack')
    .description(
      'Writes an evidence pack: findings with their reasons, the frames and log lines behind them, where each came from, hashes of everything and a signature. People are pseudonyms in it, unless it is for named recipients.',
    )
    .argument('<id...>', 'ids of findings, or their beginnings')
    .requiredOption('--out <path>', 'what to write: a zip where it ends in .zip or .age, else a folder')
    .option('--sign <file>', 'Ed25519 private key to sign with, PEM or OpenSSH, without a passphrase')
    .addOption(
      new Option(
        '--recipient <age1…>',
        'encrypt the pack to this age recipient, and leave everything in it as it was; may be repeated',
      ).argParser<readonly string[]>((one, before = []) => [...before, one]),
    )
    .option('--heads <file>', 'signed heads of the audit log, as `offchannel audit sign` appends them')
    .option('--timestamp-query <file>', 'write what to ask a time-stamping authority (RFC 3161)')
    .option('--timestamp-reply <file>', 'put its reply into the pack')
    .option('--timestamp-url <url>', 'ask the authority at this address, and put its reply into the pack')
    .addHelpText(
      'after',
      `
Examples:
  openssl genpkey -algorithm ed25519 -out signer.pem
  offchannel prove f-3a91c0d2 --out pack.zip --policy policy.yaml --sign signer.pem
  offchannel prove f-3a91c0d2 f-77d0 --out pack.zip.age --policy policy.yaml --sign ~/.ssh/id_ed25519 \\
    --recipient age1...

docs/evidence.md tells what is in a pack and how to check it with other tools.`,
    )
  withOptions(command, policyOption(), storeOption(), ...keyOptions(), ...signatureOptions())
  command.action(async (ids: string[], options: ProveOptions) => {
    await proveCommand(ids, options, terminal)
    await sendHeads(options.store, terminal)
  })
}

async function proveCommand(ids: readonly string[], options: ProveOptions, terminal: Terminal): Promise<void> {
  const [{ makePack, signPack }, { parseSigningKey }, { readSmall }, { auditFiles }, { provedDigest }] =
    await Promise.all([
      import('../prove/pack.ts'),
      import('../prove/keys.ts'),
      import('./pack-files.ts'),
      import('./pack-audit.ts'),
      import('../audit/concerns.ts'),
    ])
  refuseMixture(options)
  const signer =
    options.sign === undefined ? undefined : parseSigningKey(readSmall(options.sign).toString(), options.sign)
  const { signatures, policy } = await loadRules(options, terminal)
  const { store, key } = await openStore(options, false, terminal)
  let bag: Bag
  let contents: PackContents
  try {
    const level = options.recipient === undefined ? 'pseudonymous' : 'identified'
    if (level === 'pseudonymous' && store.identities === 'clear') {
      const words = 'this store keeps identities clear, so a pack of it names people: make it for --recipient'
      throw new OffchannelError('usage', words)
    }
    const { deriveNames } = await import('./derive-names.ts')
    const selected = chosen(ids, store, options, policy)
    const findings = await proved(store, key, selected, policy, terminal)
    contents = {
      ...{ level, findings, policy, signatures, derive: deriveNames },
      ...{ version: programVersion(), runtime: `Node.js ${process.version}` },
      originalsKey: originalsKeyOf(key, findings),
      isOwn: await ownNetworks(policy),
      audit: await auditFiles(options.store, selected, options.heads),
    }
    bag = await makePack(contents)
    const of = selected.map(({ id }) => provedDigest(id))
    store.audit('prove', { pack: bag.id, level, findings: of.length, of })
  } finally {
    store.close()
  }
  if (signer !== undefined) {
    signPack(bag, signer)
    await stampPack(bag, options)
  }
  await write(bag, options)
  tell(bag, contents, terminal)
}

function refuseMixture({ recipient, out, sign, ...stamps }: ProveOptions): void {
  const asked = [stamps.timestampQuery, stamps.timestampReply, stamps.timestampUrl].filter((one) => one !== undefined)
  if (sign === undefined && asked.length > 0) {
    throw new OffchannelError('usage', 'a time-stamp is of the signature: give a key with --sign')
  }
  if (stamps.timestampReply !== undefined && stamps.timestampUrl !== undefined) {
    throw new OffchannelError('usage', '--timestamp-reply and --timestamp-url: give one of them')
  }
  if ((recipient !== undefined) !== out.endsWith('.age')) {
    throw new OffchannelError('usage', `--out ${harmless(out)}: a pack for --recipient, and no other, ends in .age`)
  }
}

/** The findings, as they are judged now; each once. */
function chosen(ids: readonly string[], store: Store, { store: file }: StoreChoice, policy: Policy): Finding[] {
  const findings = new Map<string, Finding>()
  for (const id of ids) {
    const finding = store.finding(id)
    if (finding === undefined) throw noSuchFinding(id, file)
    if (finding.policy !== policy.hash) {
      const words = `${finding.id}: was judged under another policy: give that with --policy, or \`offchannel judge\` by this one first`
      throw new OffchannelError('usage', words)
    }
    findings.set(finding.id, finding)
  }
  return [...findings.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Looks for what the locker does not hold yet, then takes all that it holds. */
async function proved(
  store: Store,
  key: Buffer,
  findings: readonly Finding[],
  policy: Policy,
  terminal: Terminal,
): Promise<readonly ProvedFinding[]> {
  const [{ gather }, { evidenceProgress }, { placesOf }, { findingText }, { statementLines }] = await Promise.all([
    import('../sweep/gather.ts'),
    import('./progress.ts'),
    import('../judge/places.ts'),
    import('../report/finding-text.ts'),
    import('../report/statement-text.ts'),
  ])
  const locker = store.locker(key)
  const places = placesOf(policy)
  const progress = await evidenceProgress(terminal)
  const options = {
    ...{ store, locker, policy, key, siteOf: (input: string) => places.input(input)?.site ?? '' },
    ...{ whole: true, retry: true, takenAt: now(), version: programVersion(), progress: progress.update },
  }
  try {
    locker.secured(await gather(findings, options, (found) => locker.keep(found)))
  } finally {
    progress.stop()
  }
  return findings.map((finding) =>
    provedFinding(
      finding,
      locker,
      store,
      [findingText(finding, (_, text) => text), ...store.statements(finding.id).flatMap(statementLines)].join('\n'),
    ),
  )
}

function provedFinding(finding: Finding, locker: Locker, store: Store, text: string): ProvedFinding {
  const { kept, leftOut } = locker.of(finding.id)
  const damaged = kept.filter(({ kind }) => kind === 'damaged')
  if (damaged.length > 0) {
    const words = `${plural(damaged.length, 'piece')} of evidence in the locker cannot be opened: the store was changed by another program`
    throw new OffchannelError('store_unusable', `${harmless(store.file)}: ${words}`)
  }
  return {
    ...{ finding, text, leftOut, history: store.history(finding.id), reviews: store.reviews(finding.id) },
    statements: store.statements(finding.id),
    pieces: kept.flatMap((one) => (one.kind === 'piece' ? [one.piece] : [])),
    missing: kept.flatMap((one) => (one.kind === 'missing' ? [one.missing] : [])),
  }
}

function originalsKeyOf(key: Buffer, findings: readonly ProvedFinding[]): Buffer {
  const ids = findings.map(({ finding }) => finding.id).join(' ')
  return Buffer.from(hkdfSync('sha256', key, '', `offchannel originals ${ids}`, 32))
}

/** Addresses of nobody else: those for private use (RFC 1918, 6598, 3927, 4193, 4291), and the policy's networks. */
async function ownNetworks(policy: Policy): Promise<PackContents['isOwn']> {
  const [{ parseNetwork }, { NetworkTable }] = await Promise.all([
    import('../base/network-text.ts'),
    import('../base/cidr.ts'),
  ])
  const own = [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '169.254.0.0/16',
    'fc00::/7',
    'fe80::/10',
  ]
  const networks = own.map(parseNetwork).filter((network) => typeof network !== 'string')
  const all = [...networks, ...policy.networks.flatMap(({ cidrs }) => cidrs)]
  const table = new NetworkTable(all.map((network) => ({ network, value: 1 })))
  return (words, at) => table.find(words, at) >= 0
}

async function write({ id, files }: Bag, { out, recipient }: ProveOptions): Promise<void> {
  const [{ writeFolder, writePrivate }, { zipPack }] = await Promise.all([
    import('./pack-files.ts'),
    import('../prove/zip.ts'),
  ])
  if (recipient !== undefined) {
    const { encryptTo } = await import('./age.ts')
    writePrivate(out, await encryptTo(recipient, await zipPack(id, files)))
  } else if (out.endsWith('.zip')) writePrivate(out, await zipPack(id, files))
  else writeFolder(out, files)
}

function tell({ id }: Bag, { level, findings, originalsKey }: PackContents, terminal: Terminal): void {
  terminal.out(id)
  const pieces = findings.reduce((sum, one) => sum + one.pieces.length, 0)
  const missing = findings.reduce((sum, one) => sum + one.missing.length + one.leftOut, 0)
  terminal.note(
    `${plural(findings.length, 'finding')} with ${plural(pieces, 'frame or line', 'frames and lines')}, ${level}.`,
  )
  if (missing > 0)
    terminal.note(
      `${plural(missing, 'frame or line', 'frames or lines')} could not be had: the pack says which and why.`,
    )
  if (level === 'pseudonymous') {
    terminal.note(`Key of the originals, for whoever holds an input: ${Buffer.from(originalsKey).toString('hex')}`)
  }
}
