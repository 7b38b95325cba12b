import { createHmac } from 'node:crypto'
import type { Custody, EvidencePiece, PieceRole } from '../model/evidence-piece.ts'
import { sha256 } from './bag.ts'
import type { PackContents } from './contents.ts'
import type { Origin } from './pack-index.ts'
import { Pseudonyms } from './pseudonyms.ts'
import { rewriteFrame } from './rewrite-frame.ts'
import { rewriteLine } from './rewrite-line.ts'

/** A frame or line of a pack: what it was, and what the pack shows of it. */
export interface PackPiece {
  readonly piece: EvidencePiece
  readonly origin: Origin
  /** Undefined where it is withheld. */
  readonly shown: Uint8Array | undefined
}

/** All frames and lines of the findings, each once, in the order of inputs and positions, and the custody of the inputs. */
export function packPieces(contents: PackContents): {
  readonly pieces: readonly PackPiece[]
  readonly custody: readonly Custody[]
} {
  const merged = mergePieces(contents)
  const custody = new Map<string, Custody>()
  for (const { piece } of merged) custody.set(custodyKey(piece.custody), piece.custody)
  const keys = [...custody.keys()].sort()
  const pseudonyms = pseudonymsOf(merged, contents)
  const show = contents.level === 'identified' ? ({ piece }: Merged) => piece.bytes : shown(pseudonyms)
  // A first pass meets every address: a payload can hold one that only a later frame has in its header.
  if (contents.level === 'pseudonymous') for (const one of merged) show(one)
  const pieces = merged.map((one) => {
    const { piece, roles, findings } = one
    const { position, offset, bytes } = piece
    const input = keys.indexOf(custodyKey(piece.custody))
    const original = originalHash(bytes, contents)
    return {
      piece,
      origin: { input, position, offset, roles: [...roles].sort(), findings: [...findings].sort(), original },
      shown: show(one),
    }
  })
  return { pieces, custody: keys.map((key) => custody.get(key)!) }
}

/** Of the bytes as they were: a plain hash of what has a name in it would let names be guessed. */
export function originalHash(
  bytes: Uint8Array,
  { level, originalsKey }: Pick<PackContents, 'level' | 'originalsKey'>,
): string {
  return level === 'identified' ? sha256(bytes) : createHmac('sha256', originalsKey).update(bytes).digest('hex')
}

interface Merged {
  readonly piece: EvidencePiece
  readonly roles: Set<PieceRole>
  readonly findings: Set<string>
}

function mergePieces({ findings }: PackContents): readonly Merged[] {
  const merged = new Map<string, Merged>()
  for (const { finding, pieces } of findings) {
    for (const piece of pieces) {
      const { input, content } = piece.custody
      const key = `${piece.unit} ${String(piece.position).padStart(16, '0')} ${content?.sample ?? ''} ${input}`
      const one = merged.get(key) ?? { piece, roles: new Set(), findings: new Set() }
      one.roles.add(piece.role)
      one.findings.add(finding.id)
      merged.set(key, one)
    }
  }
  const sorted = [...merged].sort(
    ([left, { piece: a }], [right, { piece: b }]) =>
      compare(a.custody.input, b.custody.input) || a.position - b.position || compare(left, right),
  )
  return sorted.map(([, one]) => one)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Keys in one order, so that the same record gives the same text. */
function custodyKey({ input, content, ...rest }: Custody): string {
  return JSON.stringify([input, content?.sha256, content?.sample, content?.length, Object.entries(rest).sort()])
}

function pseudonymsOf(merged: readonly Merged[], { isOwn }: PackContents): Pseudonyms {
  const clients = new Set(merged.flatMap(({ piece }) => piece.clients))
  const servers = new Set(merged.flatMap(({ piece }) => piece.servers))
  return new Pseudonyms(clients, servers, isOwn)
}

function shown(pseudonyms: Pseudonyms): (merged: Merged) => Uint8Array | undefined {
  return ({ piece: { unit, bytes, linkType, people }, roles }) => {
    // Greetings of tunnels can name their users.
    const extent = roles.size === 1 && roles.has('tunnel') ? 'headers' : 'all'
    if (unit === 'frame') return rewriteFrame(bytes, linkType, pseudonyms, extent)
    const line = rewriteLine(Buffer.from(bytes).toString('latin1'), people, pseudonyms)
    return line === undefined ? undefined : Buffer.from(line, 'latin1')
  }
}
