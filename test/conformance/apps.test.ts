import { existsSync, readdirSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type AppComparison, compareApps, flowKey, guessOf, labelOf, SAME_APP } from './apps.ts'
import { folder, type Row } from './corpora.ts'

/** Share of the flows that nDPI labels by a name; and of all, those that only bytes tell included. */
const BY_NAME = 0.99
const OF_ALL = 0.94
/** The same of single apps, calls and files included. */
const OF_APP = { WhatsApp: 0.95, Telegram: 0.95 }

/** Set to anything, the flows that are not labelled the same are told as well. */
const tellMissing = process.env.OFFCHANNEL_MISSING !== undefined

describe.skipIf(folder === undefined || !existsSync('dist/bundle'))('on captures of others', () => {
  let compared: AppComparison

  beforeAll(async () => {
    compared = await compareApps()
  }, 300_000)

  test('nearly all flows that nDPI labels with an app by a name are labelled the same', () => {
    const { same, of } = compared.byName
    console.info(`by name: ${same} of ${of}, ${percent(same / of)}`)
    expect(of).toBeGreaterThan(0)
    expect(same / of).toBeGreaterThanOrEqual(BY_NAME)
  })

  test('no smaller share of all flows than before is labelled the same as nDPI labels them', () => {
    let same = 0
    let of = 0
    for (const [label, score] of [...compared.labels].sort(([a], [b]) => (a < b ? -1 : 1))) {
      console.info(`  ${label}: ${score.same} of ${score.of}`)
      same += score.same
      of += score.of
    }
    console.info(`all: ${same} of ${of}, ${percent(same / of)}`)
    for (const [reason, rows] of compared.guesses) console.info(`  left out, ${reason}: ${rows.length}`)
    if (tellMissing) {
      for (const [flow, count] of counted(compared.missing)) console.info(`  missing, ${count} of ${flow}`)
      for (const [flow, count] of counted(compared.more)) console.info(`  more, ${count} of ${flow}`)
    }
    expect(same / of).toBeGreaterThanOrEqual(OF_ALL)
  })

  test.each(Object.entries(OF_APP))('nearly all flows of %s are labelled so', (app, least) => {
    const scores = [...compared.labels].filter(([label]) => label.startsWith(app)).map(([, score]) => score)
    const [same, of] = [sum(scores.map((score) => score.same)), sum(scores.map((score) => score.of))]
    console.info(`${app}: ${same} of ${of}, ${percent(same / of)}`)
    expect(same / of).toBeGreaterThanOrEqual(least)
  })

  test('no flow is given an app where nDPI sees another', () => {
    const others = compared.missing.filter(([, said]) => said.length > 0)
    expect(others.map(([row, said]) => told(row, said))).toEqual([])
  })
})

describe('what nDPI writes of a flow', () => {
  test.each([
    ['TLS.WhatsApp', 'WhatsApp'],
    ['WireGuard.Mullvad', 'Mullvad'],
    ['OpenVPN.AmazonAWS', 'OpenVPN'],
    ['TLS.Facebook', undefined],
    ['TLS', undefined],
  ])('%s is compared by its label %s', (ndpi_proto, label) => {
    expect(labelOf({ ndpi_proto })).toBe(label)
  })

  test.each([
    [{ ndpi_proto: 'WhatsApp', confidence: 'Match by IP' }, 'by address alone'],
    [{ ndpi_proto: 'CiscoVPN', confidence: 'Match by port' }, 'by port alone'],
    [{ ndpi_proto: 'STUN.SignalVoip', confidence: 'DPI (cache)' }, 'by another flow of the same address'],
    [{ ndpi_proto: 'Telegram', confidence: 'DPI (partial)' }, 'before it was sure'],
    [{ ndpi_proto: 'OpenVPN.NordVPN', confidence: 'DPI' }, 'a tunnel, and its vendor by address'],
    [{ ndpi_proto: 'TLS.WhatsApp', confidence: 'DPI' }, undefined],
  ])('%j is a guess: %s', (row, reason) => {
    expect(guessOf(row)).toBe(reason)
  })

  test('is of one flow with what is said here, whichever end comes first and however an address is written', () => {
    const key = flowKey('a.pcap', ['192.0.2.1', '50000'], ['2001:db8:0:0:0:0:0:1', '443'])
    expect(flowKey('a.pcap', ['2001:db8::1', 443], ['192.0.2.1', 50000])).toBe(key)
    expect(flowKey('a.pcap', ['2001:db8::1', 443], ['192.0.2.1', 50001])).not.toBe(key)
    expect(flowKey('b.pcap', ['2001:db8::1', 443], ['192.0.2.1', 50000])).not.toBe(key)
  })

  test('is compared with apps that there are signatures for', () => {
    const ids = readdirSync('signatures').map((name) => name.slice(0, -'.yaml'.length))
    const unknown = Object.values(SAME_APP)
      .flat()
      .filter((app) => !ids.includes(app))
    expect(unknown).toEqual([])
  })
})

/** Flows of which the same is told, once with their number. */
function counted(flows: AppComparison['missing']): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [row, said] of flows) counts.set(told(row, said), (counts.get(told(row, said)) ?? 0) + 1)
  return counts
}

function told(row: Row, said: readonly string[]): string {
  const { ndpi_proto, hostname, l4, dport, file, confidence } = row
  const parts = [
    ndpi_proto,
    hostname,
    `${l4}/${dport}`,
    `(${confidence}) in ${file}, here`,
    said.join(', ') || 'nothing',
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
