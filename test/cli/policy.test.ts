import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPolicyCommand } from '../../src/cli/policy.ts'
import { BUNDLED_SIGNATURES } from '../../src/cli/signature-set.ts'
import { Terminal } from '../../src/cli/terminal.ts'
import { POLICY_TEMPLATE } from '../../src/judge/template.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-cli-policy-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...argv: string[]): Promise<{ stdout: string; stderr: string; status: number }> {
  let stdout = ''
  let stderr = ''
  const out = { write: (text: string) => (stdout += text) }
  const error = { write: (text: string) => (stderr += text) }
  const terminal = new Terminal(out, error, {}, Readable.from([]))
  const program = new Command()
  addPolicyCommand(program, terminal)
  await program.parseAsync(['policy', ...argv], { from: 'user' })
  return { stdout, stderr, status: terminal.exitStatus }
}

function policyFile(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

test('init writes a policy to standard output or to a new file, which check finds in order', async () => {
  expect((await run('init')).stdout).toBe(POLICY_TEMPLATE)
  const file = join(folder, 'new.yaml')
  expect(await run('init', file)).toMatchObject({ stdout: '', status: 0 })
  expect(readFileSync(file, 'utf8')).toBe(POLICY_TEMPLATE)
  expect(await run('check', file)).toEqual({
    stdout:
      `${file}: in order: 3 networks, 1 gateway, 2 input declarations, 2 rules; ` +
      'in force from 2026-01-01 (Europe/Paris)\n',
    stderr: '',
    status: 0,
  })
})

test('init overwrites nothing', async () => {
  const file = policyFile('mine.yaml', 'mine')
  await expect(run('init', file)).rejects.toThrow('is there already and is not overwritten: name another file')
  expect(readFileSync(file, 'utf8')).toBe('mine')
  await expect(run('init', join(folder, 'no', 'folder'))).rejects.toThrow('cannot be written (ENOENT')
})

test('check shows every mistake, and ends with status 2', async () => {
  const rules = Array.from({ length: 30 }, (_, i) => `  - { name: r${i}, ruling: prohibited }\n`).join('')
  const text = `organisation: x\nin-force: 2026-01-01\ntimezone: UTC\nnetworks: []\nrules:\n${rules}`
  const { stdout, stderr, status } = await run('check', policyFile('wrong.yaml', text))
  expect([stdout, status]).toEqual(['', 2])
  expect(stderr.trimEnd().split('\n')).toHaveLength(30)
  expect(stderr).toMatch(/^offchannel: .*wrong\.yaml:6: rules\[0\]: names nothing: write apps or categories\n/)
})

test('check knows the apps that come with offchannel, and those of a folder, or of that alone', async () => {
  const file = policyFile('apps.yaml', POLICY_TEMPLATE.replace('categories: [conferencing]', 'apps: [signal]'))
  expect((await run('check', file)).status).toBe(0)
  const own = mkdtempSync(join(folder, 'signatures-'))
  cpSync(join(BUNDLED_SIGNATURES, 'threema.yaml'), join(own, 'threema.yaml'))
  const { stdout, stderr, status } = await run('check', '--no-bundled-signatures', '--signatures', own, file)
  expect([stdout, status]).toEqual(['', 2])
  expect(stderr).toContain('apps.yaml: rule "approved-conferencing": no signature has the app id "signal"')
  const json = ['check', '--json', '--signatures', own, file]
  expect(JSON.parse((await run(...json)).stdout).mistakes).toHaveLength(0)
  expect(JSON.parse((await run(...json, '--no-bundled-signatures')).stdout).mistakes).toHaveLength(1)
})

test('check as JSON is one object, with the mistakes and their places', async () => {
  const right = policyFile('right.yaml', POLICY_TEMPLATE)
  expect(JSON.parse((await run('check', '--json', right)).stdout)).toEqual({ file: right, mistakes: [] })
  const wrong = policyFile('wrong.yaml', POLICY_TEMPLATE.replace('timezone: Europe/Paris', 'timezone: Nowhere'))
  const { stdout, stderr, status } = await run('check', '--json', wrong)
  expect([stderr, status]).toEqual(['', 2])
  expect(JSON.parse(stdout)).toEqual({
    file: wrong,
    mistakes: [
      { line: 7, path: 'timezone', message: '"Nowhere" is not a time zone: write one like Europe/Paris, or UTC' },
    ],
  })
})

test('schema writes a JSON Schema', async () => {
  expect(JSON.parse((await run('schema')).stdout)).toMatchObject({ title: 'offchannel policy', type: 'object' })
})

const EXEMPT = `${POLICY_TEMPLATE}
groups:
  - { name: press, users: ['EXAMPLE\\alice'], devices: [AA-BB-CC-00-11-22], directorates: [Press office] }
exemptions:
  - { name: trial, apps: [signal], from: 2026-02-01, until: 2026-02-28, approver: The board, reason: A trial, reference: M3 }
  - { name: desk, apps: [signal], groups: [press], from: 2026-02-01, until: 2199-12-31, approver: The board, reason: Press, reference: M4 }
`

test('check names the exemptions that have ended or end soon', async () => {
  const file = policyFile('exempt.yaml', EXEMPT)
  const { stdout, status } = await run('check', file)
  expect(stdout).toContain('2 rules, 2 exemptions; in force from 2026-01-01')
  expect(stdout).toContain(`${file}: exemption "trial" has ended (2026-02-28); The board, M3\n`)
  expect(stdout).not.toContain('desk')
  expect(status).toBe(0)
  const { exemptions } = JSON.parse((await run('check', '--json', '--expiring-within', '30', file)).stdout)
  expect(exemptions).toEqual([
    { name: 'trial', ended: true, until: '2026-02-28', approver: 'The board', reference: 'M3' },
  ])
})

test('explain answers without any data, in words and as one object', async () => {
  const file = policyFile('explain.yaml', EXEMPT)
  const asked = ['explain', file, '--app', 'signal', '--time', '2026-05-12T14:05', '--network', 'hq-office']
  const { stdout } = await run(...asked)
  expect(stdout.split('\n').slice(0, 11)).toEqual([
    'Whoever, Signal (messaging), quarter-hour from 2026-05-12T12:00Z',
    '  network   hq-office',
    '  groups    none',
    '  route     government',
    expect.stringMatching(/^ {2}ruling {4}prohibited: The rule "consumer-messaging" names the category messaging: /),
    '  rules, in the order in which they are asked',
    '    consumer-messaging: It decides.',
    '  exemptions looked at',
    '    trial: It had ended: it counted until 2026-02-28 (Europe/Paris).',
    '    desk: It counts only for the group "press".',
    '  severity, where somebody is seen writing',
  ])
  for (const who of [
    ['--subject', 'Alice@example'],
    ['--subject', 'aabb.cc00.1122'],
    ['--directorate', 'Press office'],
  ]) {
    const answer = JSON.parse((await run(...asked, ...who, '--json')).stdout)
    expect(answer).toMatchObject({ groups: ['press'], ruling: { value: 'exempt', rule: 'desk' }, noFinding: '' })
  }
  const excluded = JSON.parse((await run(...asked, '--subject', 'counsel@example', '--json')).stdout)
  expect(excluded.noFinding).toContain('excludes this user')
})

test('explain refuses what the policy or the signatures do not have', async () => {
  const file = policyFile('explain.yaml', EXEMPT)
  const ask = (app: string, time: string, ...more: string[]) =>
    run('explain', file, '--app', app, '--time', time, ...more)
  await expect(ask('sygnal', '2026-05-12')).rejects.toThrow('--app sygnal: there is no such app')
  await expect(ask('signal', '2026-10-25T02:30')).rejects.toThrow(
    '--time: "2026-10-25T02:30" happens twice in Europe/Paris',
  )
  await expect(ask('signal', '2026-05-12', '--network', 'annexe')).rejects.toThrow(
    'the policy has vpn-clients, hq-office',
  )
})

test('check opens the registers that a policy names, and tells what is wrong in them by file and line', async () => {
  const file = policyFile(
    'registers.yaml',
    `${POLICY_TEMPLATE}
registers:
  - { name: laptops, file: laptops.csv, holds: devices, scope: managed, fields: [mac], group: office }
`,
  )
  expect((await run('check', file)).stderr).toContain('register "laptops" cannot be read')
  const register = policyFile('laptops.csv', 'mac,office\n02:00:5e:10:00:01,Harbour\n02:00:5e:10:00:01,Registry\n')
  const wrong = await run('check', file)
  expect([wrong.status, wrong.stdout]).toEqual([2, ''])
  expect(wrong.stderr).toContain(`${register}:3: `)
  policyFile('laptops.csv', 'mac,office\n02:00:5e:10:00:01,Harbour\n')
  expect(await run('check', file)).toMatchObject({ status: 0, stdout: expect.stringContaining('1 register') })
})
