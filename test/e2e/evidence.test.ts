import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { MissingPiece } from '../../src/model/evidence-piece.ts'
import { parseSigner } from '../../src/prove/keys.ts'
import { sshPublicKey } from '../../src/prove/sshsig.ts'
import { makeAuthority, stampReply } from '../prove/authority.ts'
import { EvidencePlace, has, type Verified } from './evidence.ts'
import { capture, squidLog } from './inputs.ts'
import { POLICY } from './program.ts'

const PAGE = readFileSync(new URL('../../docs/evidence.md', import.meta.url), 'utf8')

function outcomes({ checks }: Verified, outcome: string): string[] {
  return checks.filter((check) => check.outcome === outcome).map(({ what }) => what)
}

async function place(): Promise<EvidencePlace> {
  const made = new EvidencePlace()
  await made.sweepSamples()
  return made
}

test('a pack of the samples holds, and its names are those that the program and tshark find', async () => {
  const at = await place()
  const { id, told } = await at.prove('pack.zip')
  const originalsKey = /[0-9a-f]{64}/.exec(told)![0]
  const inputs = [
    'captures/guest-wifi.pcap',
    'captures/home-laptop.pcap',
    'logs/proxy-access.log',
    'logs/resolver-dns.log',
  ]
  const given = [...inputs.flatMap((input) => ['--input', input]), '--originals-key', originalsKey]
  const verified = await at.verify('pack.zip', '--key', 'signer.pub', '--id', id, ...given)
  expect(outcomes(verified, 'fails')).toEqual([])
  expect(outcomes(verified, 'not checked').filter((what) => what !== 'tshark')).toEqual(['time-stamp'])
  expect(outcomes(verified, 'holds').filter((what) => what === 'original')).toHaveLength(2 * inputs.length)
  expect(verified.status).toBe(0)
  const names = new Set(verified.names.flatMap(({ offchannel }) => offchannel.map(({ name }) => name)))
  expect(names).toContain('chat.signal.org')
  if (has('tshark')) expect(outcomes(verified, 'holds')).toContain('tshark')
})

test('a pack has every frame of a hello in pieces, and the DNS answer behind a flow without a name', async () => {
  const at = await place()
  await at.prove('pack')
  const { pieces, withheld } = JSON.parse(at.read('pack/data/frames/index.json').toString())
  expect(withheld).toEqual([])
  const roles = Map.groupBy(pieces as { roles: string[] }[], ({ roles }) => roles.join())
  // Two segments and the SYN of a connection, or two segments where that is long before.
  expect(roles.get('part')!.length).toBeGreaterThanOrEqual(8)
  expect(roles.get('answer,cited')!.length).toBeGreaterThan(0)
})

test('the same store, policy and key give the same pack, byte for byte', async () => {
  const at = await place()
  const first = await at.prove('one.zip')
  const second = await at.prove('two.zip')
  expect(second.id).toBe(first.id)
  expect(at.read('two.zip').equals(at.read('one.zip'))).toBe(true)
})

test('what was kept when inputs were swept is there when they are gone, and the store does not show it', async () => {
  const at = await place()
  const before = await at.prove('before.zip')
  rmSync(join(at.folder, 'captures'), { recursive: true })
  rmSync(join(at.folder, 'logs'), { recursive: true })
  const after = await at.prove('after.zip')
  expect(after).toEqual(before)
  const store = readFileSync(at.store)
  expect(store.includes('TCP_DENIED/403')).toBe(false)
})

test('nothing of who it was is in a pseudonymous pack', async () => {
  const at = await place()
  await at.prove('pack')
  const originals = ['10.1.4.', '172.16.', 'user17', 'user09', 'EXAMPLE\\']
  for (const [file, bytes] of at.files('pack')) {
    if (!/^data\/(lines|findings|frames)\/.*(log|json|txt)$/.test(file)) continue
    const text = Buffer.from(bytes).toString('latin1')
    for (const original of originals) expect(text.includes(original), `${file} has ${original}`).toBe(false)
  }
  expect(at.read('pack/data/lines/input-2.log').toString()).toContain('198.18.0.')
  expect(at.read('pack/data/lines/input-2.log').toString()).toContain('person-1')
})

test.skipIf(!has('tshark'))('checksums of a pseudonymous pack are right', async () => {
  const at = await place()
  await at.prove('pack')
  const options = ['ip', 'tcp', 'udp'].flatMap((layer) => ['-o', `${layer}.check_checksum:TRUE`])
  const fields = ['ip', 'tcp', 'udp'].flatMap((layer) => ['-e', `${layer}.checksum.status`])
  const args = ['-n', '-r', join(at.folder, 'pack/data/frames/link-type-1.pcap'), ...options, '-T', 'fields', ...fields]
  const statuses = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .trim()
    .split('\n')
  expect(statuses.length).toBeGreaterThan(20)
  // 1 is good: of IP, and of one of TCP and UDP.
  for (const status of statuses) expect(status.replaceAll('\t', '')).toBe('11')
})

