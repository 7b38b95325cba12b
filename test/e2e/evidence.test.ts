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

type Told = () => string

async function place(): Promise<EvidencePlace> {
  const made = new EvidencePlace()
  await made.sweepSamples()
  return made
}

test('a pack of the samples holds, and its names are those that the program and tshark find', async () => {
  const at = await place()
  await at.signHead()
  const { id, told } = await at.prove('pack.zip', '--heads', 'heads.ndjson')
  const originalsKey = /[0-9a-f]{64}/.exec(told)![0]
  const inputs = [
    'captures/guest-wifi.pcap',
    'captures/home-laptop.pcap',
    'logs/proxy-access.log',
    'logs/resolver-dns.log',
  ]
  const given = [...inputs.flatMap((input) => ['--input', input]), '--originals-key', originalsKey]
  const from = ['--key', 'signer.pub', '--id', id, '--audit-key', 'auditor.pub']
  const verified = await at.verify('pack.zip', ...from, ...given)
  expect(outcomes(verified, 'fails')).toEqual([])
  expect(outcomes(verified, 'not checked').filter((what) => what !== 'tshark')).toEqual(['time-stamp'])
  expect(outcomes(verified, 'holds').filter((what) => what === 'original')).toHaveLength(2 * inputs.length)
  expect(verified.status).toBe(0)
  const names = new Set(verified.names.flatMap(({ offchannel }) => offchannel.map(({ name }) => name)))
  expect(names).toContain('chat.signal.org')
  // Of Zeek's log, whose columns its header names.
  expect(names).toContain('gateway.discord.gg')
  if (has('tshark')) expect(outcomes(verified, 'holds')).toContain('tshark')
})

test('a pack has every frame of a hello in pieces, the DNS answer behind a flow without a name, and a tunnel that was up', async () => {
  const at = await place()
  await at.prove('pack')
  const { pieces, withheld } = JSON.parse(at.read('pack/data/frames/index.json').toString())
  expect(withheld).toEqual([])
  const roles = Map.groupBy(pieces as { roles: string[] }[], ({ roles }) => roles.join())
  // Two segments and the SYN of a connection, or two segments where that is long before.
  expect(roles.get('part')!.length).toBeGreaterThanOrEqual(8)
  expect(roles.get('answer,cited')!.length).toBeGreaterThan(0)
  // Signal goes outside the tunnel twice.
  expect(roles.get('tunnel')).toHaveLength(2)
})

test('the same store, policy and key give the same pack, byte for byte', async () => {
  const at = await place()
  const first = await at.prove('one.zip')
  const second = await at.prove('two.zip')
  expect(second.id).toBe(first.id)
  expect(at.read('two.zip').equals(at.read('one.zip'))).toBe(true)
})

test('a pack shows what the audit log has of its findings, held against a signed head', async () => {
  const at = await place()
  const [id] = at.ids
  at.ids = [id!]
  await at.review(id!, 'alice', 'Asked the person')
  await at.signHead()
  await at.prove('first', '--heads', 'heads.ndjson')
  await at.signHead()
  await at.prove('second', '--heads', 'heads.ndjson')
  const actions = (pack: string) =>
    [
      ...at
        .read(pack, 'data/audit/entries.txt')
        .toString()
        .matchAll(/"action":"([\w-]+)"/g),
    ].map(([, action]) => action)
  expect(actions('first')).toEqual(['policy', 'judge', 'review'])
  expect(actions('second')).toEqual(['policy', 'judge', 'review', 'prove'])
  const told = async (...more: string[]) => {
    const { checks } = await at.verify('second', '--key', 'signer.pub', ...more)
    return checks.filter(({ what }) => what === 'audit').map(({ outcome, detail }) => `${outcome}: ${detail}`)
  }
  expect(await told('--audit-key', 'auditor.pub')).toEqual([
    expect.stringMatching(/^holds: 2 heads up to entry 5, published at .*, signed by the key that was given$/),
    'holds: entries 1 to 5 fit together, 4 of them shown, of the others only hashes',
    'holds: 2 revisions, reviews and statements of the findings are in the log',
  ])
  expect(await told()).toContainEqual(expect.stringMatching(/^not checked: 2 heads .*--audit-key$/))
  expect(await told('--audit-key', 'signer.pub')).toContainEqual(
    expect.stringMatching(/^fails: the head of entry 4 was not signed/),
  )
})

