import { createHmac } from 'node:crypto'
import { messageOf } from '../base/errors.ts'
import { MICROS_PER_SECOND } from '../base/time.ts'
import { type PackFiles, sha256 } from './bag.ts'
import type { DeriveNames } from './contents.ts'
import { type IndependentFrame, independentFrames } from './independent-frames.ts'
import type { ReadIndex } from './index-schema.ts'
import type { IndexedFrame, IndexedLine, Name } from './pack-index.ts'
import { FILE_HEADER, RECORD_HEADER } from './pcap-file.ts'
import type { Check } from './verify.ts'

/** The names of one frame or line, as the pack, the program and another tool tell them. */
export interface SideBySide {
  readonly file: string
  readonly position: number
  readonly pack: readonly Name[]
  readonly offchannel: readonly Name[]
  /** Undefined where the tool did not look. */
  readonly tshark: readonly string[] | undefined
}

/** What reads packs back: the program's own reading of inputs, and tshark where it is installed. */
export interface Readers {
  readonly derive: DeriveNames
  /** Names by frame number; undefined where the tool is not there. */
  readonly tshark: (capture: Uint8Array) => Promise<ReadonlyMap<number, readonly string[]> | undefined>
}

/** Means that name a host in bytes of the frame itself, where another tool looks too. */
const NAMING: ReadonlySet<string> = new Set(['dns-query', 'dns-answer', 'tls-sni', 'quic-sni', 'dtls-sni', 'http-host'])

/**
 * Reads the frames and lines of a pack back: the captures by an independent reader against the index, and the names that
 * they give anew. Nothing that a pack holds makes it throw.
 */
export async function checkPieces(
  files: PackFiles,
  { frames, lines }: ReadIndex,
  readers: Readers,
): Promise<{ readonly checks: readonly Check[]; readonly names: readonly SideBySide[] }> {
  const checks: Check[] = []
  const names: SideBySide[] = []
  const captures = new Set([...files.keys()].filter((path) => path.endsWith('.pcap')))
  const byFile = Map.groupBy(frames.pieces, ({ file }) => file)
  for (const file of captures) if (!byFile.has(file)) checks.push(fails('frames', `${file}: is in no index`))
  for (const [file, pieces] of byFile) {
    const capture = files.get(file)
    if (capture === undefined) checks.push(fails('frames', `${file}: is missing`))
    else {
      checks.push(await frameCheck(file, capture, pieces))
      const told = await namesOf(file, capture, 'pcap', pieces, ({ frame }) => frame, readers)
      const tshark = await readers.tshark(capture)
      names.push(...told.names.map((one) => ({ ...one, tshark: tshark && (tshark.get(one.position) ?? []) })))
      checks.push(told.check, tsharkCheck(file, told.names, tshark))
    }
  }
  for (const [file, pieces] of Map.groupBy(lines.pieces, (piece) => piece.file)) {
    const text = files.get(file)
    const format = lines.files.find((one) => one.file === file)?.format
    if (text === undefined || format === undefined) checks.push(fails('lines', `${file}: is missing`))
    else {
      checks.push(lineCheck(file, text, pieces))
      const told = await namesOf(file, text, format, pieces, ({ line }) => line, readers)
      names.push(...told.names)
      checks.push(told.check)
    }
  }
  return { checks, names }
}

async function frameCheck(file: string, capture: Uint8Array, pieces: readonly IndexedFrame[]): Promise<Check> {
  let read: readonly IndependentFrame[]
  try {
    read = await independentFrames(capture)
  } catch (thrown) {
    return fails('frames', `${file}: the independent reader cannot read it: ${messageOf(thrown)}`)
  }
  if (read.length !== pieces.length) {
    return fails(
      'frames',
      `${file}: the independent reader finds ${read.length} frames, the index has ${pieces.length}`,
    )
  }
  const byNumber = new Map(pieces.map((piece) => [piece.frame, piece]))
  let at = FILE_HEADER
  for (const [n, frame] of read.entries()) {
    const said = byNumber.get(n + 1)
    const time = said && [
      Math.floor(said.time / MICROS_PER_SECOND) % 2 ** 32,
      Math.floor(said.time % MICROS_PER_SECOND),
    ]
    const isSame =
      said?.at === at &&
      said.capturedLength === frame.capturedLength &&
      said.wireLength === frame.wireLength &&
      said.sha256 === sha256(frame.bytes) &&
      time![0] === frame.seconds &&
      time![1] === frame.micros
    if (!isSame) return fails('frames', `${file}: frame ${n + 1} is not the one that the index describes`)
    at += RECORD_HEADER + frame.capturedLength
  }
  const detail = `${file}: an independent reader finds its ${read.length} frames, byte for byte those of the index`
  return { what: 'frames', outcome: 'holds', detail }
}

