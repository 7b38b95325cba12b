import { expect, test } from 'vitest'
import { concernOf, deedOf, type FindingTrace, provedDigest, unsealedDigest } from '../../src/audit/concerns.ts'
import { digestOf, hashOf } from '../../src/audit/entry.ts'
import { EXTRACT } from '../../src/audit/extract.ts'
import { type Claim, checkExtract } from '../../src/audit/verify-extract.ts'
import type { AuditEntry } from '../../src/model/audit.ts'
import { random } from '../build/index.ts'
import { NOW } from '../store/made.ts'
import { AUDITOR, extractOf, madeHead, madeLog } from './made.ts'

const OTHERS = { action: 'review', author: 'mallory', details: { did: 'note', reason: 'Of somebody else' } }
const isShown = ({ author }: AuditEntry) => author !== 'mallory'

/** Entries of somebody and of others, by turns. */
const LOG = madeLog(OTHERS, {}, OTHERS, { action: 'export' }, OTHERS, {}, OTHERS)
const HEADS = [2, 5, 7].map((seq) => madeHead(LOG, seq))

function textOf(files: ReadonlyMap<string, Uint8Array>, path: string): string {
  return Buffer.from(files.get(path)!).toString()
}

test('an extract holds against its heads, and shows of entries that do not concern it nothing but a hash', () => {
  const files = extractOf(LOG, isShown, HEADS)
  expect(checkExtract(files, [], AUDITOR.publicKey)).toEqual({
    holds: [
      '3 heads up to entry 7, published at 2026-11-22T10:00:00.000007Z, signed by the key that was given',
      'entries 2 to 7 fit together, 3 of them shown, of the others only hashes',
    ],
    fails: [],
    notChecked: [],
  })
  const all = [...files.values()].map((bytes) => Buffer.from(bytes).toString()).join()
  for (const word of ['mallory', 'somebody', 'review']) expect(all).not.toContain(word)
  for (const { salt, author } of LOG) if (author === 'mallory') expect(all).not.toContain(salt)
})

test('the hash of an entry tells nothing to who guesses what it says: the salt is in it', () => {
  const [one] = madeLog({})
  expect(hashOf({ ...one!, salt: '0'.repeat(32) })).not.toBe(one!.hash)
  const [other] = extractOf(madeLog({}), () => true)
    .get(EXTRACT.chain)!
    .toString()
    .split('\n')
  expect(other).not.toContain(hashOf({ ...one!, salt: '' }))
})

test.each([EXTRACT.before, EXTRACT.chain, EXTRACT.entries, EXTRACT.heads])(
  'any byte of %s that is changed is found',
  (path) => {
    const files = extractOf(LOG, isShown, HEADS)
    const bytes = files.get(path)!
    for (let at = 0; at < bytes.length; at++) {
      const changed = Uint8Array.from(bytes)
      changed[at]! ^= 1
      const { fails } = checkExtract(new Map([...files, [path, changed]]), [], AUDITOR.publicKey)
      // A line end that is missing at the end of a file says the same: the manifests have it.
      if (at < bytes.length - 1) expect(fails, `byte ${at}`).not.toEqual([])
    }
  },
)

test.each(Object.values(EXTRACT))('a missing %s is named', (path) => {
  const files = extractOf(LOG, isShown, HEADS)
  files.delete(path)
  expect(checkExtract(files, [], undefined).fails).toEqual([`${path}: is missing`])
})

test('whatever stands in an extract, checking it throws nothing', () => {
  const files = extractOf(LOG, isShown, HEADS)
  const next = random(5)
  const texts = ['', '\n', '{}', 'null', '[]', '1', '1 {}', ' ', '1 null', '9'.repeat(400), '\0', '{"log":"","kept":1}']
  for (const path of Object.values(EXTRACT)) {
    const cases = texts.map((text) => Buffer.from(text))
    for (let n = 0; n < 200; n++) {
      const bytes = Buffer.from(files.get(path)!)
      for (let k = 0; k < 3; k++) bytes[next() % bytes.length] = next() % 256
      cases.push(bytes)
    }
    for (const bytes of cases) {
      const { holds, fails, notChecked } = checkExtract(new Map([...files, [path, bytes]]), [], AUDITOR.publicKey)
      expect(holds.length + fails.length + notChecked.length).toBeGreaterThan(0)
    }
  }
})

