/**
 * The bits of each byte's code, 0 to 255 and the end of string (RFC 7541 appendix B). Codes of one length are
 * consecutive and in the order of their bytes, so that the lengths say all.
 */
const LENGTHS: readonly number[] = [
  ...[13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28],
  ...[28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28],
  ...[6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6],
  ...[5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10],
  ...[13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7],
  ...[7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6],
  ...[15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5],
  ...[6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28],
  ...[20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23],
  ...[24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24],
  ...[22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23],
  ...[21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23],
  ...[26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25],
  ...[19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27],
  ...[20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23],
  ...[26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26],
  30,
]
const EOS = 256
const SHORTEST = 5
const LONGEST = 30

/** By length: the first code, how many there are, and where their bytes begin in SYMBOLS. */
const FIRST = new Uint32Array(LONGEST + 1)
const COUNT = new Uint32Array(LONGEST + 1)
const OFFSET = new Uint32Array(LONGEST + 1)
const SYMBOLS = new Uint16Array(LENGTHS.length)

let code = 0
let offset = 0
for (let length = SHORTEST; length <= LONGEST; length++) {
  code *= 2
  FIRST[length] = code
  OFFSET[length] = offset
  for (let symbol = 0; symbol <= EOS; symbol++) if (LENGTHS[symbol] === length) SYMBOLS[offset++] = symbol
  COUNT[length] = offset - OFFSET[length]!
  code += COUNT[length]!
}

/**
 * Decodes `bytes[start…end)` into `into` and gives the length; -1 where it does not fit, holds the end of string, or is
 * padded with anything but up to seven ones (RFC 7541 §5.2).
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number, into: Uint8Array): number {
  let written = 0
  let bits = 0
  let length = 0
  for (let at = start; at < end; at++) {
    for (let bit = 7; bit >= 0; bit--) {
      bits = bits * 2 + ((bytes[at]! >> bit) & 1)
      length++
      if (length < SHORTEST || bits - FIRST[length]! >= COUNT[length]!) {
        if (length === LONGEST) return -1
        continue
      }
      const symbol = SYMBOLS[OFFSET[length]! + bits - FIRST[length]!]!
      if (symbol === EOS || written === into.length) return -1
      into[written++] = symbol
      bits = 0
      length = 0
    }
  }
  return length < 8 && bits === 2 ** length - 1 ? written : -1
}
