/** Gives the next of a sequence of pseudo-random integers from 0 to 2^32 - 1. */
export type Random = () => number

/** Values that lengths, counts and types take where parsers break. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 0x0f, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xfe, 0xff]

/** A copy of `bytes` with one to six changes: bits flipped, edges set, parts cut out, repeated or put in elsewhere. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let result: Uint8Array = bytes.slice()
  for (let changes = 1 + (random() % 6); changes > 0 && result.length > 0; changes--) {
    result = changed(result, random() % result.length, random)
  }
  return result
}

function changed(bytes: Uint8Array, at: number, random: Random): Uint8Array {
  switch (random() % 8) {
    case 0:
    case 1:
      bytes[at]! ^= 1 << (random() % 8)
      return bytes
    case 2:
    case 3:
      bytes[at] = EDGES[random() % EDGES.length]!
      return bytes
    case 4:
      bytes[at] = random() & 255
      return bytes
    case 5:
      return bytes.slice(0, at)
    case 6: {
      const end = Math.min(bytes.length, at + (random() % 16))
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(end)])
    }
    default: {
      const from = random() % bytes.length
      const part = bytes.subarray(from, Math.min(bytes.length, from + (random() % 16)))
      return Uint8Array.from([...bytes.subarray(0, at), ...part, ...bytes.subarray(at)])
    }
  }
}