test('an entry that is dropped, put in or exchanged is found', () => {
  const files = extractOf(LOG, isShown, HEADS)
  const lines = textOf(files, EXTRACT.chain).split('\n')
  const changes: readonly (readonly string[])[] = [
    lines.toSpliced(2, 1),
    lines.toSpliced(2, 0, lines[2]!),
    [lines[1]!, lines[0]!, ...lines.slice(2)],
    lines.slice(0, 3),
  ]
  for (const one of changes) {
    const { fails } = checkExtract(new Map([...files, [EXTRACT.chain, Buffer.from(one.join('\n'))]]), [], undefined)
    expect(fails).not.toEqual([])
  }
})

test('a log that was written anew makes no extract with the heads of the old one, nor does a forged extract hold', () => {
  const anew = madeLog(...LOG.map(({ action }, n) => ({ action, author: n === 3 ? 'nobody' : 'alice' })))
  expect(() => extractOf(anew, isShown, HEADS)).toThrow(
    'made.db: its audit log is not the one that the head of entry 2 is of',
  )
  const forged = new Map([
    ...extractOf(anew, isShown),
    [EXTRACT.heads, extractOf(LOG, isShown, HEADS).get(EXTRACT.heads)!],
  ])
  expect(checkExtract(forged, [], AUDITOR.publicKey).fails.length).toBeGreaterThan(0)
})

test('a log that was cut, or does not fit together, makes no extract', () => {
  expect(() => extractOf(LOG.slice(0, 4), isShown, HEADS)).toThrow('the head of entry 7')
  const altered = LOG.map((entry) => (entry.seq === 4 ? { ...entry, author: 'bob' } : entry))
  expect(() => extractOf(altered, isShown)).toThrow('does not fit together at entry 4')
  expect(() => extractOf(LOG.toSpliced(3, 1), isShown)).toThrow('does not fit together at entry 5')
})

test('heads that another key signed fail, and without a key nothing is said to hold by them', () => {
  const files = extractOf(LOG, isShown, HEADS)
  const [other] = madeLog({})
  expect(other).toBeDefined()
  const heads = textOf(files, EXTRACT.heads)
  const changed = heads.replace(/ [^ ]+\n/, ` ${Buffer.alloc(64).toString('base64')}\n`)
  const { fails } = checkExtract(new Map([...files, [EXTRACT.heads, Buffer.from(changed)]]), [], AUDITOR.publicKey)
  expect(fails).toEqual(['the head of entry 2 was not signed with the key that was given'])
  expect(checkExtract(files, [], undefined).notChecked).toEqual([
    expect.stringContaining('give the key of whoever signs heads'),
  ])
  expect(checkExtract(extractOf(LOG, isShown), [], undefined).notChecked[0]).toMatch(/^no signed head/)
})

test('packs that were made at the end of a log change nothing of the next extract; a head over them shows them', () => {
  const prove = { action: 'prove' }
  const longer = madeLog({}, OTHERS, {}, prove, OTHERS, prove)
  const shorter = longer.slice(0, 3)
  const same = extractOf(longer, isShown)
  expect([...same]).toEqual([...extractOf(shorter, isShown)])
  const published = extractOf(longer, isShown, [madeHead(longer, 6)])
  expect(textOf(published, EXTRACT.entries).match(/"prove"/g)).toHaveLength(2)
})

test('a log whose beginning was purged has an extract of what is left', () => {
  const [first, second] = LOG
  const files = extractOf(LOG, isShown)
  expect(textOf(files, EXTRACT.before)).toBe(`${first!.hash}\n`)
  const early = claim('judge', second!.at)
  expect(checkExtract(files, [early], undefined).holds).toHaveLength(2)
  const { fails, notChecked } = checkExtract(extractOf(LOG.slice(2), isShown), [early], undefined)
  expect([fails, notChecked.at(-1)]).toEqual([
    [],
    '1 revision, review or statement is older than what is left of the log',
  ])
})

