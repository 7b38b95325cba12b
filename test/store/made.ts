import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { MICROS_PER_MINUTE, MICROS_PER_QUARTER } from '../../src/base/time.ts'
import type { Answer, Batch, Mark, SessionMark } from '../../src/model/batch.ts'
import type { Finding, Verdict } from '../../src/model/finding.ts'
import type { Content, NewReading } from '../../src/model/reading.ts'
import type { Client, Sighting } from '../../src/model/sighting.ts'
import type { StoreOptions } from '../../src/store/open.ts'
import { Store } from '../../src/store/store.ts'

/** 2026-11-21 */
export const DAY = 20778
/** When judgements of the tests are made: ten in the morning of the day after. */
export const NOW = ((DAY + 1) * 24 + 10) * 60 * MICROS_PER_MINUTE
export const OPTIONS: StoreOptions = { identities: 'pseudonym', keyCheck: 'k1', create: true, clock: () => NOW }

/** A folder that is gone when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'offchannel-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store in a folder of its own, closed and gone when the test has ended. */
export function temporaryStore(options: Partial<StoreOptions> = {}): Store {
  const file = join(temporaryFolder(), 'store.db')
  const store = Store.open(file, { ...OPTIONS, ...options })
  onTestFinished(() => store.close())
  return store
}

export function client(text: string, kind: Client['kind'] = 'address'): Client {
  return { kind, tag: hexHash(`${kind} ${text}`).slice(0, 32), clear: text }
}

/** In quarter-hour `slot` of the day; what is not given is that of one TLS hit at its start. */
export function sighting(slot: number, given: Partial<Sighting> = {}): Sighting {
  const quarter = given.quarter ?? DAY * 96 + slot
  const first = given.first ?? quarter * MICROS_PER_QUARTER
  return {
    client: client('10.0.0.5'),
    user: undefined,
    network: 'office',
    app: 'whatsapp',
    indicator: 'whatsapp exact g.whatsapp.net',
    means: 'tls-sni',
    action: '',
    mask: 1,
    count: 1,
    bytesUp: -1,
    bytesDown: -1,
    last: first + MICROS_PER_MINUTE / 2,
    firstAt: 1,
    lastAt: 2,
    ...given,
    quarter,
    first,
  }
}

export function mark(slot: number, given: Partial<Mark> = {}): Mark {
  return {
    client: client('10.0.0.5'),
    gateway: 'north',
    quarter: DAY * 96 + slot,
    mask: 1,
    count: 1,
    firstAt: 1,
    ...given,
  }
}

/** In a minute of the day: a lease of `10.0.0.5` that begins, unless something else is given. */
export function sessionMark(minute: number, given: Partial<SessionMark> = {}): SessionMark {
  return {
    kind: 'lease',
    event: 'start',
    time: DAY * 96 * MICROS_PER_QUARTER + minute * MICROS_PER_MINUTE,
    since: -1,
    until: -1,
    outer: undefined,
    inner: client('10.0.0.5'),
    user: undefined,
    device: undefined,
    gateway: '',
    protocol: 'dhcp',
    position: 1,
    ...given,
  }
}

export function answer(given: Partial<Answer> = {}): Answer {
  const start = DAY * 96 * MICROS_PER_QUARTER
  return {
    client: client('10.0.0.5'),
    address: '157.240.1.60',
    indicator: 'whatsapp exact g.whatsapp.net',
    app: 'whatsapp',
    start,
    until: start + MICROS_PER_MINUTE,
    ...given,
  }
}

export function batch(given: Partial<Batch> = {}): Batch {
  return { sightings: [], marks: [], sessions: [], answers: [], coverage: [], ...given }
}

export function reading(input = 'a.pcap', given: Partial<NewReading> = {}): NewReading {
  return { input, kind: 'capture', format: 'pcap', source: 'file', settings: 's1', ...given }
}

export function content(name: string, given: Partial<Content> = {}): Content {
  return { length: 1000, sample: hexHash(`sample ${name}`), sha256: hexHash(name), ...given }
}

export function hexHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function verdict(
  given: { severity?: Verdict['severity']['value']; bypass?: boolean; minutes?: number } = {},
): Verdict {
  const bypass = given.bypass ?? false
  return {
    route: { value: bypass ? 'no-tunnel' : 'unknown', rule: 'made', reason: 'Made for a test.' },
    bypass,
    ruling: { value: 'prohibited', rule: 'made', reason: 'Made for a test.' },
    grade: { value: 'confirmed', rule: 'made', reason: 'Made for a test.' },
    activity: { value: 'messaging', rule: 'made', reason: 'Made for a test.' },
    severity: { value: given.severity ?? 'high', rule: 'made', reason: 'Made for a test.' },
    minutes: given.minutes ?? 1,
    first: DAY * 96 * MICROS_PER_QUARTER,
    last: DAY * 96 * MICROS_PER_QUARTER,
    blocked: false,
    evidence: [],
    evidenceOmitted: 0,
  }
}

export function finding(subject: string, app: string, given: Partial<Finding> = {}): Finding {
  const day = given.day ?? DAY
  return {
    id: `f-${hexHash(`${subject} ${app} ${day}`).slice(0, 16)}`,
    revision: 0,
    day,
    client: subject.slice(0, 16),
    app,
    appName: app,
    category: 'messaging',
    network: 'office',
    scope: 'managed',
    verdicts: [verdict()],
    policy: 'p1',
    ...given,
  }
}