function lineCheck(file: string, text: Uint8Array, pieces: readonly IndexedLine[]): Check {
  let at = 0
  for (const { line, at: said, length, sha256: hash } of [...pieces].sort((a, b) => a.at - b.at)) {
    if (said !== at || sha256(text.subarray(at, at + length)) !== hash || text[at + length] !== 0x0a) {
      return fails('lines', `${file}: line ${line} is not the one that the index describes`)
    }
    at += length + 1
  }
  if (at !== text.length) return fails('lines', `${file}: has more than the index describes`)
  return { what: 'lines', outcome: 'holds', detail: `${file}: its ${pieces.length} records are those of the index` }
}

async function namesOf<T extends IndexedFrame | IndexedLine>(
  file: string,
  bytes: Uint8Array,
  format: string,
  pieces: readonly T[],
  positionOf: (piece: T) => number,
  { derive }: Readers,
): Promise<{ readonly check: Check; readonly names: readonly SideBySide[] }> {
  const derived = Map.groupBy(await derive(bytes, format), ({ position }) => position)
  const names = pieces.map((piece): SideBySide => {
    const position = positionOf(piece)
    const offchannel = (derived.get(position) ?? []).map(({ means, name }) => ({ means, name }))
    return { file, position, pack: piece.names, offchannel, tshark: undefined }
  })
  const other = names.find(({ pack, offchannel }) => JSON.stringify(pack) !== JSON.stringify(offchannel))
  const what = 'names'
  if (other !== undefined) {
    const detail = `${file}: number ${other.position} names something else than the pack says`
    return { check: { what, outcome: 'fails', detail }, names }
  }
  const told = names.filter(({ offchannel }) => offchannel.length > 0).length
  const detail = `${file}: read again, ${told} of ${names.length} name what the pack says; the others are parts, or name nothing on their own`
  return { check: { what, outcome: 'holds', detail }, names }
}

function tsharkCheck(
  file: string,
  names: readonly SideBySide[],
  tshark: ReadonlyMap<number, readonly string[]> | undefined,
): Check {
  const what = 'tshark'
  if (tshark === undefined)
    return { what, outcome: 'not checked', detail: `${file}: tshark is not there, or cannot read it` }
  const named = names.flatMap(({ position, offchannel }) =>
    offchannel.filter(({ means, name }) => NAMING.has(means) && name !== '').map(({ name }) => ({ position, name })),
  )
  const found = ({ position }: { readonly position: number }) => tshark.get(position) ?? []
  const other = named.find((one) => found(one).length > 0 && !found(one).includes(one.name))
  if (other !== undefined) {
    return fails(what, `${file}: in frame ${other.position} tshark finds ${found(other).join(', ')}, not ${other.name}`)
  }
  const unseen = named.filter((one) => found(one).length === 0).length
  const rest = unseen === 0 ? '' : `; it finds none in ${unseen} frames where this program does`
  const outcome = unseen === named.length && unseen > 0 ? 'not checked' : 'holds'
  return { what, outcome, detail: `${file}: tshark finds the same ${named.length - unseen} names${rest}` }
}

/**
 * Holds the pieces of a pack against bytes cut from an original input: `cut` gives those at a place, undefined where there
 * are none.
 */
export function checkOriginals(
  { frames, lines, head }: ReadIndex,
  input: number,
  cut: ReadonlyMap<number, Uint8Array>,
  originalsKey: Uint8Array | undefined,
): Check {
  const what = 'original'
  const pieces = [...frames.pieces, ...lines.pieces, ...frames.withheld, ...lines.withheld]
  const of = pieces.filter((piece) => piece.input === input)
  if (head.level === 'pseudonymous' && originalsKey === undefined) {
    return {
      what,
      outcome: 'not checked',
      detail: 'pieces of a pseudonymous pack are held against it with --originals-key',
    }
  }
  const hash = (bytes: Uint8Array) =>
    originalsKey === undefined || head.level === 'identified'
      ? sha256(bytes)
      : createHmac('sha256', originalsKey).update(bytes).digest('hex')
  const other = of.find(({ position, original }) => {
    const bytes = cut.get(position)
    return bytes === undefined || hash(bytes) !== original
  })
  if (other !== undefined) return fails(what, `number ${other.position} of the input is not what the pack was made of`)
  return { what, outcome: 'holds', detail: `all ${of.length} frames or lines stand in the input where the pack says` }
}

function fails(what: string, detail: string): Check {
  return { what, outcome: 'fails', detail }
}
