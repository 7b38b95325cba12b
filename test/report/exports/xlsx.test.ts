import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inflateRawSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { harmless } from '../../../src/base/text.ts'
import type { ReviewedFinding } from '../../../src/model/review.ts'
import { COLUMN_NAMES, rowsOf } from '../../../src/report/finding-rows.ts'
import { withoutTimes } from '../../../src/report/zip-times.ts'
import { fc } from '../../property.ts'
import { temporaryFolder } from '../../store/made.ts'
import { bytesOf, CONTEXT, findingsFormat, full, HOSTILE, hostileFinding } from './made.ts'

const book = (...findings: readonly ReviewedFinding[]) => bytesOf(findingsFormat('xlsx').write(findings, CONTEXT))

/** The files of an archive, by the local headers that its directory points to (PKWARE APPNOTE §4.3). */
function unpacked(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>()
  let at = archive.readUInt32LE(archive.length - 6)
  for (let left = archive.readUInt16LE(archive.length - 12); left > 0; left--) {
    const [size, nameLength, local] = [
      archive.readUInt32LE(at + 20),
      archive.readUInt16LE(at + 28),
      archive.readUInt32LE(at + 42),
    ]
    const data = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    files.set(name, inflateRawSync(archive.subarray(data, data + size)).toString())
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return files
}

const text = (xml: string) =>
  xml.replace(
    /&(lt|gt|amp|quot|apos);/g,
    (_, name) => ({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" })[name as 'lt']!,
  )

/** The cells of the sheet, row by row: of texts what they say. */
function cells(archive: Buffer): string[][] {
  const files = unpacked(archive)
  const strings = [...files.get('xl/sharedStrings.xml')!.matchAll(/<si><t[^>]*>([^<]*)<\/t><\/si>/g)].map((si) =>
    text(si[1]!),
  )
  const sheet = files.get('xl/worksheets/sheet1.xml')!
  expect(sheet).not.toContain('<f')
  return [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/g)].map((row) =>
    [...row[1]!.matchAll(/<c r="[A-Z]+\d+"([^>]*)><v>([^<]*)<\/v><\/c>/g)].map((cell) =>
      cell[1]!.includes('t="s"') ? strings[Number(cell[2])]! : cell[2]!,
    ),
  )
}

test('a workbook has the columns of CSV as a heading and a row for each verdict', async () => {
  const [heading, ...rows] = cells(await book(full()))
  expect(heading).toEqual(COLUMN_NAMES)
  expect(rows).toHaveLength(2)
  expect(rows[0]!.slice(0, 4)).toEqual([full().id, '2', '2026-11-21', 'address-k3f0ga2c'])
})

test('no text becomes a formula or markup, and each comes back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(hostileFinding, async (made) => {
      const rows = cells(await book(made))
      expect(rows).toHaveLength(3)
      if (made.client.trim() === made.client && made.client !== '') expect(rows[1]![3]).toBe(harmless(made.client))
    }),
    { numRuns: 50 },
  )
})

test('more rows than are of use are refused, with what to do', async () => {
  const many = (function* () {
    for (let n = 0; n < 30_000; n++) yield full({ id: `f-${n}` })
  })()
  await expect(bytesOf(findingsFormat('xlsx').write(many, CONTEXT))).rejects.toThrow(
    'more than 50,000 rows: choose fewer with --from',
  )
})

test('what is no archive is not touched', () => {
  expect(() => withoutTimes(Buffer.alloc(100))).toThrow('no end of central directory')
})

test.skipIf(spawnSync('unzip', ['-v']).status !== 0)('unzip finds nothing wrong with a workbook', async () => {
  const file = join(temporaryFolder(), 'book.xlsx')
  writeFileSync(file, await book(...HOSTILE.map((client) => full({ client }))))
  expect(spawnSync('unzip', ['-tq', file], { encoding: 'utf8' })).toMatchObject({ status: 0 })
})

test.skipIf(spawnSync('soffice', ['--version']).status !== 0)(
  'LibreOffice reads every cell of a workbook back as it was',
  async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'book.xlsx')
    const findings = HOSTILE.map((text) => full({ client: text, network: text, group: text }))
    writeFileSync(file, await book(...findings))
    // Commas, quotation marks, UTF-8: https://help.libreoffice.org/latest/en-US/text/shared/guide/csv_params.html
    const form = 'csv:Text - txt - csv (StarCalc):44,34,76'
    const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile'))}`
    execFileSync('soffice', [profile, '--headless', '--convert-to', form, '--outdir', folder, file], {
      stdio: 'ignore',
    })
    const rows = parse(readFileSync(join(folder, 'book.csv'), 'utf8'), { bom: true }) as string[][]
    const cellText = (value: unknown) => (typeof value === 'boolean' ? String(value).toUpperCase() : String(value))
    expect(rows[0]).toEqual(COLUMN_NAMES)
    expect(rows.slice(1)).toEqual(findings.flatMap((one) => rowsOf(one).map((row) => row.map(cellText))))
  },
  120_000,
)
