import { uint16 } from '../base/bytes.ts'

/** RFC 9460 §14.3.2, RFC 9848 §3 */
const KEY_IPV4_HINT = 4
const KEY_ECH = 5
const KEY_IPV6_HINT = 6

/** Reads the parameters of an SVCB or HTTPS record (RFC 9460 §2.2): a key, a length and a value each. */
export class ServiceBinding {
  /** After `read` said true: where the values stand; equal where there is none. */
  ipv4Start = 0
  ipv4End = 0
  ipv6Start = 0
  ipv6End = 0
  echStart = 0
  echEnd = 0

  /** Reads `bytes[start…end)`. False where they are malformed: a client then uses nothing of the record. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.ipv4Start = this.ipv4End = 0
    this.ipv6Start = this.ipv6End = 0
    this.echStart = this.echEnd = 0
    let last = -1
    for (let at = start; at < end; ) {
      if (end - at < 4) return false
      const key = uint16(bytes, at)
      const value = at + 4
      at = value + uint16(bytes, at + 2)
      if (at > end || key <= last) return false
      last = key
      if (!this.#take(key, value, at)) return false
    }
    return true
  }

  #take(key: number, start: number, end: number): boolean {
    if (key === KEY_IPV4_HINT) {
      this.ipv4Start = start
      this.ipv4End = end
      return end > start && (end - start) % 4 === 0
    }
    if (key === KEY_IPV6_HINT) {
      this.ipv6Start = start
      this.ipv6End = end
      return end > start && (end - start) % 16 === 0
    }
    if (key === KEY_ECH) {
      this.echStart = start
      this.echEnd = end
      return end > start
    }
    return true
  }
}
