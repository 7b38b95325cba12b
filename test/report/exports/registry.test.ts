import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exportFormats } from '../../../src/report/exports/index.ts'
import { ROOT } from '../../e2e/program.ts'
import { bytesOf, CONTEXT, full } from './made.ts'

test('each file of a format is registered under its own name, and the page on exports has a section for it', () => {
  const files = readdirSync(join(ROOT, 'src/report/exports')).map((file) => file.replace(/\.ts$/, ''))
  const formats = files.filter((file) => file !== 'index' && file !== 'export-format')
  expect(exportFormats.map(({ name }) => name).toSorted()).toEqual(formats.toSorted())
  const page = readFileSync(join(ROOT, 'docs/exports.md'), 'utf8')
  for (const { name, title, documentation } of exportFormats) {
    expect(page).toContain(`\n## ${name}\n`)
    expect(page).toContain(`| \`${name}\` | ${title} |`)
    expect(page).toContain(documentation)
  }
})

const ofFindings = exportFormats.filter((format) => format.of === 'findings')

test.each(ofFindings.map((format) => [format.name, format] as const))(
  '%s gives the same bytes again for the same findings',
  async (_, format) => {
    const findings = [full(), full({ id: 'f-2', client: 'user-2' })]
    const first = await bytesOf(format.write(findings, CONTEXT))
    // An archive has the time, to two seconds.
    if (format.binary) await new Promise((resolve) => setTimeout(resolve, 2100))
    expect((await bytesOf(format.write(findings, CONTEXT))).equals(first)).toBe(true)
  },
)

test.each(ofFindings.filter(({ binary }) => !binary).map((format) => [format.name, format] as const))(
  '%s writes what it has before it asks for a thousand findings',
  async (_, format) => {
    let asked = 0
    const endless = (function* () {
      for (;;) yield full({ id: `f-${asked++}` })
    })()
    let pieces = 0
    for await (const piece of format.write(endless, CONTEXT)) {
      pieces += piece.length
      if (pieces > 1_000_000) break
    }
    expect(asked).toBeGreaterThan(10)
    expect(asked).toBeLessThan(20_000)
    const before = asked
    const again = format.write(endless, CONTEXT)
    for await (const piece of again) if (piece.length > 5000) break
    expect(asked - before).toBeLessThan(1000)
  },
)
