import { expect, test } from 'vitest'
import { CHAT } from '../cli/signatures/run.ts'
import { capture } from './inputs.ts'
import { type Report, Workplace } from './program.ts'

const OWN = ['--signatures', 'own', '--no-bundled-signatures']

async function swept(): Promise<Workplace> {
  const place = new Workplace()
  place.put('own/chat.yaml', CHAT)
  place.put('a.pcap', capture({ name: 'g.chat.example' }, { name: 'www.chat.example' }))
  const { report, stderr } = await place.sweep(['a.pcap', ...OWN])
  expect([stderr, report.findings.map(({ app }) => app)]).toEqual(['', ['chat']])
  return place
}

test('what is withdrawn raises nothing from the next judgement on, which says why, and matches nothing in new inputs', async () => {
  const place = await swept()
  const words = ['chat', 'exact', 'g.chat.example']
  expect((await place.run(['signatures', 'withdraw', ...words, '--reason', 'wrong', ...OWN])).status).toBe(0)
  const judged = await place.run(['judge', '--json', ...OWN])
  const report: Report = JSON.parse(judged.stdout)
  expect(judged.stderr).toBe('1 indicator withdrawn\n')
  expect(report.findings).toEqual([])
  expect(report.judged).toMatchObject({ scope: 'all', setAside: { withdrawn: 1, marketing: 1 } })
  const again = await place.sweep(['a.pcap', '--again', ...OWN])
  expect(again.report.findings).toEqual([])
  expect(JSON.stringify(again.report.judged)).not.toContain('withdrawn')
})

test('judge says in words that it set withdrawn sightings aside', async () => {
  const place = await swept()
  place.put('own/withdrawn.yaml', '- {indicator: chat exact g.chat.example, reason: wrong, date: 2026-11-22}\n')
  const { stdout } = await place.run(['judge', ...OWN])
  expect(stdout).toMatch(/^No findings\./)
  expect(stdout).toContain('1 sightings of indicators that were withdrawn')
})

test('diff says what a change does to stored facts, and what only reading again tells', async () => {
  const place = await swept()
  const changed = CHAT.replace('value: chat.example, role: marketing', 'value: chat.example, role: web-client')
  place.put(
    'next/chat.yaml',
    changed.replace(/.*exact, value: g\.chat.*\n/, (line) => line.replace('g.chat', 'm.chat')),
  )
  const { stdout, stderr, status } = await place.run([
    ...['signatures', 'diff', 'own', 'next', '--no-bundled-signatures', '--store', 'offchannel.db'],
  ])
  expect([stderr, status]).toEqual(['', 0])
  expect(stdout.split('\n')).toEqual([
    '+ chat exact m.chat.example',
    '- chat exact g.chat.example',
    '~ chat suffix chat.example: role marketing becomes web-client',
    'chat exact g.chat.example: 1 stored sighting on 1 subject-day will raise nothing: no signature has the indicator any more',
    'chat suffix chat.example: 1 stored sighting on 1 subject-day will be judged by what is said now',
    'What 1 new indicator would match in the 1 input read already is not stored: `sweep --again` tells.',
    '',
  ])
  const three = await place.run(['signatures', 'diff', 'own', 'next', 'own'])
  expect([three.status, three.stderr]).toEqual([2, 'offchannel: more than two: name the old and the new\n'])
})

test('one folder is compared with what comes with offchannel', async () => {
  const place = new Workplace()
  place.put('own/chat.yaml', CHAT)
  const { stdout } = await place.run(['signatures', 'diff', 'own', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    apps: { added: ['chat'], removed: [] },
    indicators: { added: ['chat exact g.chat.example', 'chat suffix chat.example'], removed: [] },
  })
})
