import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findInputs } from '../../src/read/inputs.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-inputs-'))
  for (const name of ['b/deep', 'a', '.hidden', 'empty', 'b/.git']) mkdirSync(join(folder, name), { recursive: true })
  for (const name of [
    'z.log',
    'a/2.pcap',
    'a/1.pcap',
    'b/deep/x.pcap',
    '.hidden/h.pcap',
    'a/.part',
    'b/.git/config',
    '[x].log',
  ]) {
    writeFileSync(join(folder, name), '')
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

async function find(...args: readonly string[]): Promise<string[]> {
  const found = await findInputs(args.map((arg) => (arg === '-' ? arg : join(folder, arg))))
  return found.map((path) =>
    path === '-'
      ? path
      : path
          .slice(folder.length + 1)
          .split('\\')
          .join('/'),
  )
}

describe('inputs', () => {
  test('are taken in the order of the arguments, each once', async () => {
    expect(await find('z.log', '-', 'a/1.pcap', 'z.log', '-')).toEqual(['z.log', '-', 'a/1.pcap'])
  })

  test('of a folder are all files under it, sorted, the hidden ones left out', async () => {
    expect(await find('.')).toEqual(['[x].log', 'a/1.pcap', 'a/2.pcap', 'b/deep/x.pcap', 'z.log'])
    expect(await find('.hidden')).toEqual(['.hidden/h.pcap'])
  })

  test('of a folder are also the links to files, wherever they lead, and no link to a folder', async () => {
    mkdirSync(join(folder, 'links'))
    symlinkSync(join(folder, 'z.log'), join(folder, 'links/to-file'))
    symlinkSync(join(folder, 'gone'), join(folder, 'links/to-nothing'))
    symlinkSync(join(folder, 'links'), join(folder, 'links/to-itself'))
    expect(await find('links')).toEqual(['links/to-file', 'links/to-nothing'])
    rmSync(join(folder, 'links'), { recursive: true })
  })

  test('of a glob are the files that it matches, sorted; a file of that name goes first', async () => {
    expect(await find('*/*.pcap')).toEqual(['a/1.pcap', 'a/2.pcap'])
    expect(await find('**/*.{pcap,log}')).toEqual(['[x].log', 'a/1.pcap', 'a/2.pcap', 'b/deep/x.pcap', 'z.log'])
    expect(await find('[x].log')).toEqual(['[x].log'])
  })

  test.each([
    ['nothing.pcap', 'no such file or folder'],
    ['*.nothing', 'no file matches this pattern'],
    ['empty', 'no files in this folder'],
  ])('%s is an error of the operator: %s', async (arg, message) => {
    await expect(find(arg)).rejects.toMatchObject({
      code: 'input_unreadable',
      message: `${join(folder, arg)}: ${message}`,
    })
  })
})
