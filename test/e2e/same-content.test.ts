import { cpSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { dump } from '../store/dump.ts'
import { capture } from './inputs.ts'
import { SAMPLES, statuses, Workplace } from './program.ts'

/** A policy that says the same of every input, whatever its name. */
const ANYWHERE = (cidrs: string) => `organisation: Made
in-force: 2026-01-01
timezone: UTC
networks:
  - { name: office, kind: office, scope: managed, cidrs: [${cidrs}] }
inputs:
  - { match: '**', vantage: office-lan }
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: made }
`

/** A workplace with the samples in `in/` and a store that has them. */
async function swept() {
  const place = new Workplace()
  for (const folder of ['captures', 'logs/day'])
    cpSync(join(SAMPLES, folder), join(place.folder, 'in'), { recursive: true })
  place.put('policy.yaml', ANYWHERE('10.0.0.0/8'))
  const { status, report } = await place.sweep(['in', '--policy', 'policy.yaml'])
  expect([status, report.inputs.length]).toEqual([0, 6])
  const before = dump(place.store)
  expect([before.readings!.length, before.sightings!.length > 0, before.findings!.length > 0]).toEqual([6, true, true])
  return { place, before, names: readdirSync(join(place.folder, 'in')).sort() }
}

test('swept twice nothing changes, whatever the names', async () => {
  const { place, before, names } = await swept()
  const second = await place.sweep(['in', '--policy', 'policy.yaml'])
  expect(statuses(second.report)).toEqual(names.map((name) => `in/${name}: known`))
  expect(second.report.judged).toMatchObject({ scope: 'dirty', subjectDays: 0 })
  expect(dump(place.store)).toEqual(before)

  renameSync(join(place.folder, 'in'), join(place.folder, 'archive'))
  const renamed = await place.sweep(['archive', '--policy', 'policy.yaml', '--no-hash'])
  expect(renamed.report.inputs).toMatchObject(names.map((name) => ({ status: 'known', detail: `in/${name}` })))
  expect(dump(place.store)).toEqual(before)
})

test('packed, or through standard input, contents are known again', async () => {
  const { place, before, names } = await swept()
  const packers = [zlib.gzipSync, zlib.zstdCompressSync ?? zlib.gzipSync]
  for (const [i, name] of names.entries()) {
    const bytes = readFileSync(join(place.folder, 'in', name))
    place.put(`packed/${name}.z`, packers[i % 2]!(bytes))
    const { status, report } = await place.sweep(['-', '--policy', 'policy.yaml'], bytes)
    expect([status, ...statuses(report)]).toEqual([0, '-: known'])
  }
  const { status, report } = await place.sweep(['packed', '--policy', 'policy.yaml'])
  expect([status, ...report.inputs.map((input) => input.status)]).toEqual([0, ...names.map(() => 'known')])
  expect(dump(place.store)).toEqual(before)
})

test('in whichever order inputs come, and by themselves or together, facts and findings are the same', async () => {
  const { place, names } = await swept()
  const other = new Workplace()
  cpSync(place.folder, other.folder, { recursive: true, filter: (file) => !/\.db(-...)?$/.test(file) })
  for (const name of [...names].reverse()) {
    expect((await other.sweep([`in/${name}`, '--policy', 'policy.yaml'])).status).toBe(0)
  }
  expect(withoutRevisions(dump(other.store))).toEqual(withoutRevisions(dump(place.store)))
})

/** How often a finding changed depends on what came when. */
function withoutRevisions(stored: Record<string, string[]>) {
  const findings = stored.findings!.map((line) => ({ ...JSON.parse(line), revision: 0 }))
  return { ...stored, findings }
}

test('under changed networks a content is read again only where that is asked for, also from standard input', async () => {
  const place = new Workplace()
  const content = capture({ name: 'g.whatsapp.net' })
  place.put('a.pcap', content)
  place.put('old.yaml', ANYWHERE('10.0.0.0/8'))
  place.put('new.yaml', ANYWHERE('10.1.0.0/16'))
  await place.sweep(['a.pcap', '--policy', 'old.yaml'])
  const { sightings, readings } = dump(place.store)

  const changed = await place.sweep(['a.pcap', '--policy', 'new.yaml'])
  expect([changed.status, ...statuses(changed.report)]).toEqual([0, 'a.pcap: changed'])
  expect(changed.stderr).toContain('--again')
  const piped = await place.sweep(['-', '--policy', 'new.yaml'], content)
  expect([piped.status, ...statuses(piped.report)]).toEqual([0, '-: changed'])
  expect(dump(place.store)).toMatchObject({ sightings, readings })

  const again = await place.sweep(['a.pcap', '--policy', 'new.yaml', '--again'])
  expect([again.status, ...statuses(again.report)]).toEqual([0, 'a.pcap: replaced'])
  const after = dump(place.store)
  expect(after.readings).toHaveLength(1)
  expect(after.readings).not.toEqual(readings)
  expect(after.sightings).toHaveLength(sightings!.length)
  expect(statuses((await place.sweep(['a.pcap', '--policy', 'new.yaml', '--again'])).report)).toEqual(['a.pcap: known'])
})

test('judged by another policy findings change without an input, and back', async () => {
  const { place } = await swept()
  renameSync(join(place.folder, 'in'), join(place.folder, 'gone'))
  const before = dump(place.store)
  place.put('lenient.yaml', ANYWHERE('10.0.0.0/8').replace('ruling: prohibited', 'ruling: permitted'))
  const judge = async (policy: string) => {
    const { status, stdout } = await place.run(['judge', '--policy', policy, '--json'])
    expect(status).toBe(0)
    return JSON.parse(stdout).findings.map(
      ({ id, verdicts }: { id: string; verdicts: { severity: { value: string } }[] }) => [
        id,
        verdicts[0]!.severity.value,
      ],
    )
  }
  const strict = await judge('policy.yaml')
  const lenient = await judge('lenient.yaml')
  expect(lenient.map(([id]: string[]) => id).sort()).toEqual(strict.map(([id]: string[]) => id).sort())
  expect(lenient).not.toEqual(strict)
  expect(await judge('policy.yaml')).toEqual(strict)
  const after = dump(place.store)
  expect(withoutRevisions(after)).toEqual(withoutRevisions(before))
})
