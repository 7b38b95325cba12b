import { createHash } from 'node:crypto'

/** The files of a pack, by path with `/`, in no order. */
export type PackFiles = ReadonlyMap<string, Uint8Array>

const ALGORITHMS = ['sha256', 'sha512'] as const

/** The folder of a bag that its manifests are about, RFC 8493 §2.1.2. */
export const PAYLOAD = 'data/'

/** The tag file that the signature is over: it names the hash of every other, and those of every payload file. */
export const SIGNED_FILE = 'tagmanifest-sha512.txt'

const DECLARATION = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

/** A bag (RFC 8493) around a payload, without a signature, and its id. */
export interface Bag {
  /** `p-` and the SHA-256 of manifest-sha256.txt: it changes with any byte of the payload. */
  readonly id: string
  readonly files: Map<string, Uint8Array>
}

/**
 * Makes a bag of payload files, whose paths begin with `data/`. The same payload gives the same bag, byte for byte.
 *
 * @param info of bag-info.txt (§2.2.2), beside what follows from the payload.
 * @param readme of README.txt, given the id.
 */
export function makeBag(
  payload: PackFiles,
  info: readonly (readonly [label: string, value: string])[],
  readme: (id: string) => string,
): Bag {
  const files = new Map<string, Uint8Array>(payload)
  for (const algorithm of ALGORITHMS) files.set(`manifest-${algorithm}.txt`, manifestOf(payload, algorithm))
  const id = packIdOf(files)
  files.set('bagit.txt', Buffer.from(DECLARATION))
  files.set('bag-info.txt', Buffer.from(bagInfo([...info, ['External-Identifier', id]], payload)))
  files.set('README.txt', Buffer.from(readme(id)))
  const tags = new Map([...files].filter(([path]) => !path.startsWith(PAYLOAD)))
  for (const algorithm of ALGORITHMS) files.set(`tagmanifest-${algorithm}.txt`, manifestOf(tags, algorithm))
  return { id, files }
}

/** The id of a pack with these files; '' where it has no manifest. */
export function packIdOf(files: PackFiles): string {
  const manifest = files.get('manifest-sha256.txt')
  return manifest === undefined ? '' : `p-${sha256(manifest)}`
}

/** The folder that a pack lies in when it is a zip (§4.2), by its id. */
export function folderOf(id: string): string {
  return `offchannel-evidence-${id.slice(2, 18)}`
}

/**
 * Everything in which a bag is not what its manifests say: a sentence for every file that is missing, is there and not
 * listed, or has another content. Files that `isBeside` the bag are those of the signature.
 */
export function bagMistakes(files: PackFiles, isBeside: (path: string) => boolean): string[] {
  const mistakes: string[] = []
  if (Buffer.from(files.get('bagit.txt') ?? '').toString() !== DECLARATION) {
    mistakes.push('bagit.txt: is not the declaration of a bag of version 1.0')
  }
  for (const algorithm of ALGORITHMS) {
    mistakes.push(
      ...manifestMistakes(files, `manifest-${algorithm}.txt`, algorithm, (path) => path.startsWith(PAYLOAD)),
    )
    const isTag = (path: string) => !path.startsWith(PAYLOAD) && !path.startsWith('tagmanifest-') && !isBeside(path)
    mistakes.push(...manifestMistakes(files, `tagmanifest-${algorithm}.txt`, algorithm, isTag))
  }
  const known = new Set(ALGORITHMS.map((algorithm) => `tagmanifest-${algorithm}.txt`))
  for (const path of files.keys()) {
    if (path.startsWith('tagmanifest-') && !known.has(path)) mistakes.push(`${path}: is no file of a pack`)
  }
  return mistakes
}

function manifestMistakes(
  files: PackFiles,
  name: string,
  algorithm: (typeof ALGORITHMS)[number],
  isListed: (path: string) => boolean,
): string[] {
  const manifest = files.get(name)
  if (manifest === undefined) return [`${name}: is missing`]
  const listed = [...files].filter(([path]) => isListed(path))
  // A manifest is written in one way only, so that no byte of it can change and still say the same.
  if (Buffer.compare(manifestOf(new Map(listed), algorithm), manifest) === 0) return []
  const mistakes: string[] = []
  const wanted = new Map<string, string>()
  for (const line of Buffer.from(manifest).toString().split('\n')) {
    const parts = /^([0-9a-f]+) {2}(.+)$/.exec(line)
    if (parts !== null) wanted.set(parts[2]!, parts[1]!)
    else if (line !== '') mistakes.push(`${name}: has a line that is none of a manifest`)
  }
  for (const [path, bytes] of listed) {
    const hash = wanted.get(path)
    if (hash === undefined) mistakes.push(`${path}: is not in ${name}: it was added or renamed`)
    else if (hash !== hashOf(bytes, algorithm)) mistakes.push(`${path}: its ${algorithm} is not that of ${name}`)
  }
  const there = new Set(listed.map(([path]) => path))
  for (const path of wanted.keys()) if (!there.has(path)) mistakes.push(`${path}: is in ${name}, and not there`)
  return mistakes.length > 0 ? mistakes : [`${name}: is not written as a pack's manifest is`]
}

function manifestOf(files: PackFiles, algorithm: string): Buffer {
  const lines = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => `${hashOf(bytes, algorithm)}  ${path}\n`)
  return Buffer.from(lines.join(''))
}

function bagInfo(info: readonly (readonly [string, string])[], payload: PackFiles): string {
  const octets = [...payload.values()].reduce((sum, bytes) => sum + bytes.length, 0)
  const lines = [...info, ['Payload-Oxum', `${octets}.${payload.size}`] as const]
  return lines.map(([label, value]) => `${label}: ${value.replace(/\s+/g, ' ')}\n`).join('')
}

/** SHA-256, hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return hashOf(bytes, 'sha256')
}

function hashOf(bytes: Uint8Array, algorithm: string): string {
  return createHash(algorithm).update(bytes).digest('hex')
}
