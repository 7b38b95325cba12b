import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MICROS_PER_DAY } from '../../../src/base/time.ts'
import { keyFileOf } from '../../../src/cli/key.ts'
import { parsePolicy } from '../../../src/judge/load.ts'
import type { Activity, Finding, Verdict } from '../../../src/model/finding.ts'
import type { Policy } from '../../../src/model/policy.ts'
import { Store } from '../../../src/store/store.ts'
import { Clients } from '../../../src/subjects/clients.ts'
import { batch, content, OPTIONS, reading, sighting, temporaryFolder } from '../../store/made.ts'

const dayOf = (text: string) => Date.parse(`${text}T00:00:00Z`) / 86_400_000

/** The first and the last day of the scenario. */
export const FIRST = dayOf('2025-01-01')
export const LAST = dayOf('2025-05-31')
const IN_FORCE = dayOf('2025-03-01')

const POLICY = `organisation: Department of Examples
in-force: 2025-03-01
timezone: Europe/Paris
networks:
  - { name: headquarters, kind: office, scope: managed, cidrs: [10.1.0.0/16] }
gateways: []
registers:
  - { name: staff, file: staff.csv, holds: users, fields: [user], group: directorate }
rules:
  - { name: consumer-messaging, ruling: prohibited, categories: [messaging], reason: Circular 7 }
versions:
  - name: second
    in-force: 2025-04-14
    rules:
      - { name: consumer-messaging, ruling: prohibited, categories: [messaging], reason: Circular 9 }
exemptions:
  - { name: press-office, apps: [whatsapp], networks: [headquarters], from: 2025-03-01, until: 2025-04-30, approver: Head of communications, reference: X-1, reason: Press enquiries }
  - { name: mission-abroad, apps: [signal], networks: [headquarters], from: 2025-05-01, until: 2025-07-31, approver: Head of security, reference: X-2, reason: Travel }
`

/** Apps by how many in a thousand people a day use them before the rule; Signal's users hardly change. */
const APPS: readonly (readonly [app: string, before: number, after: number])[] = [
  ['whatsapp', 150, 50],
  ['telegram', 60, 25],
  ['signal', 40, 36],
  ['facebook-messenger', 25, 6],
  ['line', 3, 1],
  ['kakaotalk', 1, 1],
]
/** Directorates by how many belong to them beside those who use such an app at all. */
const GROUPS: Readonly<Record<string, number>> = {
  Finance: 40,
  Health: 75,
  Transport: 52,
  Planning: 31,
  'Legal service': 3,
  'Press office': 1,
  Archives: 24,
}
const NETWORKS = ['headquarters', 'home-laptops', 'annex "B" <east>']

/** The policy of the scenario, in a file beside the store. */
export interface Scenario {
  readonly store: string
  readonly policyFile: string
  readonly policy: Policy
}

/** A store of five invented months: use falls after the rule, a sixth of the people go past the VPN. */
export function scenario(people = 90): Scenario {
  const folder = temporaryFolder()
  const [file, policyFile] = [join(folder, 'store.db'), join(folder, 'policy.yaml')]
  writeFileSync(policyFile, POLICY)
  const policy = parsePolicy(POLICY, policyFile)
  const store = Store.open(file, { ...OPTIONS, clock: () => (LAST + 1) * MICROS_PER_DAY })
  const key = hash('key')
  writeFileSync(keyFileOf(file), `${key}\n`, { mode: 0o600 })
  writeFileSync(join(folder, 'staff.csv'), staff(people))
  const clients = new Clients(Buffer.from(key, 'hex'), true)
  const users = Array.from({ length: people }, (_, n) => clients.user(userOf(n))!)
  const coverage = [
    { reason: 'packets', count: 91_000_000 },
    { reason: 'flows', count: 1_200_000 },
    { reason: 'flows_named', count: 1_011_000 },
    { reason: 'flows_tunnel', count: 120_000 },
    { reason: 'flows_encrypted_dns', count: 69_000 },
    { reason: 'client_hello_encrypted', count: 41_000 },
    { reason: 'excluded_observations', count: 310 },
  ]
  const seen = users.flatMap((client) => [FIRST, LAST].map((day) => sighting(0, { client, quarter: day * 96 })))
  store.begin(reading('egress.pcap')).complete(content('a'), batch({ sightings: seen, coverage }))
  store.begin(reading('empty.log', { kind: 'log', format: 'squid' })).complete(content('b'), batch())
  const subjects = users.map(({ kind, tag }) => `${kind}-${tag}`)
  store.judging('made', () => {
    for (let day = FIRST; day <= LAST; day++) {
      for (const [n, subject] of subjects.entries()) {
        const findings = findingsOf(subject, n, day, policy)
        if (findings.length > 0 || day === FIRST || day === LAST) store.replaceFindings(day, subject, findings)
      }
    }
  })
  store.close()
  return { store: file, policyFile, policy }
}

