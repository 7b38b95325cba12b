import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deriveNames } from '../../src/cli/derive-names.ts'
import { makeBag, type PackFiles, SIGNED_FILE } from '../../src/prove/bag.ts'
import { rawKeyOf } from '../../src/prove/keys.ts'
import { makePack, RAW_SIGNATURE, SSH_SIGNATURE, signPack } from '../../src/prove/pack.ts'
import { timeStampQuery } from '../../src/prove/time-stamp.ts'
import { type Check, checkPack, type Expected, timeStampPath } from '../../src/prove/verify.ts'
import { checkPieces } from '../../src/prove/verify-pieces.ts'
import { random } from '../build/index.ts'
import { has } from '../e2e/evidence.ts'
import { finding, temporaryFolder } from '../store/made.ts'
import { makeAuthority, stampReply } from './authority.ts'
import { madeContents, signingKey } from './made.ts'

/** Files up to this size have every byte changed, of larger ones so many. */
const SMALL = 600
const SAMPLED = 60

interface Made {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly expected: Expected
}

/** A signed pack, with a time-stamp where OpenSSL is there to make one. */
async function makeSigned(): Promise<Made> {
  const bag = await makePack(await madeContents())
  const key = signingKey(1)
  signPack(bag, key)
  let authorities: X509Certificate[] | undefined
  if (has('openssl')) {
    const folder = temporaryFolder()
    makeAuthority(folder)
    writeFileSync(join(folder, 'ask.tsq'), timeStampQuery(bag.files.get(RAW_SIGNATURE)!))
    stampReply(folder, 'ask.tsq', 'reply.tsr')
    const reply = readFileSync(join(folder, 'reply.tsr'))
    bag.files.set(timeStampPath(reply), reply)
    authorities = [new X509Certificate(readFileSync(join(folder, 'authority.pem')))]
  }
  return { files: bag.files, expected: { signer: { key: rawKeyOf(key) }, id: bag.id, authorities } }
}

/** Made once: nothing changes it. */
let once: Promise<Made> | undefined

function made(): Promise<Made> {
  once ??= makeSigned()
  return once
}

function failuresOf(files: PackFiles, expected: Expected): readonly string[] {
  return failed(checkPack({ files }, expected).checks)
}

function failed(checks: readonly Check[]): readonly string[] {
  return checks.filter(({ outcome }) => outcome === 'fails').map(({ what, detail }) => `${what}: ${detail}`)
}

test('a pack that nobody touched holds in everything that is checked', async () => {
  const { files, expected } = await made()
  const { checks, index } = checkPack({ files }, expected)
  const pieces = await checkPieces(files, index!, { derive: deriveNames, tshark: async () => undefined })
  expect(failed([...checks, ...pieces.checks])).toEqual([])
  expect(index!.frames.pieces).toHaveLength(2)
  expect(index!.lines.pieces).toHaveLength(2)
})

test('any byte of any file that is changed is found, and the file named', async () => {
  const { files, expected } = await made()
  const next = random(3)
  let tried = 0
  for (const [path, bytes] of files) {
    const all = bytes.length <= SMALL
    for (let n = 0; n < (all ? bytes.length : SAMPLED); n++) {
      const at = all ? n : next() % bytes.length
      const changed = Uint8Array.from(bytes)
      changed[at]! ^= 1 << (next() % 8)
      const failures = failuresOf(new Map([...files, [path, changed]]), expected)
      expect(
        failures.some((failure) => failure.includes(path)),
        `byte ${at} of ${path}: ${failures}`,
      ).toBe(true)
      tried++
    }
  }
  expect(tried).toBeGreaterThan(2000)
}, 120_000)

test('a file that is cut, emptied, dropped, renamed or added is found and named', async () => {
  const { files, expected } = await made()
  for (const [path, bytes] of files) {
    const without = new Map([...files].filter(([other]) => other !== path))
    const cases: readonly PackFiles[] = [
      new Map([...files, [path, bytes.subarray(0, -1)]]),
      new Map([...files, [path, Buffer.concat([bytes, Buffer.from('\n')])]]),
      new Map([...files, [path, new Uint8Array(0)]]),
      new Map([...without, [`${path}.txt`, bytes]]),
    ]
    for (const one of cases) {
      expect(
        failuresOf(one, expected).some((failure) => failure.includes(path)),
        path,
      ).toBe(true)
    }
    const name = path.endsWith('.tsr') ? 'time-stamp' : path
    const failures = failuresOf(without, expected)
    expect(
      failures.some((failure) => failure.includes(name)),
      path,
    ).toBe(true)
  }
  const added = ['data/more.txt', 'more.txt', 'signature/more.txt', 'tagmanifest-sha1.txt', 'data/frames/more.pcap']
  for (const path of added) {
    const failures = failuresOf(new Map([...files, [path, Buffer.from('more')]]), expected)
    expect(
      failures.some((failure) => failure.includes(path)),
      path,
    ).toBe(true)
  }
})

