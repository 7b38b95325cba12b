import type { FindingNotice, HeadNotice, Notice, SummaryNotice } from '../../src/model/notice.ts'
import { DAY, finding, NOW, verdict } from '../store/made.ts'

/** A message about a finding of app `app-n`, its key ending in n. */
export function notice(n: number, given: Partial<FindingNotice> = {}): FindingNotice {
  const about = finding('address-k3f0ga2c', `app-${n}`, { revision: 1 })
  return {
    key: `${about.id}.1.${n}`,
    at: NOW,
    event: 'found',
    finding: about,
    title: `App ${n} by address-k3f0ga2c on 2026-11-21: unknown, prohibited, confirmed`,
    reason: 'Made for a test. Made for a test. Made for a test.',
    ...given,
  }
}

export const SUMMARY: SummaryNotice = {
  key: `summary.${NOW}.7`,
  at: NOW,
  event: 'summary',
  title: 'Not told one by one: 30 findings of 2026-01-01 to 2026-11-21 (20 high, 10 low; 4 bypasses)',
  reason: 'They are of days long past, and were judged at once.',
  summary: {
    why: 'old',
    findings: 30,
    severities: { high: 20, medium: 0, low: 10, none: 0 },
    bypasses: 4,
    firstDay: DAY - 324,
    lastDay: DAY,
    changes: 0,
  },
}

export const HEAD: HeadNotice = {
  key: `head.${'ab'.repeat(8)}.12.8`,
  at: NOW,
  event: 'head',
  title: 'Audit log up to entry 12',
  reason: 'Made for a test.',
  head: { log: 'ab'.repeat(32), seq: 12, hash: 'cd'.repeat(32), at: NOW, signature: `${'+/A9'.repeat(21)}+A==` },
  proof: `offchannel-head:1:${'ab'.repeat(32)}:12:${'cd'.repeat(32)}:${NOW}:${'-_A9'.repeat(21)}-A`,
}

/** One whose fields hold what the forms give a meaning of their own. */
export const HOSTILE: FindingNotice = (() => {
  const about = finding('address-k3f0ga2c', 'made', {
    id: 'f-0000000000000001',
    revision: 3,
    client: 'a=b|c\\d^e"f]g',
    appName: 'Näme|x=y',
    network: 'of|fice=1\n<13>1 - forged',
    verdicts: [verdict({ severity: 'medium', bypass: true, minutes: 12 })],
  })
  return {
    key: 'f-0000000000000001.3.42',
    at: NOW,
    event: 'changed',
    finding: about,
    title: 'Näme|x=y by a=b|c\\d^e"f]g',
    reason: 'First line\nsecond=line|third\\line^fourth',
  }
})()

export const ALL: readonly Notice[] = [
  notice(1),
  HOSTILE,
  notice(2, { event: 'gone', title: 'Withdrawn: App 2', reason: 'It is no longer found.' }),
  SUMMARY,
]