const userOf = (n: number) => `person${n}@department.example`

/** The directorate of the nth who uses such apps; undefined for who is in no register. */
function groupOf(n: number): string | undefined {
  if (n % 13 === 12) return undefined
  if (n % 29 === 0) return 'Legal service'
  return n > 9 && n < 20 ? 'Press office' : ['Finance', 'Health', 'Transport', 'Planning'][n % 4]!
}

/** The register: those who use such apps, as far as it has them, and many others. */
function staff(people: number): string {
  const users = Array.from({ length: people }, (_, n) => [userOf(n), groupOf(n)]).filter(
    ([, group]) => group !== undefined,
  )
  const others = Object.entries(GROUPS).flatMap(([group, count]) =>
    Array.from({ length: count }, (_, n) => [`other${n}.${group.replace(' ', '')}@department.example`, group]),
  )
  return [['user', 'directorate'], ...users, ...others].map((row) => `${row.join(',')}\n`).join('')
}

/** What one person did on one day, as chance by hash has it. */
function findingsOf(subject: string, n: number, day: number, policy: Policy): Finding[] {
  const weekday = (day + 3) % 7
  if (weekday > 4) return []
  return APPS.flatMap(([app, before, after], k) => {
    const rate = day < IN_FORCE ? before : after + (before - after) * Math.exp((IN_FORCE - day) / 12)
    // Half of the people are inclined to it.
    if (chance(`${subject} ${app}`) > 0.5 || chance(`${subject} ${app} ${day}`) * 1000 > rate * 2) return []
    const bypass = n % 6 === 0 && chance(`${subject} ${day} way`) < 0.6
    const exempt = app === 'whatsapp' && n % 11 === 0 && day >= IN_FORCE && day <= dayOf('2025-04-30')
    const activity = (['background', 'messaging', 'background', 'call'] as const)[(n + k) % 4]!
    const group = groupOf(n)
    return [
      {
        id: `f-${hash(`${subject} ${app} ${day}`).slice(0, 16)}`,
        revision: 0,
        day,
        client: subject.slice(0, 13),
        app,
        appName: app,
        category: 'messaging' as const,
        network: NETWORKS[bypass ? 1 : n % 17 === 0 ? 2 : 0]!,
        scope: 'managed' as const,
        ...(group !== undefined && { group }),
        verdicts: [verdictOf(day, bypass, exempt, activity)],
        policy: policy.hash,
      },
    ]
  })
}

function verdictOf(day: number, bypass: boolean, exempt: boolean, activity: Activity): Verdict {
  const judged = <T>(value: T, rule = 'made') => ({ value, rule, reason: 'Made for a test.' })
  const first = day * MICROS_PER_DAY + 9 * 3_600_000_000
  return {
    route: judged(bypass ? 'no-tunnel' : activity === 'call' ? 'unknown' : 'government'),
    bypass,
    ruling: day < IN_FORCE ? judged('not-in-force') : exempt ? judged('exempt', 'press-office') : judged('prohibited'),
    grade: judged('confirmed'),
    activity: judged(activity),
    severity: judged(day < IN_FORCE || exempt ? 'none' : bypass ? 'high' : 'medium'),
    minutes: 3,
    first,
    last: first,
    blocked: false,
    evidence: [],
    evidenceOmitted: 0,
  }
}

/** From 0 to 1, the same for the same text. */
function chance(text: string): number {
  return Number.parseInt(hash(text).slice(0, 8), 16) / 2 ** 32
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
