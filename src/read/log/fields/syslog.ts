import type { RecordResult } from '../../../model/reader.ts'
import { readAddress } from '../values.ts'
import { setQuoted } from './key-value.ts'
import type { Programs } from './programs.ts'
import type { FieldParser, RecordFields } from './record-fields.ts'
import { endsWith, hostEnd, isDigit, programEnd, timeLength, WORD_LIMIT } from './syslog-words.ts'

const TAB = 0x09
const SPACE = 0x20
const QUOTE = 0x22
const COLON = 0x3a
const LESS = 0x3c
const EQUALS = 0x3d
const GREATER = 0x3e
const OPEN = 0x5b
const BACKSLASH = 0x5c
const CLOSE = 0x5d

/** Relays that put a message into another one; what is deeper stays in the message. */
const DEPTH_LIMIT = 4

/**
 * The syslog header around a record, decided by content: RFC 5424, RFC 3164 with what products make of it (no priority,
 * no host, a year, an ISO or epoch time, a colon behind), or none at all. Of headers within one another the innermost
 * counts. It gives `syslog.time` `syslog.host` `syslog.program` `syslog.id` `syslog.message`, of structured data
 * `sd.PARAM` and `sd.ID.PARAM`, and hands the rest to the parser within.
 */
export class SyslogFields implements FieldParser {
  readonly #inner: FieldParser | undefined
  readonly #time: number
  readonly #host: number
  readonly #program: number
  readonly #id: number
  readonly #message: number
  /** Fields by the name behind `sd.`. */
  readonly #data: readonly { readonly name: Uint8Array; readonly field: number }[]
  readonly #programs: Programs | undefined
  #programFrom = 0
  #programTo = 0
  /** Where the last word ended; where it began for one that says nothing. */
  #wordEnd = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #end = 0
  #at = 0

