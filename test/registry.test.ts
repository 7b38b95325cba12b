import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { linkLayers } from '../src/decode/link/index.ts'
import type { Format } from '../src/model/reader.ts'
import { captureFormats } from '../src/read/capture/index.ts'
import { formats } from '../src/read/detect.ts'
import { logFormats } from '../src/read/log/index.ts'
import { ROOT, Workplace } from './e2e/program.ts'

/** What each file of a folder but its index exports. */
async function exportsOf(folder: string): Promise<Map<string, unknown[]>> {
  const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.ts') && name !== 'index.ts')
  const found = new Map<string, unknown[]>()
  for (const file of files) found.set(file, Object.values(await import(join(ROOT, folder, file))))
  return found
}

test.each([
  ['src/read/capture', captureFormats],
  ['src/read/log/formats', logFormats],
  ['src/decode/link', [...new Set(linkLayers.values())]],
])('what is registered of %s is there once, each file has something that is, and nothing else is', async (...args) => {
  const [folder, registered] = args as [string, readonly unknown[]]
  const files = await exportsOf(folder)
  expect(new Set(registered).size).toBe(registered.length)
  for (const [file, values] of files) {
    expect([file, values.some((value) => registered.includes(value))]).toEqual([file, true])
  }
  const exported = [...files.values()].flat()
  for (const one of registered) expect(exported.filter((value) => value === one)).toHaveLength(1)
})

test('every format that a file makes is registered', async () => {
  const isFormat = (value: unknown) => typeof value === 'object' && value !== null && 'claims' in value
  for (const folder of ['src/read/capture', 'src/read/log/formats']) {
    for (const [file, values] of await exportsOf(folder)) {
      const unknown = values.filter((value) => isFormat(value) && !formats.includes(value as Format))
      expect([file, unknown]).toEqual([file, []])
    }
  }
})

test('formats have names of their own, which their files have as well, and say where they are documented', () => {
  const names = formats.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const { name, title, documentation } of formats) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(title.length).toBeGreaterThan(3)
    expect(new URL(documentation).protocol).toBe('https:')
  }
  const files = readdirSync(join(ROOT, 'src/read/log/formats')).map((file) => file.replace(/\.ts$/, ''))
  expect(files.sort()).toEqual(logFormats.map(({ name }) => name).sort())
})

describe.each(logFormats.map((format) => [format.name, format] as const))('%s', (name, format) => {
  test('has a sample and what is read from it', () => {
    const folder = join(ROOT, 'samples/logs', name)
    expect(existsSync(join(folder, 'sample.log'))).toBe(true)
    expect(existsSync(join(folder, 'expected.ndjson'))).toBe(true)
  })

  test('carries in its sample what it says it carries, and nothing else', () => {
    const expected = readFileSync(join(ROOT, 'samples/logs', name, 'expected.ndjson'), 'utf8')
    const says = (...keys: string[]) => keys.some((key) => expected.includes(`"${key}":`))
    expect({
      url: /"means":"http-/.test(expected),
      // Where a host is named its address may stand, in a format without a field for the server.
      server: says('server') && format.attributes.server,
      user: says('user'),
      client: says('client', 'device'),
      bytes: says('bytesUp', 'bytesDown', 'bytesTotal'),
      bytesUp: says('bytesUp'),
      action: says('action'),
    }).toEqual(format.attributes)
  })
})

test('`offchannel formats --json` lists the registry, and the page on formats names every one', async () => {
  const { stdout } = await new Workplace().run(['formats', '--json'])
  const listed = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(listed).toEqual(
    formats.map(({ name, title, kind, documentation, ...format }) => ({
      ...{ name, title, kind, documentation },
      ...('attributes' in format && { verified: format.verified !== false, attributes: format.attributes }),
    })),
  )
  const page = readFileSync(join(ROOT, 'docs/formats.md'), 'utf8')
  expect(formats.filter(({ name }) => !page.includes(`\`${name}\``))).toEqual([])
  const [, unverified = ''] = /^Not held against a real log yet: (.*)\.$/m.exec(page) ?? []
  expect(unverified.split(', ')).toEqual(
    formats
      .filter((format) => format.kind === 'log' && format.verified === false)
      .map(({ name }) => `\`${name}\``)
      .sort(),
  )
})

test('who names a format that does not exist is told those that do', async () => {
  const { stderr } = await new Workplace().run(['inspect', '-', '--format', 'tape'])
  for (const { name } of formats) expect(stderr).toContain(name)
})
