const TAB = 0x09
const LINE_FEED = 0x0a
const RETURN = 0x0d
const HASH = 0x23
const ZERO = 0x30
const SPACE = 0x20

/**
 * What rsyslog writes for control characters (`#011` for a tab, in octal), undone: records whose parts tabs separate would
 * be one part (https://www.rsyslog.com/doc/rainerscript/global.html, parser.escapeControlCharactersOnReceive).
 */
export class ControlEscapes {
  /** What `undo` made: `bytes[0…length)`, until its next call. */
  bytes: Uint8Array = new Uint8Array(0)
  length = 0

  /** Whether the record had escaped tabs; only then is anything undone. A line end at its end is left off. */
  undo(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start
    while (at < end && (bytes[at] !== HASH || escapedAt(bytes, at, end) !== TAB)) at++
    if (at === end) return false
    if (this.bytes.length < end - start) this.bytes = new Uint8Array(2 * (end - start))
    const out = this.bytes
    let length = 0
    for (at = start; at < end; at++) {
      const escaped = bytes[at] === HASH ? escapedAt(bytes, at, end) : -1
      out[length++] = escaped < 0 ? bytes[at]! : escaped
      if (escaped >= 0) at += 3
    }
    while (length > 0 && (out[length - 1] === RETURN || out[length - 1] === LINE_FEED)) length--
    this.length = length
    return true
  }
}

/** The control character that is written behind the `#` at `at`; -1 where none is. */
function escapedAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end || bytes[at + 1] !== ZERO) return -1
  const high = bytes[at + 2]! - ZERO
  const low = bytes[at + 3]! - ZERO
  if (high < 0 || high > 3 || low < 0 || low > 7) return -1
  const value = 8 * high + low
  return value < SPACE ? value : -1
}
