import { formatAddress, isIPv4 } from '../base/address.ts'
import type { Network } from '../base/cidr.ts'
import type { Custody } from '../model/evidence-piece.ts'
import type { Policy } from '../model/policy.ts'
import type { SignatureSet } from '../model/signature.ts'
import { indicatorKey } from '../model/signature.ts'
import { sha256 } from './bag.ts'
import type { DerivedName, DeriveNames, PackContents, ProvedFinding } from './contents.ts'
import {
  CUSTODY_FILE,
  FRAME_INDEX,
  type IndexedFrame,
  type IndexedLine,
  LINE_INDEX,
  type LineIndex,
  type Name,
  PACK_FILE,
  PACK_FORMAT,
  type PackHead,
  type PieceIndex,
  type Withheld,
} from './pack-index.ts'
import { FILE_HEADER, pcapFile, RECORD_HEADER } from './pcap-file.ts'
import { type PackPiece, packPieces } from './pieces.ts'

const WITHHELD = 'not all of it is understood, so that it could tell who it was: an identified pack has it'

/** The payload files of a pack: the same contents give the same files, byte for byte. */
export async function packPayload(contents: PackContents): Promise<Map<string, Uint8Array>> {
  const { level, findings, policy, signatures, version, runtime } = contents
  const files = new Map<string, Uint8Array>()
  const { pieces, custody } = packPieces(contents)
  const head: PackHead = {
    format: PACK_FORMAT,
    level,
    findings: findings.map(({ finding }) => finding.id),
    program: { name: 'offchannel', version, runtime },
  }
  files.set(PACK_FILE, json(head))
  for (const one of findings) {
    const { finding, history, reviews, statements, missing, leftOut } = one
    files.set(`data/findings/${finding.id}.json`, json({ finding, history, reviews, statements, missing, leftOut }))
    files.set(`data/findings/${finding.id}.txt`, Buffer.from(`${one.text}\n`))
  }
  for (const [path, bytes] of contents.audit) files.set(path, bytes)
  files.set('data/policy.json', json(policyUsed(policy, findings)))
  files.set('data/signatures.json', json(signaturesUsed(signatures, findings)))
  files.set(CUSTODY_FILE, json(custody.map((record, input) => custodyRecord(record, input))))
  await addFrames(
    pieces.filter(({ piece }) => piece.unit === 'frame'),
    files,
    contents.derive,
  )
  await addLines(
    pieces.filter(({ piece }) => piece.unit === 'line'),
    custody,
    files,
    contents.derive,
  )
  return files
}

async function addFrames(pieces: readonly PackPiece[], files: Map<string, Uint8Array>, derive: DeriveNames) {
  const indexed: IndexedFrame[] = []
  const shown = pieces.filter((piece) => piece.shown !== undefined)
  const byLink = [...Map.groupBy(shown, ({ piece }) => piece.linkType)].sort(([a], [b]) => a - b)
  for (const [linkType, frames] of byLink) {
    const file = `data/frames/link-type-${linkType}.pcap`
    const capture = pcapFile(
      linkType,
      frames.map(({ piece: { time, wireLength }, shown: bytes }) => ({ time, wireLength, bytes: bytes! })),
    )
    files.set(file, capture)
    const names = byPosition(await derive(capture, 'pcap'))
    let at = FILE_HEADER
    for (const [n, { piece, origin, shown: bytes }] of frames.entries()) {
      const { wireLength, time } = piece
      const place = { file, frame: n + 1, at, capturedLength: bytes!.length, wireLength, time }
      indexed.push({ ...place, ...origin, sha256: sha256(bytes!), names: names.get(n + 1) ?? [] })
      at += RECORD_HEADER + bytes!.length
    }
  }
  const index: PieceIndex<IndexedFrame> = { pieces: indexed, withheld: withheldOf(pieces) }
  files.set(FRAME_INDEX, json(index))
}

