import { type KeyObject, sign, verify } from 'node:crypto'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { formatMicros, isTime, type Micros } from '../base/time.ts'
import type { AuditHead, SignedHead } from '../model/audit.ts'

const PURPOSE = 'offchannel audit head 1'

/** Characters of a line: a head has some 300. */
const LINE_LIMIT = 2000

/** What is signed: five lines. */
export function headText({ log, seq, hash, at }: AuditHead): string {
  return [PURPOSE, log, seq, hash, formatMicros(at), ''].join('\n')
}

/** @param key an Ed25519 private key. */
export function signHead(head: AuditHead, key: KeyObject): SignedHead {
  return { ...head, signature: sign(null, Buffer.from(headText(head)), key).toString('base64') }
}

/** Whether the holder of this public key signed it. */
export function isSignedBy(head: SignedHead, key: KeyObject): boolean {
  return verify(null, Buffer.from(headText(head)), key, Buffer.from(head.signature, 'base64'))
}

/** The same as four words and the signature behind them, for a file that a shell can read. */
export function headWords({ log, seq, hash, at, signature }: SignedHead): string {
  return [log, seq, hash, formatMicros(at), signature].join(' ')
}

/** Reads them; undefined for any other text. */
export function parseHeadWords(words: string): SignedHead | undefined {
  const parts = HEAD_WORDS.exec(words)
  if (parts === null) return undefined
  const [, log, seq, hash, second, micros, signature] = parts as unknown as readonly string[]
  const at = Date.parse(`${second}Z`) * 1000 + Number(micros)
  const head = { log: log!, seq: Number(seq), hash: hash!, at, signature: signature! }
  return isTime(at) && headWords(head) === words ? head : undefined
}

const HEAD_WORDS =
  /^([0-9a-f]{64}) (\d{1,15}) ([0-9a-f]{64}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z ([A-Za-z0-9+/]{86}==)$/

/** One line of JSON, without a line end: what is appended to a file, or sent elsewhere. */
export function headLine({ log, seq, hash, at, signature }: SignedHead): string {
  return JSON.stringify({ log, seq, hash, time: formatMicros(at), micros: at, signature })
}

/** The heads of a file, a line each; throws `input_unreadable` with the line of what is none. */
export function parseHeads(text: string, file: string): SignedHead[] {
  return text.split('\n').flatMap((line, n) => {
    if (line.trim() === '') return []
    const head = line.length > LINE_LIMIT ? undefined : headOf(line)
    if (head !== undefined) return [head]
    throw new OffchannelError(
      'input_unreadable',
      `${harmless(file)}:${n + 1}: is no head of an audit log: give the file that \`offchannel audit sign\` appends to`,
    )
  })
}

function headOf(line: string): SignedHead | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { log, seq, hash, micros, signature } = value as Record<string, unknown>
  const isHash = (text: unknown): text is string => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text)
  if (!isHash(log) || !isHash(hash) || typeof signature !== 'string') return undefined
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(micros) || !isTime(micros as Micros)) return undefined
  return { log, seq: seq as number, hash, at: micros as Micros, signature }
}
