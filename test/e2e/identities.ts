import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { parseAddress } from '../../src/base/address.ts'

/** What tells who somebody is. `text` is as it is written most; of users and devices there are more spellings. */
export interface Identity {
  readonly kind: 'address' | 'mac' | 'user' | 'device'
  readonly text: string
  readonly spellings?: readonly string[]
}

/** Bytes that tell an identity. `bytes` of a text are in small letters, as what they are sought in is made. */
interface Needle {
  readonly identity: string
  readonly encoding: string
  readonly bytes: Buffer
  readonly isText: boolean
}

/** Where which identity was found, in which encoding. */
export interface Leak {
  readonly place: string
  readonly identity: string
  readonly encoding: string
}

/** Every form in which an identity could be left somewhere, that has enough bytes to be told from others. */
export function needlesOf(identity: Identity): Needle[] {
  const texts = [identity.text, ...(identity.spellings ?? [])]
  const needles: Needle[] = []
  const put = (encoding: string, bytes: Buffer, isText: boolean) => {
    const shown = isText ? Buffer.from(bytes.toString('latin1').toLowerCase(), 'latin1') : bytes
    needles.push({ identity: identity.text, encoding, bytes: shown, isText })
  }
  const putBinary = (encoding: string, bytes: Buffer) => {
    put(encoding, bytes, false)
    put(`${encoding} in hexadecimal`, Buffer.from(bytes.toString('hex')), true)
    for (const form of base64Of(bytes)) put(`${encoding} in base64`, form, false)
  }
  if (identity.kind === 'address') {
    const { forms, binary } = addressForms(identity.text)
    texts.push(...forms)
    for (const [encoding, bytes] of binary) putBinary(encoding, bytes)
  }
  if (identity.kind === 'mac') {
    const octets = identity.text.split(':')
    const bytes = Buffer.from(octets.join(''), 'hex')
    texts.push(octets.join('-'), octets.join(''), octets.join('').replace(/(....)(....)(....)/, '$1.$2.$3'))
    put('binary', bytes, false)
    // RFC 4291 appendix A: the half of an IPv6 address that is made of it.
    const [first, ...rest] = bytes
    putBinary('interface id', Buffer.from([first! ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)]))
  }
  for (const text of new Set(texts)) {
    put('text', Buffer.from(text), true)
    put('UTF-16', Buffer.from(text, 'utf16le'), true)
    put('text in hexadecimal', Buffer.from(Buffer.from(text).toString('hex')), true)
    if (encodeURIComponent(text) !== text) put('percent-encoded', Buffer.from(encodeURIComponent(text)), true)
    if (text.includes('\\')) put('as JSON', Buffer.from(text.replaceAll('\\', '\\\\')), true)
    for (const form of base64Of(Buffer.from(text))) put('text in base64', form, false)
    for (const algorithm of ['md5', 'sha1', 'sha256']) {
      // Without a key: whoever has a list of staff finds whose it is.
      for (const spelling of [text, text.toLowerCase()]) {
        const hash = createHash(algorithm).update(spelling).digest()
        put(algorithm, hash, false)
        put(`${algorithm} in hexadecimal`, Buffer.from(hash.toString('hex')), true)
      }
    }
  }
  return needles
}

/** What of the base64 of something stays the same wherever in a text it begins (RFC 4648 §4). */
function base64Of(bytes: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const first = Math.ceil((before * 8) / 6)
    const end = Math.floor(((before + bytes.length) * 8) / 6)
    const part = text.slice(first, end)
    return part.length < 7 ? [] : [Buffer.from(part)]
  })
}

function addressForms(text: string): { readonly forms: string[]; readonly binary: [string, Buffer][] } {
  const words = new Uint32Array(4)
  if (!parseAddress(text, words, 0)) throw new Error(`${text} is no address`)
  const network = Buffer.alloc(16)
  words.forEach((word, i) => void network.writeUInt32BE(word, 4 * i))
  const host = Buffer.from(Buffer.from(words.buffer).toString('hex'), 'hex')
  if (text.includes(':')) {
    const groups = network.toString('hex').match(/..../g)!
    const nibbles = [...network.toString('hex')].toReversed().join('.')
    const binary: [string, Buffer][] = [
      ['binary', network],
      ['binary, words turned round', host],
    ]
    return {
      forms: [groups.join(':'), groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':'), nibbles],
      binary,
    }
  }
  const octets = text.split('.')
  const binary: [string, Buffer][] = [
    ['binary', network.subarray(12)],
    ['binary, words turned round', host.subarray(12)],
    ['binary, as IPv6', network],
  ]
  return { forms: [octets.toReversed().join('.'), octets.join('-'), String(words[3])], binary }
}

/** Which of these identities a folder's files tell, by path, name of the file included, packed content unpacked. */
export class Search {
  readonly #needles: readonly Needle[]
  /** Bytes that were searched, by place. */
  readonly searched = new Map<string, number>()
  readonly leaks: Leak[] = []

  constructor(identities: readonly Identity[]) {
    this.#needles = identities.flatMap(needlesOf)
  }

  folder(folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      const place = relative(folder, path)
      if (entry.isFile()) this.bytes(place, readFileSync(path))
      this.bytes('names of files', Buffer.from(place))
    }
  }

  bytes(place: string, bytes: Buffer): void {
    for (const content of unpacked(bytes)) {
      this.searched.set(place, (this.searched.get(place) ?? 0) + content.length)
      const lowered = Buffer.from(
        content.toString('latin1').replace(/[A-Z]+/g, (text) => text.toLowerCase()),
        'latin1',
      )
      for (const { identity, encoding, bytes: sought, isText } of this.#needles) {
        if ((isText ? lowered : content).includes(sought)) this.leaks.push({ place, identity, encoding })
      }
    }
  }
}

/** The bytes themselves, and what is packed in them: a stream of gzip, entries of zips, streams of PDFs. */
function unpacked(bytes: Buffer): Buffer[] {
  if (bytes.length > 2 && bytes.readUInt16BE(0) === 0x1f8b) return [bytes, gunzipSync(bytes)]
  if (bytes.subarray(0, 4).toString('latin1') === '%PDF') return [bytes, ...streamsOf(bytes)]
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04') return [bytes, ...entriesOf(bytes)]
  return [bytes]
}

function streamsOf(pdf: Buffer): Buffer[] {
  const streams: Buffer[] = []
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 7)) {
    try {
      streams.push(inflateSync(pdf.subarray(at + 7), { finishFlush: 2 }))
    } catch {
      // One that is not packed: its bytes are those of the file.
    }
  }
  return streams
}

/** By the central directory (APPNOTE 4.3.12), whose sizes are always known. */
function entriesOf(zip: Buffer): Buffer[] {
  const entries: Buffer[] = []
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4)) {
    const [method, size, header] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)]
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28)
    const content = zip.subarray(start, start + size)
    entries.push(...unpacked(method === 8 ? inflateRawSync(content) : content))
  }
  return entries
}
