import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { POLICY, SAMPLES, Workplace } from './program.ts'

test('the program writes a report of the samples as a page and a PDF, with their few people held back', async () => {
  const place = new Workplace()
  const captures = [join(SAMPLES, 'captures'), join(SAMPLES, 'logs/day')]
  await place.sweep([...captures, '--policy', POLICY])
  const args = ['report', '--policy', POLICY, '--from', '2026-05-01', '--until', '2026-05-31', '--draft']
  const { status, stderr } = await place.run([...args, '--html', 'r.html', '--pdf', 'r.pdf'])
  expect([status, stderr]).toEqual([0, 'Report of May 2026: r.html, r.pdf.\n'])
  const html = readFileSync(join(place.folder, 'r.html'), 'utf8')
  expect(html).toContain('In May 2026, fewer than 5 people used such an app')
  expect(html).toContain('held back')
  expect(readFileSync(join(place.folder, 'r.pdf'), 'latin1').slice(0, 8)).toBe('%PDF-1.7')
})