function claim(action: Claim['action'], at: number, digest?: string): Claim {
  return { action, at, author: undefined, digest, what: `what was done at ${at}` }
}

test('what a pack says was done must be in the log, with the text that the log has the hash of', () => {
  const details = { did: 'note', findings: 1, digest: digestOf(['note', 'Asked', 'f-1']) }
  const log = madeLog({}, { action: 'review', details })
  const files = extractOf(log, () => true)
  const review = (text: string) => claim('review', log[1]!.at, digestOf(['note', text, 'f-1']))
  expect(checkExtract(files, [claim('judge', log[0]!.at), review('Asked')], undefined).holds.at(-1)).toBe(
    '2 revisions, reviews and statements of the findings are in the log',
  )
  expect(checkExtract(files, [review('Did not ask')], undefined).fails).toEqual([
    expect.stringContaining('its text is not the one that the audit log has the hash of'),
  ])
  expect(checkExtract(files, [claim('judge', NOW - 5)], undefined).fails).toEqual([
    expect.stringContaining('the audit log has no entry of it'),
  ])
  const by = { ...claim('review', log[1]!.at), author: 'mallory' }
  expect(checkExtract(files, [by], undefined).fails).toHaveLength(1)
})

test('a chain of twenty thousand entries is made and checked in a moment', () => {
  const log = madeLog(...Array.from({ length: 20_000 }, (_, n) => (n % 1000 === 0 ? {} : OTHERS)))
  const files = extractOf(log, isShown, [madeHead(log, 20_000)])
  const { holds, fails } = checkExtract(files, [], AUDITOR.publicKey)
  expect(fails).toEqual([])
  expect(holds.at(-1)).toContain('entries 1 to 20000 fit together, 20 of them shown')
})

test('an entry concerns a finding by what was done to it, its client, its app and day, and packs that it is in', () => {
  const trace: FindingTrace = {
    ...{ id: 'f-1', subject: 'user-1', app: 'whatsapp', day: 20_585, policy: 'p1', since: NOW },
    deeds: new Set([deedOf('judge', NOW), deedOf('review', NOW + 7)]),
  }
  const concerns = concernOf([trace])
  const cases: readonly (readonly [boolean, string, number, Record<string, string | readonly string[]>])[] = [
    [true, 'judge', NOW, {}],
    [false, 'judge', NOW + 1, {}],
    [true, 'review', NOW + 7, {}],
    [false, 'suppress', NOW + 7, {}],
    [true, 'policy', NOW, { policy: 'p1' }],
    [false, 'policy', NOW, { policy: 'p2' }],
    [true, 'export', NOW + 1, { app: '' }],
    [true, 'export', NOW + 1, { app: 'whatsapp', from: '2026-05-12', until: '2026-05-12' }],
    [false, 'export', NOW + 1, { app: 'signal' }],
    [false, 'export', NOW + 1, { app: '', from: '2026-05-13' }],
    [false, 'export', NOW - 1, { app: '' }],
    [true, 'report', NOW + 1, { from: '2026-05-01', until: '2026-05-31' }],
    [false, 'report', NOW + 1, { from: '2026-06-01', until: '2026-06-30' }],
    [true, 'unseal', NOW, { subject: unsealedDigest('user-1') }],
    [false, 'unseal', NOW, { subject: unsealedDigest('user-2') }],
    [true, 'prove', NOW, { of: [provedDigest('f-9'), provedDigest('f-1')] }],
    [false, 'prove', NOW, { of: [provedDigest('f-9')] }],
    [false, 'sweep', NOW, {}],
  ]
  for (const [wanted, action, at, details] of cases) {
    const [entry] = madeLog({ action, at, details })
    expect([action, at, details, concerns(entry!)]).toEqual([action, at, details, wanted])
  }
})
