import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { parsePolicy } from '../src/judge/load.ts'
import { placesOf } from '../src/judge/places.ts'
import { judgeStore } from '../src/judgement.ts'
import type { Finding } from '../src/model/finding.ts'
import type { RegisterDeclaration, Registers } from '../src/model/register.ts'
import type { Store } from '../src/store/store.ts'
import { Clients } from '../src/subjects/clients.ts'
import { joinRegisters } from '../src/subjects/registers.ts'
import { sweep } from '../src/sweep/sweep.ts'
import { capture, MORNING } from './e2e/inputs.ts'
import { APPS } from './judge/apps.ts'
import { fc } from './property.ts'
import { temporaryFolder, temporaryStore } from './store/made.ts'

const KEY = Buffer.alloc(32, 5)
const SIGNATURES = { hash: 's1', signatures: APPS }
const POLICY = parsePolicy(
  `organisation: Made
in-force: 2026-03-01
timezone: UTC
networks:
  - { name: staff-wifi, kind: guest, scope: mixed, cidrs: [172.16.20.0/24] }
gateways:
  - { name: vpn-1, addresses: [203.0.113.10] }
inputs:
  - { match: 'wifi*', vantage: access-network }
  - { match: 'proxy*', vantage: proxy }
rules:
  - { name: prohibited, ruling: prohibited, categories: [messaging, concealment], reason: Made for a test }
`,
  'policy.yaml',
)
const REGISTER: RegisterDeclaration = {
  name: 'laptops',
  file: 'laptops.csv',
  holds: 'devices',
  scope: 'managed',
  fields: ['mac'],
  group: 'office',
}

/** What happens in a minute: a lease, a tunnel's beginning or end, a request at the proxy, a flow on the Wi-Fi. */
interface Happening {
  readonly minute: number
  readonly who: number
  readonly what: 'lease' | 'up' | 'down' | 'proxy' | 'flow'
  readonly name: string
}

const happening: fc.Arbitrary<Happening> = fc.record({
  minute: fc.integer({ min: -40, max: 100 }),
  who: fc.integer({ min: 1, max: 3 }),
  what: fc.constantFrom('lease', 'up', 'down', 'proxy', 'proxy', 'flow', 'flow'),
  name: fc.constantFrom('chat.palaver.example', 'web.palaver.example', 'exit.veil.example', 'www.example.org'),
})

const address = (who: number) => `172.16.20.${10 + (who % 2)}`
const hardware = (who: number) => `02:00:5e:10:00:0${who}`
const clock = (minute: number) =>
  new Date(MORNING / 1000 + minute * 60_000).toISOString().replace('T', ' ').slice(0, 19)

/** The lines of each log, and the capture. */
function inputsOf(happenings: readonly Happening[]) {
  const sorted = happenings.toSorted((a, b) => a.minute - b.minute)
  const of = (...kinds: readonly Happening['what'][]) => sorted.filter(({ what }) => kinds.includes(what))
  const logs = {
    dhcp: of('lease').map(
      ({ minute, who }) =>
        `${clock(minute)}.101 INFO  [kea-dhcp4.leases/812.1402] DHCP4_LEASE_ALLOC [hwtype=1 ${hardware(who)}], cid=[no info], tid=0x1a2b: lease ${address(who)} has been allocated for 3600 seconds`,
    ),
    vpn: of('up', 'down').map(({ minute, who, what }) =>
      what === 'up'
        ? `${clock(minute)} user${who}/${address(who)}:59321 MULTI: primary virtual IP for user${who}/${address(who)}:59321: 10.8.0.${who}`
        : `${clock(minute)} user${who}/${address(who)}:59321 SIGTERM[soft,remote-exit] received, client-instance exiting`,
    ),
    proxy: of('proxy').map(
      ({ minute, who, name }) =>
        `${(MORNING / 1e6 + minute * 60).toFixed(3)}      0 10.8.0.${who} TCP_TUNNEL/200 5120 CONNECT ${name}:443 - HIER_DIRECT/198.51.100.9 -`,
    ),
  }
  const flows = of('flow').map(({ minute, who, name }) => ({
    client: address(who),
    name,
    time: MORNING + minute * 60e6,
  }))
  return { logs, wifi: capture(...flows) }
}

