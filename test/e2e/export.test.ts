import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exportFormats } from '../../src/report/exports/index.ts'
import { capture, MORNING } from './inputs.ts'
import { POLICY, Workplace } from './program.ts'

const LATER = MORNING + 86_400e6

async function swept(): Promise<Workplace> {
  const place = new Workplace()
  const telegram = { name: 'web.telegram.org', client: '10.1.4.32' }
  place.put('office.pcap', capture({ name: 'g.whatsapp.net' }, telegram, { ...telegram, time: LATER }))
  await place.sweep(['office.pcap', '--policy', POLICY])
  return place
}

const ids = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).id)

test('every format writes the same to a file and to standard output, and the same again', async () => {
  const place = await swept()
  for (const { name, of, binary } of exportFormats) {
    const choice = of === 'findings' ? [] : ['--policy', POLICY, '--on', '2026-05-12']
    const said = await place.run(['export', name, ...choice, '--output', `${name}.out`])
    expect([name, said.status, said.stdout]).toEqual([name, 0, ''])
    expect(said.stderr).toMatch(
      of === 'findings' ? /^3 findings exported; clients are pseudonyms\.\n/ : /^\d+ names of \d+/,
    )
    const file = readFileSync(join(place.folder, `${name}.out`))
    expect(file.length).toBeGreaterThan(100)
    if (binary) continue
    expect((await place.run(['export', name, ...choice])).stdout).toBe(file.toString())
  }
  expect(readdirSync(place.folder).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('findings come day by day, and are chosen as `findings` chooses them', async () => {
  const place = await swept()
  const listed = ids((await place.run(['findings', '--json'])).stdout)
  const all = ids((await place.run(['export', 'ndjson'])).stdout)
  expect(all.toSorted()).toEqual(listed.toSorted())
  const first = await place.run(['export', 'ndjson', '--until', '2026-05-12'])
  expect(ids(first.stdout)).toEqual(all.slice(0, 2))
  expect(ids((await place.run(['export', 'ndjson', '--from', '2026-05-13'])).stdout)).toEqual(all.slice(2))
  const telegram = await place.run(['export', 'ndjson', '--app', 'telegram'])
  expect(telegram.stdout.match(/"app":"telegram"/g)).toHaveLength(2)
  expect(ids((await place.run(['export', 'ndjson', '--severity', 'high'])).stdout)).toEqual([])
})

test('no address of a client is in any export', async () => {
  const place = await swept()
  for (const { name, of, binary } of exportFormats) {
    if (of === 'names' || binary) continue
    expect((await place.run(['export', name])).stdout).not.toMatch(/10\.1\.4\.3[12]/)
  }
})

test('how a finding stands is exported with it', async () => {
  const place = await swept()
  const [id] = ids((await place.run(['export', 'ndjson'])).stdout)
  await place.run(['review', 'close', id, '--author', 'A. Example', '--reason', 'Ticket 4711'])
  const { stdout } = await place.run(['export', 'csv'])
  expect(
    stdout
      .split('\r\n')
      .filter((line) => line.includes(',closed,'))
      .map((line) => line.slice(0, 18)),
  ).toEqual([id])
})

test('a file that is there is kept, unless it is to be replaced', async () => {
  const place = await swept()
  place.put('findings.csv', 'mine')
  const refused = await place.run(['export', 'csv', '--output', 'findings.csv'])
  expect([refused.status, refused.stderr]).toEqual([
    2,
    'offchannel: findings.csv: is there already: give another name, or --force to replace it\n',
  ])
  expect(readFileSync(join(place.folder, 'findings.csv'), 'utf8')).toBe('mine')
  expect((await place.run(['export', 'csv', '--output', 'findings.csv', '--force'])).status).toBe(0)
  expect(readFileSync(join(place.folder, 'findings.csv'), 'utf8')).toMatch(/^finding,/)
})

test('what cannot be written leaves nothing behind', async () => {
  const place = await swept()
  mkdirSync(join(place.folder, 'folder'))
  // The store's own files come and go with its readers.
  const files = () => readdirSync(place.folder).filter((name) => !name.startsWith('offchannel.db'))
  const before = files()
  const folder = await place.run(['export', 'csv', '--output', 'folder', '--force'])
  expect([folder.status, folder.stderr]).toEqual([2, 'offchannel: folder: is no plain file\n'])
  const nowhere = await place.run(['export', 'csv', '--output', 'nowhere/findings.csv'])
  expect([nowhere.status, nowhere.stderr]).toEqual([
    2,
    expect.stringMatching(/nowhere\/findings\.csv: cannot be written: /),
  ])
  expect(files()).toEqual(before)
  expect(existsSync(join(place.folder, 'nowhere'))).toBe(false)
})

test('wrong usage is told: a workbook without a file, names without a policy, options of other formats', async () => {
  const place = await swept()
  const cases = [
    [['xlsx'], "required option '--output <file>'"],
    [['rpz'], "required option '--policy <file>'"],
    [['hosts', '--policy', POLICY, '--on', '2026-01-01'], 'prohibits nobody anything by name on this day'],
    [['csv', '--tlp', 'red'], "unknown option '--tlp'"],
    [['stix', '--tlp', 'blue'], 'Allowed choices are white, green, amber, red'],
    [['pdf'], "unknown command 'pdf'"],
  ] as const
  for (const [args, message] of cases) {
    const { status, stdout, stderr } = await place.run(['export', ...args])
    expect([args[0], status, stdout]).toEqual([args[0], 2, ''])
    expect(stderr).toContain(message)
  }
})