test.skipIf(!has('age'))('an identified pack opens for its recipient only, by age as well, and is whole', async () => {
  const at = await place()
  const key = execFileSync('age-keygen', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  at.put('key.txt', key)
  at.put('other.txt', execFileSync('age-keygen', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  const recipient = /age1[0-9a-z]+/.exec(key)![0]
  const { id } = await at.prove('pack.zip.age', '--recipient', recipient)
  const inputs = ['--input', 'captures/guest-wifi.pcap', '--input', 'logs/proxy-access.log']
  const verified = await at.verify(
    'pack.zip.age',
    '--identity',
    'key.txt',
    '--key',
    'signer.pub',
    '--id',
    id,
    ...inputs,
  )
  expect(outcomes(verified, 'fails')).toEqual([])
  expect(outcomes(verified, 'holds').filter((what) => what === 'original')).toHaveLength(4)
  const opened = execFileSync('age', ['-d', '-i', join(at.folder, 'key.txt'), join(at.folder, 'pack.zip.age')])
  at.put('opened.zip', opened)
  expect((await at.verify('opened.zip', '--key', 'signer.pub', '--id', id)).status).toBe(0)
  const refused = await at.verify('pack.zip.age', '--identity', 'other.txt')
  expect(refused.status).toBe(2)
  expect(refused.stderr).toContain('cannot be decrypted')
})

test.skipIf(!['openssl', 'ssh-keygen', 'tshark', 'sha256sum'].every(has))(
  'the commands of the page check a pack, and each notices what it is for',
  async () => {
    const at = await place()
    makeAuthority(at.folder)
    await at.prove('ask', '--timestamp-query', 'ask.tsq')
    stampReply(at.folder, 'ask.tsq', 'reply.tsr')
    await at.prove('pack', '--timestamp-reply', 'reply.tsr')
    const signer = parseSigner(at.read('signer.pub').toString())!
    at.put('allowed_signers', `signer ${sshPublicKey('key' in signer ? signer.key : Buffer.alloc(0))}\n`)
    const commands = [...PAGE.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text!)
    expect(commands).toHaveLength(7)
    const [hashes, listed, id, openssl, ssh, stamp, names] = commands.map(
      (command) => () =>
        execFileSync('sh', ['-ec', command], {
          cwd: join(at.folder, 'pack'),
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
    ) as (() => string)[] as [
      () => string,
      () => string,
      () => string,
      () => string,
      () => string,
      () => string,
      () => string,
    ]
    expect(hashes()).toBe('')
    expect(listed()).toBe('')
    const bagInfo = at.read('pack/bag-info.txt').toString()
    expect(bagInfo).toContain(id().trim())
    openssl()
    ssh()
    stamp()
    expect(names()).toContain('chat.signal.org')

    const tag = join(at.folder, 'pack/tagmanifest-sha512.txt')
    writeFileSync(tag, `${readFileSync(tag, 'utf8')}\n`)
    for (const noticing of [openssl, ssh]) expect(noticing).toThrow()
    writeFileSync(join(at.folder, 'pack/data/more.txt'), 'added')
    expect(listed).toThrow()
    writeFileSync(join(at.folder, 'pack/data/custody.json'), '[]')
    expect(hashes).toThrow()
    writeFileSync(join(at.folder, 'pack/signature/tagmanifest-sha512.txt.ed25519'), Buffer.alloc(64))
    expect(stamp).toThrow()
  },
)

test.skipIf(!has('openssl'))('a time-stamp of an authority holds, and leads to no other', async () => {
  const at = await place()
  makeAuthority(at.folder)
  await at.prove('ask', '--timestamp-query', 'ask.tsq')
  stampReply(at.folder, 'ask.tsq', 'reply.tsr')
  const { id } = await at.prove('pack.zip', '--timestamp-reply', 'reply.tsr')
  const given = ['--key', 'signer.pub', '--id', id]
  const verified = await at.verify('pack.zip', ...given, '--authority', 'authority.pem')
  expect(outcomes(verified, 'fails')).toEqual([])
  expect(outcomes(verified, 'holds')).toContain('time-stamp')
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ed25519',
      '-nodes',
      '-keyout',
      'x.key',
      '-out',
      'x.pem',
      '-subj',
      '/CN=Other',
      '-days',
      '2',
    ],
    {
      cwd: at.folder,
      stdio: 'ignore',
    },
  )
  expect(outcomes(await at.verify('pack.zip', ...given, '--authority', 'x.pem'), 'fails')).toEqual(['time-stamp'])
  expect(outcomes(await at.verify('pack.zip', ...given), 'not checked')).toContain('time-stamp')
  // Of another signature.
  at.newSigner('second')
  await expect(at.prove('other.zip', '--sign', 'second.pem', '--timestamp-reply', 'reply.tsr')).rejects.toThrow(
    'stamps another file',
  )
})

test('what cannot be had is in the pack with the reason, and what can be is looked for again', async () => {
  const at = new EvidencePlace()
  at.newSigner('signer')
  at.put('kept.pcap', capture({ name: 'g.whatsapp.net' }))
  at.put('changed.log', squidLog({ host: 'web.telegram.org' }))
  const flow = { name: 'chat.signal.org', client: '10.1.4.40' }
  await at.sweep(['-', '--policy', POLICY], capture(flow))
  const { report } = await at.sweep(['kept.pcap', 'changed.log', '--policy', POLICY])
  at.ids = report.findings.map(({ id }) => id)
  expect(at.ids).toHaveLength(3)
  const store = new Sqlite(at.store)
  store.exec('DELETE FROM locker; DELETE FROM locker_piece')
  store.close()
  at.put('changed.log', squidLog({ host: 'web.telegram.example' }))
  renameSync(join(at.folder, 'kept.pcap'), join(at.folder, 'elsewhere.pcap'))
  const { told } = await at.prove('first')
  expect(told).toContain('3 frames or lines could not be had')
  const reasons = at.ids.flatMap((id) => {
    const { missing } = JSON.parse(at.read(`first/data/findings/${id}.json`).toString()) as { missing: MissingPiece[] }
    return missing.map(({ input, reason }) => `${input}: ${reason}`)
  })
  expect(reasons.sort()).toEqual([
    '-: it came on standard input, which cannot be read again',
    'changed.log: the file is not the one that was read, or cannot be held against it',
    expect.stringMatching(/^kept.pcap: the input is not at hand \(ENOENT/),
  ])
  renameSync(join(at.folder, 'elsewhere.pcap'), join(at.folder, 'kept.pcap'))
  expect((await at.prove('second')).told).toContain('2 frames or lines could not be had')
})

test('evidence is kept once: another sweep changes nothing of it', async () => {
  const at = await place()
  const dump = () => {
    const store = new Sqlite(at.store, { readonly: true })
    const rows = store.prepare('SELECT rowid, finding, place, bytes, hex(sealed) FROM locker_piece').all()
    store.close()
    return rows
  }
  const before = dump()
  expect(before.length).toBeGreaterThan(30)
  await at.sweep(['captures', 'logs', '--policy', POLICY])
  expect(dump()).toEqual(before)
})

test('with --no-evidence nothing of the traffic is kept, and a pack is cut from the inputs', async () => {
  const at = await place()
  const { report } = await at.sweep(['captures', 'logs', '--policy', POLICY, '--no-evidence', '--store', 'bare.db'])
  const store = new Sqlite(join(at.folder, 'bare.db'), { readonly: true })
  const kept = ['locker', 'locker_piece'].map((table) => store.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
  store.close()
  expect(kept).toEqual([0, 0])
  const id = report.findings.find(({ verdicts }) => verdicts[0]!.severity.value === 'high')!.id
  const args = ['prove', id, '--store', 'bare.db', '--policy', POLICY, '--out', 'bare', '--sign', 'signer.pem']
  expect((await at.run(args)).status).toBe(0)
  expect(JSON.parse(at.read('bare/data/frames/index.json').toString()).pieces.length).toBeGreaterThan(0)
})

test('operators are told what to do', async () => {
  const at = await place()
  const cases: readonly (readonly [args: readonly string[], words: string])[] = [
    [['prove', 'f-0000', '--out', 'x', '--policy', POLICY], 'no such finding'],
    [['prove', at.ids[0]!, '--out', 'x'], 'was judged under another policy'],
    [['prove', at.ids[0]!, '--out', 'x.age', '--policy', POLICY], 'ends in .age'],
    [['prove', at.ids[0]!, '--out', 'x', '--policy', POLICY, '--sign', 'signer.pub'], 'not an Ed25519 key'],
    [['prove', at.ids[0]!, '--out', 'captures', '--policy', POLICY], 'cannot be written'],
    [['verify', 'nothing.zip'], 'not a pack'],
    [['verify', 'captures/office.pcap'], '--identity'],
  ]
  for (const [args, words] of cases) {
    const { status, stderr } = await at.run(args)
    expect(stderr).toContain(words)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(status).toBe(2)
  }
})