/** Sweeps files of a folder, those of a list in one sweep, and judges after each. */
async function judged(files: readonly (readonly string[])[], registers: Registers, partSize: number): Promise<Store> {
  const store = temporaryStore()
  for (const some of files) {
    const outcomes = await sweep(some, {
      store,
      signatures: SIGNATURES,
      policy: POLICY,
      key: KEY,
      siteOf: (input) => placesOf(POLICY).input(input)?.site ?? '',
      standardInput: Readable.from([]),
      format: undefined,
      mapping: '',
      times: {},
      again: false,
      hash: true,
      partSize,
      progress: () => {},
      stopped: () => false,
    })
    expect(outcomes.map(({ status, detail }) => `${status} ${detail ?? ''}`)).toEqual(some.map(() => 'read '))
    judgeStore(store, POLICY, SIGNATURES, registers)
  }
  return store
}

/** Byte for byte, without how often something else was said before. */
const said = (store: Store) => store.findings().map((finding) => JSON.stringify({ ...finding, revision: 0 }))

/** The same without the lines and files that it rests on. */
function saidApart(store: Store): string[] {
  return store.findings().map(({ verdicts, ...finding }: Finding) =>
    JSON.stringify({
      ...finding,
      revision: 0,
      verdicts: verdicts.map(({ evidence, evidenceOmitted, sessions, sessionsOmitted, notes, ...verdict }) => verdict),
    }),
  )
}

test('inputs in any order, read whole or in parts by threads, at once or one by one, give the same findings byte for byte, and split over other files the same verdicts', async () => {
  let found = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 12, maxLength: 40 }),
      fc.infiniteStream(fc.nat()),
      async (happenings, random) => {
        const folder = temporaryFolder()
        const { logs, wifi } = inputsOf(happenings)
        const write = (name: string, bytes: string | Uint8Array) => {
          writeFileSync(join(folder, name), bytes)
          return join(folder, name)
        }
        const shuffled = <T>(list: readonly T[]) =>
          list
            .map((one) => ({ one, at: random.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one)
        const whole = [write('wifi.pcap', wifi)]
        const pieces = [...whole]
        for (const [name, lines] of Object.entries(logs)) {
          if (lines.length === 0) continue
          const text = (some: readonly string[]) => `${some.join('\n')}\n`
          whole.push(write(`${name}.log`, text(lines)))
          const cut = (random.next().value as number) % lines.length
          for (const [i, piece] of [lines.slice(0, cut), lines.slice(cut)].entries()) {
            if (piece.length > 0) pieces.push(write(`${name}-piece-${i}.log`, text(piece)))
          }
        }
        const csv = `mac,office\n${hardware(1)},Harbour\n${hardware(2)},Registry\n`
        const registers = joinRegisters([{ declaration: REGISTER, text: csv }], new Clients(KEY, false))
        const plain = await judged([whole], registers, 1 << 25)
        const parts = await judged([shuffled(whole)], registers, 1000)
        const onebyone = await judged(
          shuffled(whole).map((one) => [one]),
          registers,
          1 << 25,
        )
        const apart = await judged([shuffled(pieces)], registers, 1 << 25)
        expect(said(parts)).toEqual(said(plain))
        expect(said(onebyone)).toEqual(said(plain))
        expect(saidApart(apart)).toEqual(saidApart(plain))
        found += plain.findings().length
        for (const store of [plain, parts, onebyone, apart]) store.close()
      },
    ),
    { numRuns: 3 },
  )
  expect(found).toBeGreaterThan(0)
}, 60_000)