  constructor(wanted: readonly string[], inner: FieldParser | undefined, programs?: Programs) {
    this.#inner = inner
    this.#programs = programs
    this.#time = wanted.indexOf('syslog.time')
    this.#host = wanted.indexOf('syslog.host')
    this.#program = wanted.indexOf('syslog.program')
    this.#id = wanted.indexOf('syslog.id')
    this.#message = wanted.indexOf('syslog.message')
    this.#data = wanted.flatMap((name, field) =>
      name.startsWith('sd.') ? [{ name: Uint8Array.from(Buffer.from(name.slice(3))), field }] : [],
    )
  }

  header(): string {
    return this.#inner?.header?.() ?? ''
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    this.#bytes = bytes
    this.#end = end
    this.#at = start
    this.#programTo = this.#programFrom
    for (let depth = 0; depth < DEPTH_LIMIT && this.#header(fields, depth); depth++);
    this.#spaces()
    if (this.#at === end && this.#data.length === 0) return 'skip'
    this.#set(this.#message, this.#at, end, fields)
    return this.#inner === undefined ? 'ok' : this.#inner.parse(bytes, this.#at, end, fields)
  }

  /** The program that the last header names is one of this log. */
  remember(): void {
    if (this.#programTo === this.#programFrom) return
    this.#programs?.remember(this.#bytes, this.#programFrom, this.#programTo)
  }

  /** Whether the last header names a program, and none of which anything was read. */
  get isOfAnother(): boolean {
    if (this.#programs === undefined || this.#programTo === this.#programFrom) return false
    return !this.#programs.has(this.#bytes, this.#programFrom, this.#programTo)
  }

  /** Reads one header; false where the message begins. */
  #header(fields: RecordFields, depth: number): boolean {
    this.#spaces()
    const hasPriority = this.#priority()
    if (this.#version() && (hasPriority || this.#hasIsoTime(this.#at + 2))) {
      this.#rfc5424(fields)
      return true
    }
    // Cisco's EMBLEM format.
    if (hasPriority && this.#byte() === COLON) this.#at++
    this.#spaces()
    const from = this.#at
    // Cisco: `*` or `.` before a clock that is not set, a sequence number before it.
    const length = timeLength(this.#bytes, from, this.#end, hasPriority, depth)
    if (length === 0) return hasPriority
    this.#set(this.#time, from, from + length, fields)
    this.#at = from + length
    if (this.#byte() === COLON) this.#at++
    this.#spaces()
    this.#hostAndProgram(fields)
    return true
  }

  /** `<134>` */
  #priority(): boolean {
    const bytes = this.#bytes
    if (this.#byte() !== LESS) return false
    let at = this.#at + 1
    while (at < this.#end && at < this.#at + 4 && isDigit(bytes[at]!)) at++
    if (at === this.#at + 1 || at >= this.#end || bytes[at] !== GREATER) return false
    this.#at = at + 1
    return true
  }

  /** `1 ` before a time, a dash (RFC 5424 §6.2.2) or, as Meraki writes it, seconds. */
  #version(): boolean {
    const bytes = this.#bytes
    const at = this.#at
    if (at + 3 >= this.#end || !isDigit(bytes[at]!) || bytes[at + 1] !== SPACE) return false
    const next = bytes[at + 2]!
    return isDigit(next) || (next === 0x2d && bytes[at + 3] === SPACE)
  }

  /** Behind a version whose priority a relay took away: `1 2026-11-21T18:52:00`. */
  #hasIsoTime(at: number): boolean {
    const bytes = this.#bytes
    return at + 19 < this.#end && bytes[at + 4] === 0x2d && bytes[at + 10] === 0x54 && bytes[at + 13] === COLON
  }

  /** `VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG`; Meraki ends after the host's name. */
  #rfc5424(fields: RecordFields): void {
    this.#at += 2
    const hasDate = this.#at + 4 < this.#end && this.#bytes[this.#at + 4] === 0x2d
    const isNone = this.#byte() === 0x2d
    this.#word(this.#time, fields)
    this.#word(this.#host, fields)
    if (!hasDate && !isNone) return
    this.#programFrom = this.#at
    this.#word(this.#program, fields)
    this.#programTo = this.#wordEnd
    this.#word(-1, fields)
    this.#word(this.#id, fields)
    if (this.#byte() === OPEN) this.#structuredData(fields)
    else if (this.#byte() === 0x2d) this.#at++
    this.#spaces()
    const bytes = this.#bytes
    const at = this.#at
    // The byte order mark of RFC 5424 §6.4.
    if (at + 2 < this.#end && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) this.#at += 3
  }

  #word(field: number, fields: RecordFields): void {
    const from = this.#at
    let at = from
    while (at < this.#end && this.#bytes[at] !== SPACE && at - from < WORD_LIMIT) at++
    const isNone = at === from + 1 && this.#bytes[from] === 0x2d
    this.#wordEnd = isNone ? from : at
    if (!isNone) this.#set(field, from, at, fields)
    this.#at = at < this.#end && this.#bytes[at] === SPACE ? at + 1 : at
  }

  /**
   * `[id param="value" …]`, any number of times (RFC 5424 §6.3). What is not of that form, as Check Point writes it, is
   * left to the message.
   */
  #structuredData(fields: RecordFields): void {
    let at = this.#at
    while (at < this.#end && this.#bytes[at] === OPEN) {
      const next = this.#element(at, fields)
      if (next < 0) break
      at = next
    }
    this.#at = Math.min(at, this.#end)
  }

  /** One element; one past it, or -1 where it is none. */
  #element(start: number, fields: RecordFields): number {
    const bytes = this.#bytes
    const end = this.#end
    const idFrom = start + 1
    let at = idFrom
    while (at < end && bytes[at] !== SPACE && bytes[at] !== CLOSE) {
      // RFC 5424 §6.3.2: no identifier has these.
      if (bytes[at] === EQUALS || bytes[at] === QUOTE) return -1
      at++
    }
    const idTo = at
    for (;;) {
      while (at < end && bytes[at] === SPACE) at++
      if (at >= end) return end
      if (bytes[at] === CLOSE) return at + 1
      const from = at
      while (at < end && bytes[at] !== EQUALS && bytes[at] !== CLOSE && bytes[at] !== SPACE) at++
      const to = at
      if (at + 1 >= end) return end
      if (bytes[at] !== EQUALS || bytes[at + 1] !== QUOTE) return -1
      const valueFrom = at + 2
      at = valueFrom
      while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
      if (at >= end) return end
      this.#parameter(idFrom, idTo, from, to, valueFrom, at, fields)
      at++
    }
  }

  #parameter(
    idFrom: number,
    idTo: number,
    from: number,
    to: number,
    valueFrom: number,
    valueTo: number,
    fields: RecordFields,
  ): void {
    const bytes = this.#bytes
    for (let i = 0; i < this.#data.length; i++) {
      const { name, field } = this.#data[i]!
      const length = to - from
      if (!endsWith(name, name.length, bytes, from, to)) continue
      const rest = name.length - length
      const isMeant =
        rest === 0 ||
        (rest === idTo - idFrom + 1 && name[rest - 1] === 0x2e && endsWith(name, rest - 1, bytes, idFrom, idTo))
      if (isMeant) setQuoted(bytes, valueFrom, valueTo, QUOTE, fields, field)
    }
  }

  /** `host program[pid]: `, each of them left out by some. */
  #hostAndProgram(fields: RecordFields): void {
    const bytes = this.#bytes
    const end = this.#end
    let from = this.#at
    let to = hostEnd(bytes, from, end)
    if (to > from && to < end && bytes[to] === SPACE) {
      this.#set(this.#host, from, to, fields)
      from = to
      while (from < end && bytes[from] === SPACE) from++
      // `host : %ASA-…`
      if (bytes[from] === COLON && from + 1 < end && bytes[from + 1] === SPACE) from += 2
      while (from < end && bytes[from] === SPACE) from++
      this.#at = from
    }
    to = programEnd(bytes, from, end)
    if (to === from) {
      // A device's address behind its name: `host 10.0.0.1 dhcpd[12]: `.
      let next = hostEnd(bytes, from, end)
      const isAddress = next > from && readAddress(bytes, from, next, SPARE, 0)
      while (next < end && bytes[next] === SPACE) next++
      to = isAddress ? programEnd(bytes, next, end) : from
      if (to > next) from = next
      else to = from
    }
    this.#programFrom = from
    this.#programTo = from
    if (to === from) return
    let name = from
    while (name < to && bytes[name] !== OPEN && bytes[name] !== COLON) name++
    this.#programTo = name
    this.#set(this.#program, from, name, fields)
    this.#at = to
  }

  #set(field: number, start: number, end: number, fields: RecordFields): void {
    if (field >= 0) fields.set(field, start, end)
  }

  #byte(): number {
    return this.#at < this.#end ? this.#bytes[this.#at]! : -1
  }

  #spaces(): void {
    while (this.#at < this.#end && (this.#bytes[this.#at] === SPACE || this.#bytes[this.#at] === TAB)) this.#at++
  }
}

/** Where an address goes that is only looked at. */
const SPARE = new Uint32Array(4)