test('a log that was written anew makes no pack with the heads that were published', async () => {
  const at = await place()
  await at.signHead()
  const store = new Sqlite(at.store)
  store.exec("DROP TRIGGER audit_stays; UPDATE audit SET author = 'nobody' WHERE seq = 1")
  store.close()
  await expect(at.prove('pack', '--heads', 'heads.ndjson')).rejects.toThrow('does not fit together at entry 1')
})

test('what others did to other findings is in a pack as hashes only, and changes nothing else of it', async () => {
  const at = await place()
  const { report } = await at.sweep(['captures', 'logs', '--policy', POLICY])
  const [mine, ...others] = report.findings
  const other = others.find(({ client }) => client !== mine!.client)!
  at.ids = [mine!.id]
  await at.review(mine!.id, 'alice', 'The one')
  await at.prove('before')
  await at.review(other.id, 'mallory', 'Rumours of somebody else')
  for (const args of [
    ['correct', other.id, '--statement', 'It was my daughter', '--author', 'trent'],
    [
      'suppress',
      other.id,
      '--until',
      new Date(Date.now() + 9e8).toISOString().slice(0, 10),
      '--reason',
      'Known matter',
      '--author',
      'peggy',
    ],
    ['hold', 'add', '--client', other.client, '--reason', 'Court file', '--author', 'walter'],
    ['erase', others.find(({ client }) => client !== other.client && client !== mine!.client)!.client].concat([
      '--reason',
      'Request of the shop steward',
      '--yes',
      '--author',
      'victor',
    ]),
  ]) {
    const { status, stderr } = await at.run(args)
    expect([args[0], status, stderr]).toEqual([args[0], 0, expect.anything()])
  }
  await at.signHead()
  await at.review(mine!.id, 'alice', 'Again')
  const secrets = ['mallory', 'Rumours', 'trent', 'daughter', 'peggy', 'walter', 'Court', 'victor', 'steward']
  const clients = new Set(report.findings.map(({ client }) => client).filter((client) => client !== mine!.client))
  for (const pack of ['pack', 'whole']) {
    const recipient = pack === 'whole' ? ['--recipient', await at.newRecipient()] : []
    await at.prove(pack === 'whole' ? 'whole.age' : 'pack', '--heads', 'heads.ndjson', ...recipient)
    if (pack === 'whole') await at.open('whole.age', 'whole')
    for (const [file, bytes] of at.files(pack)) {
      const text = Buffer.from(bytes).toString('latin1')
      const found = [...secrets, ...clients].filter((secret) => text.includes(secret))
      expect(found, `${pack}/${file}`).toEqual([])
    }
    const audit = at.read(pack, 'data/audit/entries.txt').toString()
    expect(audit.match(/"author":"alice"/g)).toHaveLength(2)
    const own = at.read(pack, 'data/audit/chain.txt').toString().split('\n').length - 1
    expect(own).toBeGreaterThan(audit.split('\n').length)
  }
})

