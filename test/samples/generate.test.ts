import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const samples = join(import.meta.dirname, '../../samples')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-samples-'))
  execFileSync(process.execPath, [join(samples, 'generator/generate.js'), folder])
})

afterAll(() => rmSync(folder, { recursive: true }))

for (const part of ['captures', 'logs/day']) {
  test(`samples/${part} holds what the generator makes, byte for byte, and nothing else`, () => {
    const made = readdirSync(join(folder, part)).sort()
    expect(readdirSync(join(samples, part)).sort()).toEqual(made)
    for (const name of made) {
      const same = readFileSync(join(samples, part, name)).equals(readFileSync(join(folder, part, name)))
      expect(same, name).toBe(true)
    }
  })
}
