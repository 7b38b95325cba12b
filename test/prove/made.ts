import { createPrivateKey } from 'node:crypto'
import { chunksOf } from '../../src/base/chunks.ts'
import { deriveNames } from '../../src/cli/derive-names.ts'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import type { Custody, EvidencePiece } from '../../src/model/evidence-piece.ts'
import type { PackContents } from '../../src/prove/contents.ts'
import { formats } from '../../src/read/detect.ts'
import { cutInput, type Wanted, type WantedOfInput } from '../../src/sweep/cut.ts'
import { madeExtract } from '../audit/made.ts'
import { capture, squidLog } from '../e2e/inputs.ts'
import { content, finding } from '../store/made.ts'

/** An Ed25519 key by its number. */
export function signingKey(n: number) {
  // RFC 8410 §7: what stands before the 32 bytes of a key.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, n)])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

export const WANTED: Wanted = { role: 'cited', findings: new Set(['f-1']) }

export function custody(input: string, format: string): Custody {
  const kind = format === 'pcap' ? 'capture' : 'log'
  const known = { content: content(input), fileSha256: undefined, compared: 'SHA-256' } as const
  return {
    input,
    kind,
    format,
    site: '',
    clockTolerance: 0,
    takenAt: 1_795_000_000_000_000,
    version: '0.0.0',
    ...known,
  }
}

/** Cuts places of an input in memory. */
export async function cutPieces(
  bytes: Uint8Array,
  format: string,
  positions: readonly number[],
): Promise<EvidencePiece[]> {
  const pieces: EvidencePiece[] = []
  const wanted: WantedOfInput = {
    positions: new Map(positions.map((position) => [position, WANTED])),
    answers: new Map(),
    tunnels: new Map(),
  }
  await cutInput(chunksOf(bytes), formats.find(({ name }) => name === format)!, wanted, {
    clientOf: () => '',
    options: { timezone: 'UTC', year: 2026 },
    take: (cut) => pieces.push({ ...cut, custody: custody(`made.${format}`, format) }),
  })
  return pieces
}

/** A pack of a capture and a log, small enough to change every byte of it. */
export async function madeContents(more: Partial<PackContents> = {}): Promise<PackContents> {
  const frames = capture({ name: 'g.whatsapp.net' }, { name: 'web.whatsapp.com', client: '10.1.4.32' })
  const lines = squidLog({ host: 'web.whatsapp.com', user: 'jdoe@example.org' }, { host: 'g.whatsapp.net' })
  const pieces = [
    ...(await cutPieces(frames, 'pcap', [4, 5])),
    ...(await cutPieces(Buffer.from(lines), 'squid-native', [1, 2])),
  ]
  const one = finding('user-1', 'whatsapp')
  const nothing = { history: [], reviews: [], statements: [], missing: [], leftOut: 0 }
  const proved = { finding: one, ...nothing, text: 'Made for a test.', pieces }
  return {
    level: 'pseudonymous',
    findings: [proved],
    policy: NO_POLICY,
    signatures: { signatures: [], hash: 'made' },
    version: '0.0.0',
    runtime: 'made',
    originalsKey: Buffer.alloc(32, 7),
    isOwn: (words, at) => words[at + 3]! >>> 24 === 10,
    derive: deriveNames,
    audit: madeExtract(),
    ...more,
  }
}