test('the policy of a pack has the exemptions that counted, of those of others the conditions, and nobody', async () => {
  const at = await place()
  const given = (name: string, app: string, of: string) =>
    `  - { name: ${name}, apps: [${app}], ${of}, reason: For ${name}, approver: Head of ${name}, reference: M-${name}, ` +
    'from: 2026-03-01, until: 2026-12-31 }\n'
  const exemptions = [
    given('spare', 'dropbox', 'networks: [office-lan]'),
    given('press', 'signal', 'groups: [press]'),
    given('trip', 'viber', 'groups: [press]'),
  ].join('')
  const groups = "groups:\n  - { name: press, users: ['EXAMPLE\\envoy'] }\n"
  at.put('policy.yaml', `${readFileSync(POLICY, 'utf8')}${groups}exemptions:\n${exemptions}`)
  at.policy = 'policy.yaml'
  const { report } = await at.sweep(['captures', 'logs', '--policy', 'policy.yaml'])
  at.ids = report.findings.map(({ id }) => id)
  await at.prove('pack')
  const policy = JSON.parse(at.read('pack/data/policy.json').toString())
  expect(policy.exemptionsOfOthers).toBe(1)
  expect(
    policy.exemptions.map(({ name, reason, approver }: Record<string, string>) => [name, reason, approver]),
  ).toEqual([
    ['spare', 'For spare', 'Head of spare'],
    ['press', undefined, undefined],
  ])
  for (const [file, bytes] of at.files('pack')) {
    const text = Buffer.from(bytes).toString('latin1')
    const found = ['envoy', 'For press', 'Head of press', 'M-press', 'viber', 'trip'].filter((word) =>
      text.includes(word),
    )
    expect(found, file).toEqual([])
  }
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
  const fields = [
    'frame.len',
    'frame.cap_len',
    'ip.checksum.status',
    'tcp.checksum.status',
    'udp.checksum.status',
  ].flatMap((field) => ['-e', field])
  const args = ['-n', '-r', join(at.folder, 'pack/data/frames/link-type-1.pcap'), ...options, '-T', 'fields', ...fields]
  const statuses = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .trim()
    .split('\n')
  expect(statuses.length).toBeGreaterThan(20)
  const told = statuses.map((status) => {
    const [length, captured, ...sums] = status.split('\t')
    return `${length === captured ? 'whole' : 'headers'} ${sums.join('')}`
  })
  // 1 is good, 2 cannot be told: of IP, and of one of TCP and UDP, which is over what a tunnel's packet carried as well.
  expect(new Set(told)).toEqual(new Set(['whole 11', 'headers 12']))
  expect(told.filter((one) => one.startsWith('headers'))).toHaveLength(2)
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
    await at.review(at.ids[0]!, 'alice', 'Asked')
    await at.signHead()
    const heads = ['--heads', 'heads.ndjson']
    await at.prove('ask', '--timestamp-query', 'ask.tsq', ...heads)
    stampReply(at.folder, 'ask.tsq', 'reply.tsr')
    await at.prove('pack', '--timestamp-reply', 'reply.tsr', ...heads)
    const signer = parseSigner(at.read('signer.pub').toString())!
    at.put('allowed_signers', `signer ${sshPublicKey('key' in signer ? signer.key : Buffer.alloc(0))}\n`)
    const commands = [...PAGE.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text!)
    expect(commands).toHaveLength(9)
    const [hashes, listed, id, openssl, ssh, stamp, entries, chain, names] = commands.map(
      (command) => () =>
        execFileSync('sh', ['-ec', command], {
          cwd: join(at.folder, 'pack'),
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
    ) as [Told, Told, Told, Told, Told, Told, Told, Told, Told]
    expect(hashes()).toBe('')
    expect(listed()).toBe('')
    const bagInfo = at.read('pack/bag-info.txt').toString()
    expect(bagInfo).toContain(id().trim())
    openssl()
    ssh()
    stamp()
    expect(entries()).toBe('')
    expect(chain()).toBe('Signature Verified Successfully\n')
    expect(names()).toContain('chat.signal.org')

    const shown = join(at.folder, 'pack/data/audit/entries.txt')
    writeFileSync(shown, readFileSync(shown, 'utf8').replace('alice', 'bob'))
    expect(entries()).toMatch(/^entry \d+ is another\n$/)
    const links = join(at.folder, 'pack/data/audit/chain.txt')
    writeFileSync(links, readFileSync(links, 'utf8').replace(/^1 [0-9a-f]/, '1 x'))
    expect(chain()).toMatch(/the head of entry \d+ is of another log\n$/)
    const signed = join(at.folder, 'pack/data/audit/heads.txt')
    writeFileSync(signed, readFileSync(signed, 'utf8').replace(/T\d\d/, 'T00'))
    expect(chain).toThrow()
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