test('two files that change places are found', async () => {
  const { files, expected } = await made()
  const [one, other] = ['data/custody.json', 'data/policy.json']
  const swapped = new Map([...files, [one, files.get(other)!], [other, files.get(one)!]])
  const failures = failuresOf(swapped, expected).join('\n')
  expect(failures).toContain(one)
  expect(failures).toContain(other)
})

test('a pack that was changed and made anew by somebody else is by another key, and another pack', async () => {
  const { files, expected } = await made()
  const payload = new Map([...files].filter(([path]) => path.startsWith('data/')))
  payload.set('data/findings/f-more.txt', Buffer.from('Added.'))
  const bag = makeBag(payload, [], () => 'Made anew.\n')
  signPack(bag, signingKey(2))
  const failures = failuresOf(bag.files, { ...expected, authorities: undefined })
  expect(failures).toEqual([
    expect.stringMatching(/^id: .*another pack/),
    expect.stringMatching(/^signature: .*another key/),
  ])
})

test('a pack that is signed anew with another key is found', async () => {
  const { files, expected } = await made()
  const bag = { id: expected.id!, files: new Map(files) }
  signPack(bag, signingKey(2))
  expect(failuresOf(bag.files, expected).some((failure) => failure.includes('by another key'))).toBe(true)
  // Each form of the signature alone as well.
  for (const path of [RAW_SIGNATURE, SSH_SIGNATURE]) {
    const mixed = new Map([...files, [path, bag.files.get(path)!]])
    expect(
      failuresOf(mixed, expected).some((failure) => failure.startsWith('signature')),
      path,
    ).toBe(true)
  }
})

test('one pack presented as another is found by its id, and its signature does not fit another', async () => {
  const { files, expected } = await made()
  const contents = await madeContents()
  const [only] = contents.findings
  const other = await makePack({ ...contents, findings: [{ ...only!, finding: finding('user-2', 'signal') }] })
  signPack(other, signingKey(1))
  expect(failuresOf(other.files, { ...expected, authorities: undefined })).toEqual([expect.stringMatching(/^id: /)])
  const mixed = new Map([...other.files, [SSH_SIGNATURE, files.get(SSH_SIGNATURE)!]])
  expect(failuresOf(mixed, { signer: expected.signer, id: other.id })).toEqual([expect.stringContaining(SSH_SIGNATURE)])
  const folder = checkPack({ files: other.files, folder: 'offchannel-evidence-0123456789abcdef' }, {})
  expect(failed(folder.checks)).toEqual([expect.stringContaining('is of another pack')])
})

test('a signature is told as not checked where nobody said whose it must be', async () => {
  const { files } = await made()
  const { checks } = checkPack({ files }, {})
  expect(checks.find(({ what }) => what === 'signature')?.outcome).toBe('not checked')
  const unsigned = new Map([...files].filter(([path]) => !path.startsWith('signature/')))
  const signer = { key: rawKeyOf(signingKey(1)) }
  expect(failuresOf(unsigned, { signer })).toEqual(['signature: the pack is not signed'])
  expect(unsigned.has(SIGNED_FILE)).toBe(true)
})

test('frames, lines and names that are not those of the index are found, though all hashes fit', async () => {
  const { files } = await made()
  const index = JSON.parse(Buffer.from(files.get('data/frames/index.json')!).toString())
  const lines = JSON.parse(Buffer.from(files.get('data/lines/index.json')!).toString())
  const changes: readonly (readonly [what: string, change: () => void])[] = [
    ['frames', () => (index.pieces[0].time += 1)],
    ['frames', () => (index.pieces[0].wireLength += 1)],
    ['frames', () => index.pieces.pop()],
    ['names', () => (index.pieces[0].names = [{ means: 'tls-sni', name: 'other.example' }])],
    ['lines', () => (lines.pieces[0].length -= 1)],
    ['lines', () => lines.pieces.pop()],
  ]
  for (const [what, change] of changes) {
    const before = [structuredClone(index), structuredClone(lines)]
    change()
    const bag = makeBag(
      new Map([
        ...[...files].filter(([path]) => path.startsWith('data/')),
        ['data/frames/index.json', Buffer.from(JSON.stringify(index))],
        ['data/lines/index.json', Buffer.from(JSON.stringify(lines))],
      ]),
      [],
      () => '',
    )
    const checked = checkPack(bag, {})
    expect(failed(checked.checks)).toEqual([])
    const read = await checkPieces(bag.files, checked.index!, { derive: deriveNames, tshark: async () => undefined })
    expect(
      failed(read.checks).some((failure) => failure.startsWith(what)),
      what,
    ).toBe(true)
    Object.assign(index, before[0])
    Object.assign(lines, before[1])
  }
})
