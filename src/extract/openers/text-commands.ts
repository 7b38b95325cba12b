import { bytesFrom } from './opener.ts'
import { NONE, PARTIAL } from './preamble.ts'

/**
 * What a client may send before it asks for TLS, and that it asks: SMTP (RFC 3207), IMAP and POP3 (RFC 2595), FTP (RFC
 * 4217), NNTP (RFC 4642), ManageSieve (RFC 5804).
 */
const COMMANDS = [
  ...['EHLO', 'HELO', 'LHLO', 'NOOP', 'RSET', 'STARTTLS'],
  ...['CAPA', 'STLS', 'AUTH', 'FEAT', 'SYST', 'OPTS', 'CLNT'],
  ...['CAPABILITY', 'CAPABILITIES', 'MODE', 'ID'],
].map((word) => Buffer.from(word))
/** Behind the tag that IMAP puts before each. */
const TAGGED = ['STARTTLS', 'CAPABILITY', 'NOOP', 'ID'].map((word) => Buffer.from(word))

const SPACE = 0x20
const CR = 0x0d
const LF = 0x0a
const LETTERS = [...bytesFrom(0x41, 0x5a), ...bytesFrom(0x61, 0x7a)]
const DIGITS = bytesFrom(0x30, 0x39)
const IS_TAG_BYTE = new Uint8Array(256)
for (const byte of [...LETTERS, ...DIGITS, 0x2e]) IS_TAG_BYTE[byte] = 1

/** The first bytes of commands, and of tags: a letter or digit, then a digit or what ends a short one. */
export const COMMAND_FIRST = COMMANDS.flatMap((word) => bothCases(word[0]!))
export const COMMAND_SECOND = COMMANDS.flatMap((word) => bothCases(word[1]!))
export const COMMAND_THIRD = COMMANDS.flatMap((word) => (word.length > 2 ? bothCases(word[2]!) : [SPACE, CR, LF]))
export const TAG_FIRST: readonly number[] = [...LETTERS, ...DIGITS]
export const TAG_SECOND: readonly number[] = [...DIGITS, SPACE, 0x2e]
export const TAG_THIRD: readonly number[] = [...LETTERS, ...DIGITS, SPACE, 0x2e]

const WORD_LIMIT = 16
/** RFC 5321 §4.5.3.1.4 */
const LINE_LIMIT = 512

/** One line of a mail, news or file client's text before TLS. */
export function textCommand(bytes: Uint8Array, start: number, end: number): number {
  const wordEnd = endOfWord(bytes, start, end)
  if (wordEnd === NONE || (wordEnd < end && !isOneOf(COMMANDS, bytes, start, wordEnd))) return NONE
  return endOfLine(bytes, wordEnd, end, start + LINE_LIMIT)
}

/** The same of an IMAP client. */
export function taggedCommand(bytes: Uint8Array, start: number, end: number): number {
  const tagEnd = endOfWord(bytes, start, end)
  if (tagEnd === NONE || tagEnd === end) return tagEnd === NONE ? NONE : PARTIAL
  if (bytes[tagEnd] !== SPACE) return NONE
  const wordEnd = endOfWord(bytes, tagEnd + 1, end)
  if (wordEnd === NONE || (wordEnd < end && !isOneOf(TAGGED, bytes, tagEnd + 1, wordEnd))) return NONE
  return endOfLine(bytes, wordEnd, end, start + LINE_LIMIT)
}

function endOfLine(bytes: Uint8Array, start: number, end: number, limit: number): number {
  const last = Math.min(end, limit)
  for (let i = start; i < last; i++) {
    const byte = bytes[i]!
    if (byte === LF) return i + 1
    if ((byte < SPACE && byte !== CR) || byte > 0x7e) return NONE
  }
  return last < limit ? PARTIAL : NONE
}

/** One past the letters, digits and what else tags have at `start`; `NONE` where there are none or too many. */
function endOfWord(bytes: Uint8Array, start: number, end: number): number {
  const last = Math.min(end, start + WORD_LIMIT + 1)
  let at = start
  while (at < last && IS_TAG_BYTE[bytes[at]!] === 1) at++
  return at - start > WORD_LIMIT || (at === start && at < end) ? NONE : at
}

function isOneOf(words: readonly Uint8Array[], bytes: Uint8Array, start: number, end: number): boolean {
  for (const word of words) {
    if (word.length !== end - start) continue
    let i = 0
    while (i < word.length && (bytes[start + i]! & 0xdf) === word[i]) i++
    if (i === word.length) return true
  }
  return false
}

function bothCases(capital: number): number[] {
  return [capital, capital | 0x20]
}
