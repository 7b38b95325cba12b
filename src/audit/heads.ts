import { type KeyObject, sign, verify } from 'node:crypto'
import { formatMicros, isTime, type Micros } from '../base/time.ts'
import type { AuditHead, SignedHead } from '../model/audit.ts'

const PURPOSE = 'offchannel audit head 1'

/** What a head as one word begins with. */
const BEGIN = 'offchannel-head:1:'
const WORD =
  /^offchannel-head:1:([0-9a-f]{64}):(\d{1,16}):([0-9a-f]{64}):(\d{1,16}):([A-Za-z0-9_-]{86})(?![A-Za-z0-9_-])/

/** Characters of the longest word, and some more: mails break it over lines. */
const REACH = 400

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

/** A head as one word of letters, digits, `:`, `-` and `_`: it stays the same in JSON, CEF, LEEF, mails and logs. */
export function headWord({ log, seq, hash, at, signature }: SignedHead): string {
  return `${BEGIN}${log}:${seq}:${hash}:${at}:${Buffer.from(signature, 'base64').toString('base64url')}`
}

/** One line of JSON, without a line end: what is appended to a file, or sent elsewhere. */
export function headLine(head: SignedHead): string {
  const { log, seq, hash, at } = head
  return JSON.stringify({ log, seq, hash, time: formatMicros(at), head: headWord(head) })
}

/** Finds heads in a text of any form, given in parts: lines of `audit sign`, what a syslog server wrote, mails. */
export class HeadScanner {
  readonly #found = new Map<string, SignedHead>()
  /** Lines with a head that is cut off or changed so that it is none. */
  readonly damaged: number[] = []
  #rest = ''
  #line = 1

  /** Each once, in the order of the text. */
  get heads(): SignedHead[] {
    return [...this.#found.values()]
  }

  /** @param isLast whether the text ends here. */
  push(part: string, isLast: boolean): void {
    const text = this.#rest + part
    const border = isLast ? text.length : Math.max(0, text.length - REACH)
    let from = 0
    for (let at = text.indexOf(BEGIN); at >= 0 && at < border; at = text.indexOf(BEGIN, at + 1)) {
      this.#line += linesIn(text, from, at)
      from = at
      // RFC 2045 §6.7: a line of a mail that goes on ends with `=`.
      const word = WORD.exec(text.slice(at, at + REACH).replace(/=\r?\n/g, ''))
      if (word === null) this.damaged.push(this.#line)
      else if (!this.#found.has(word[0])) this.#found.set(word[0], headOf(word))
    }
    this.#line += linesIn(text, from, border)
    this.#rest = text.slice(border)
  }
}

function headOf([, log, seq, hash, at, signature]: readonly string[]): SignedHead {
  const base64 = Buffer.from(signature!, 'base64url').toString('base64')
  return { log: log!, seq: Number(seq), hash: hash!, at: Number(at) as Micros, signature: base64 }
}

function linesIn(text: string, start: number, end: number): number {
  let lines = 0
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
