import { crc32, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { checkPath, unzipPack, zipPack } from '../../src/prove/zip.ts'

const ID = `p-${'0'.repeat(64)}`
const FOLDER = 'offchannel-evidence-0000000000000000'

interface Entry {
  readonly name: string
  readonly content: Buffer
  /** What the headers say of its length. */
  readonly said?: number
  readonly attributes?: number
}

/** A zip with whatever names and lengths (PKWARE APPNOTE §4.3). */
function zipOf(...entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, content, said = content.length, attributes = 0 } of entries) {
    const packed = deflateRawSync(content)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(8, 4)
    head.writeUInt32LE(crc32(content), 10)
    head.writeUInt32LE(packed.length, 14)
    head.writeUInt32LE(said, 18)
    head.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), head, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(attributes, 6)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([Buffer.from('504b01021403', 'hex'), head, tail, Buffer.from(name)]))
    parts.push(local)
    at += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, central, Buffer.from('504b0506', 'hex'), end])
}

const file = (name: string, content = 'x'): Entry => ({ name, content: Buffer.from(content) })

test('what was zipped comes out again, and the same files give the same zip', async () => {
  const files = new Map([
    ['data/b.txt', Buffer.from('b')],
    ['bagit.txt', Buffer.from('a'.repeat(5000))],
  ])
  const zip = await zipPack(ID, files)
  expect((await zipPack(ID, new Map([...files].reverse()))).equals(zip)).toBe(true)
  const { folder, files: out } = await unzipPack(zip, 'pack.zip')
  expect(folder).toBe(FOLDER)
  expect(new Map([...out].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]))).toEqual(
    new Map([...files].map(([path, bytes]) => [path, bytes.toString()])),
  )
})

test('the zips that the test makes are ones', async () => {
  const { files } = await unzipPack(zipOf(file('a/b.txt'), file('a/c/d.txt')), 'made.zip')
  expect([...files.keys()]).toEqual(['b.txt', 'c/d.txt'])
})

test.each([
  ['a path that leads out', zipOf(file('a/../../x'))],
  ['an absolute path', zipOf(file('/a/x'))],
  ['a path of Windows', zipOf(file('a/C:\\x'))],
  ['a hidden file', zipOf(file('a/.x'))],
  ['no folder', zipOf(file('x'))],
  ['two folders', zipOf(file('a/x'), file('b/x'))],
  ['a name twice', zipOf(file('a/x'), file('a/x', 'y'))],
  ['a link', zipOf({ ...file('a/x'), attributes: 0o120777 * 0x10000 })],
  ['less than it says', zipOf({ ...file('a/x'), said: 500 })],
  ['more than it says', zipOf({ name: 'a/x', content: Buffer.alloc(1 << 20), said: 5 })],
  ['nothing at all', Buffer.alloc(0)],
  ['something else', Buffer.alloc(3000, 7)],
])('a zip with %s is refused', async (_, zip) => {
  await expect(unzipPack(zip, 'pack.zip')).rejects.toThrow(/^pack\.zip: not a pack: /)
})

test('a bomb is refused before it fills the memory', async () => {
  const bomb: Entry = { name: 'a/x', content: Buffer.alloc(200 << 20) }
  const zip = zipOf(bomb, { ...bomb, name: 'a/y' }, { ...bomb, name: 'a/z' })
  expect(zip.length).toBeLessThan(1 << 20)
  await expect(unzipPack(zip, 'pack.zip')).rejects.toThrow('unpacks to more than')
})

test('a zip that is cut or changed anywhere is refused with its name, or read: what it holds is for the manifests', async () => {
  const zip = zipOf(file('a/b.txt', 'some text'), file('a/c.txt', 'more text'))
  let refused = 0
  for (let at = 0; at < zip.length; at++) {
    const changed = Buffer.from(zip)
    changed[at]! ^= 0x10
    for (const one of [changed, zip.subarray(0, at)]) {
      const message = await unzipPack(one, 'x').then(
        () => '',
        (thrown: Error) => thrown.message,
      )
      expect(message).toMatch(/^$|^x: not a pack: /)
      if (message !== '') refused++
    }
  }
  expect(refused).toBeGreaterThan(zip.length)
})

test.each(['../x', 'a/../x', '/x', 'a//x', '', 'a\\x', 'a/.x', 'a'.repeat(300), 'a/\u0000', 'é'])(
  '%j is no path of a pack',
  (path) => {
    expect(() => checkPath(path)).toThrow()
  },
)
