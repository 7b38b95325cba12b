/**
 * Addresses are four 32-bit words of a Uint32Array, most significant first; IPv4 as `::ffff:a.b.c.d` (RFC 4291
 * §2.5.5.2), so that one comparison serves both families.
 */

/** The third word of an IPv4-mapped address. */
export const MAPPED = 0x0000ffff

export function isIPv4(words: Uint32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === MAPPED
}

/** Dotted quad, or RFC 5952 text. */
export function formatAddress(words: Uint32Array, at: number): string {
  if (isIPv4(words, at)) {
    const w = words[at + 3]!
    return `${w >>> 24}.${(w >>> 16) & 255}.${(w >>> 8) & 255}.${w & 255}`
  }
  const groups: number[] = []
  for (let i = 0; i < 4; i++) groups.push(words[at + i]! >>> 16, words[at + i]! & 0xffff)
  // RFC 5952 §4.2: the longest run of two or more zero groups, the first of equals, becomes `::`.
  let best = -1
  let bestLength = 1
  for (let i = 0; i < 8; ) {
    let end = i
    while (end < 8 && groups[end] === 0) end++
    if (end - i > bestLength) {
      best = i
      bestLength = end - i
    }
    i = end === i ? i + 1 : end
  }
  const hex = groups.map((group) => group.toString(16))
  if (best < 0) return hex.join(':')
  return `${hex.slice(0, best).join(':')}::${hex.slice(best + bestLength).join(':')}`
}

/**
 * Reads an IPv4 dotted quad (no leading zeros: they are octal to some readers) or an IPv6 address (RFC 4291 §2.2, no
 * zone) into four words. False, and the words untouched, where the text is neither.
 */
export function parseAddress(text: string, words: Uint32Array, at: number): boolean {
  if (text.length < 2 || text.length > 45) return false
  if (text.indexOf(':') < 0) {
    const quad = parseQuad(text, 0)
    if (quad < 0) return false
    words[at] = 0
    words[at + 1] = 0
    words[at + 2] = MAPPED
    words[at + 3] = quad
    return true
  }
  const groups: number[] = []
  let gap = -1
  let i = 0
  if (text.startsWith('::')) {
    gap = 0
    i = 2
  }
  while (i < text.length) {
    if (groups.length === 8) return false
    let value = 0
    let digits = 0
    const start = i
    for (; i < text.length && digits < 5; i++, digits++) {
      const digit = hexDigit(text.charCodeAt(i))
      if (digit < 0) break
      value = value * 16 + digit
    }
    if (i < text.length && text[i] === '.') {
      const quad = parseQuad(text, start)
      if (quad < 0 || groups.length > 6) return false
      groups.push(quad >>> 16, quad & 0xffff)
      i = text.length
      break
    }
    if (digits === 0 || digits > 4) return false
    groups.push(value)
    if (i === text.length) break
    if (text[i] !== ':') return false
    i++
    if (text[i] === ':') {
      if (gap >= 0) return false
      gap = groups.length
      i++
    } else if (i === text.length) return false
  }
  if (gap < 0 ? groups.length !== 8 : groups.length > 7) return false
  if (gap >= 0) groups.splice(gap, 0, ...new Array<number>(8 - groups.length).fill(0))
  for (let w = 0; w < 4; w++) words[at + w] = ((groups[2 * w]! << 16) | groups[2 * w + 1]!) >>> 0
  return true
}

/** The dotted quad that is the rest of `text` from `start`, or -1. */
function parseQuad(text: string, start: number): number {
  let result = 0
  let parts = 0
  let i = start
  while (parts < 4) {
    let value = 0
    const first = i
    while (i < text.length && i - first < 4) {
      const digit = text.charCodeAt(i) - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      i++
    }
    const length = i - first
    if (length === 0 || length > 3 || value > 255 || (length > 1 && text[first] === '0')) return -1
    result = result * 256 + value
    parts++
    if (parts < 4 && text[i++] !== '.') return -1
  }
  return i === text.length ? result : -1
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

export function sameAddress(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  return a[i + 3] === b[j + 3] && a[i + 2] === b[j + 2] && a[i + 1] === b[j + 1] && a[i] === b[j]
}
