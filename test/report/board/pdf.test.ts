import { execFileSync, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { report } from './run.ts'
import { scenario } from './scenario.ts'

const PERIOD = ['--from', '2025-04-01', '--until', '2025-05-31', '--against', 'previous']
const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0
const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' })

describe.skipIf(!has('pdfinfo', '-v'))('pdfinfo and pdftotext', () => {
  test('find a tagged document with its title, language and structure', async () => {
    const { files, pdf } = await report(scenario(60), ...PERIOD)
    const info = run('pdfinfo', files.pdf)
    expect(info).toMatch(/^Tagged: +yes$/m)
    expect(info).toMatch(/^Title: +Messaging apps on our networks: Department of Examples, April 2025 to May 2025/m)
    expect(info).toMatch(/^JavaScript: +no$/m)
    expect(pdf.toString('latin1')).toContain('/Lang (en)')
    const structure = run('pdfinfo', '-struct-text', files.pdf)
    const tags = new Set(Array.from(structure.matchAll(/^ *([A-Z][A-Za-z0-9]*)\b/gm), ([, tag]) => tag))
    expect([...tags].toSorted()).toEqual([
      'Caption',
      'Document',
      'Figure',
      'H1',
      'H2',
      'L',
      'LBody',
      'LI',
      'Lbl',
      'P',
      'Sect',
      'TBody',
      'TD',
      'TH',
      'THead',
      'TR',
      'Table',
    ])
    expect(structure).toMatch(/TH:\s+\/Scope \/Column\s+"Week from"/)
    expect(structure).toMatch(/TH:\s+\/Scope \/Row\s+"WhatsApp"/)
  })

  test('read the same words and numbers as stand in the page', async () => {
    const { files, html } = await report(scenario(60), ...PERIOD)
    const words = run('pdftotext', '-layout', files.pdf, '-').replace(/\s+/g, ' ')
    const sentences = [...html.matchAll(/<p>([^<]{20,})<\/p>/g)].map(([, text]) => text!.replaceAll('&quot;', '"'))
    expect(sentences.length).toBeGreaterThan(12)
    for (const sentence of sentences.filter((text) => !text.startsWith('Department'))) expect(words).toContain(sentence)
    expect(words).toContain('WhatsApp')
    expect(words).toContain('held back')
  })
})

describe.skipIf(!has('qpdf', '--version'))('qpdf', () => {
  test('finds nothing wrong, and a bookmark for each part', async () => {
    const { files } = await report(scenario(60), ...PERIOD)
    expect(run('qpdf', '--check', files.pdf)).toContain('No syntax or stream encoding errors found')
    const { outlines } = JSON.parse(run('qpdf', '--json', '--json-key=outlines', files.pdf)) as {
      outlines: { title: string; dest: unknown }[]
    }
    expect(outlines.map(({ title }) => title)).toEqual([
      'Answers',
      'Use week by week',
      'Inside or past the VPN',
      'Which apps',
      'Used, or only installed',
      'Directorates and networks',
      'Exemptions',
      'Findings and what became of them',
      'What changed meanwhile',
      'What could not be seen',
      'How to read this report',
    ])
  })
})

test('a PDF says that it is PDF/UA, and is the same each time', async () => {
  const made = scenario(20)
  const args = ['--from', '2025-05-01', '--until', '2025-05-31']
  const [one, two] = [await report(made, ...args), await report(made, ...args)]
  expect(one.pdf.toString('latin1')).toContain('<pdfuaid:part>1</pdfuaid:part>')
  expect(one.pdf.equals(two.pdf)).toBe(true)
})

test("a PDF is set in the operator's own font where one is named", async () => {
  const font = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSerif.ttf')
  const { pdf } = await report(scenario(20), '--from', '2025-05-01', '--until', '2025-05-31', '--font', font)
  expect(pdf.toString('latin1')).toContain('DejaVuSerif')
  expect(pdf.toString('latin1')).not.toContain('DejaVuSans')
})