async function addLines(
  pieces: readonly PackPiece[],
  custody: readonly Custody[],
  files: Map<string, Uint8Array>,
  derive: DeriveNames,
) {
  const indexed: IndexedLine[] = []
  const told: { file: string; format: string }[] = []
  const shown = pieces.filter((piece) => piece.shown !== undefined)
  for (const [input, lines] of Map.groupBy(shown, ({ origin }) => origin.input)) {
    const file = `data/lines/input-${input}.log`
    const { format } = custody[input]!
    const text = Buffer.concat(lines.flatMap(({ shown: bytes }) => [bytes!, Buffer.from('\n')]))
    files.set(file, text)
    told.push({ file, format })
    const names = byPosition(await derive(text, format))
    let [at, line] = [0, 1]
    for (const { origin, shown: bytes } of lines) {
      const place = { file, line, at, length: bytes!.length }
      indexed.push({ ...place, ...origin, sha256: sha256(bytes!), names: names.get(line) ?? [] })
      at += bytes!.length + 1
      // A record can go over several lines.
      line += 1 + bytes!.filter((byte) => byte === 0x0a).length
    }
  }
  const index: LineIndex = { files: told, pieces: indexed, withheld: withheldOf(pieces) }
  files.set(LINE_INDEX, json(index))
}

function byPosition(derived: readonly DerivedName[]): Map<number, Name[]> {
  const names = new Map<number, Name[]>()
  for (const { position, means, name } of derived) {
    names.set(position, [...(names.get(position) ?? []), { means, name }])
  }
  return names
}

function withheldOf(pieces: readonly PackPiece[]): Withheld[] {
  return pieces.filter(({ shown }) => shown === undefined).map(({ origin }) => ({ ...origin, reason: WITHHELD }))
}

function custodyRecord(record: Custody, input: number) {
  const clock = `times are those of the input's own clock; the policy lets clocks differ by ${record.clockTolerance} microseconds`
  return { number: input, ...record, clock }
}

/**
 * The policy as the findings were judged by it, without whom its groups, registers and exclusions name. Of exemptions that
 * were looked at and did not count, which are other people's, it has the conditions and not why and by whom they were given.
 */
function policyUsed(policy: Policy, findings: readonly ProvedFinding[]) {
  const verdicts = findings.flatMap(({ finding }) => finding.verdicts)
  const looks = verdicts.flatMap((verdict) => verdict.exemptions ?? [])
  const exempting = verdicts.filter(({ ruling }) => ruling.value === 'exempt').map(({ ruling }) => ruling.rule)
  const counted = new Set([...looks.filter(({ applies }) => applies).map(({ name }) => name), ...exempting])
  const lookedAt = new Set(looks.map(({ name }) => name))
  const { file: _, registers, groups, exemptions, exclusions, networks, gateways, ...rest } = policy
  const placed = <T extends { readonly cidrs: readonly Network[] }>(one: T) => ({
    ...one,
    cidrs: one.cidrs.map(networkText),
  })
  return {
    ...rest,
    networks: networks.map(placed),
    gateways: gateways.map(placed),
    registers: registers.length,
    groups: groups.map(({ name, directorates }) => ({ name, directorates })),
    exemptions: exemptions
      .filter(({ name }) => counted.has(name) || lookedAt.has(name))
      .map(({ reason, approver, reference, ...conditions }) =>
        counted.has(conditions.name) ? { ...conditions, reason, approver, reference } : conditions,
      ),
    exemptionsOfOthers: exemptions.filter(({ name }) => !counted.has(name) && !lookedAt.has(name)).length,
    exclusions: { networks: exclusions.cidrs.length, users: exclusions.users.length },
  }
}

/** Of the signatures what the findings cite, and the hash of all. */
function signaturesUsed({ signatures, hash }: SignatureSet, findings: readonly ProvedFinding[]) {
  const cited = new Set(
    findings.flatMap(({ finding }) => finding.verdicts.flatMap(({ evidence }) => evidence.map((one) => one.indicator))),
  )
  const apps = new Set(findings.map(({ finding }) => finding.app))
  const used = signatures
    .filter(({ id }) => apps.has(id))
    .map(({ indicators, shouldMatch: _, shouldNotMatch: __, ...signature }) => ({
      ...signature,
      indicators: indicators.filter((indicator) => cited.has(indicatorKey(signature.id, indicator))),
    }))
  return { hash, signatures: used }
}

/** `10.8.0.0/16` */
function networkText({ words, length }: Network): string {
  return `${formatAddress(words, 0)}/${isIPv4(words, 0) ? length - 96 : length}`
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
}
