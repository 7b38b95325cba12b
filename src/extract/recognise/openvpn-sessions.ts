import { uint32 } from '../../base/bytes.ts'

/** Message types that begin a session. */
const CLIENT_RESETS = [1, 7, 10]
const SERVER_RESETS = [2, 8]

/**
 * Where the number of acknowledgements stands: behind type and session, or behind what tls-auth puts after them: a code
 * of 16 to 64 bytes, a number and a time.
 */
const ACKNOWLEDGEMENTS = [9, 33, 37, 45, 49, 65, 81]
const ACKNOWLEDGEMENT_LIMIT = 8

/** Where tls-crypt puts its number and its time, in clear (src/openvpn/tls_crypt.h of OpenVPN). */
const NUMBER = 9
const TIME = 13
/** Messages that may be lost between two. */
const NUMBER_STEP = 16
/** How far the clocks of two sides may be apart, and what none of them goes back behind: 2001. */
const CLOCK_STEP = 24 * 60 * 60
const EARLIEST = 1_000_000_000

/**
 * What both sides of an OpenVPN connection have shown of their sessions. A side that acknowledges names the other's
 * session of 64 bits: that is the proof. Where it is encrypted (tls-crypt) one is likely by what stands in clear before
 * it: after the resets of both sides each repeats its session and its time while its numbers go on, and clocks agree.
 */
export class OpenVpnSessions {
  proved = false
  likely = false
  /** Session of each side in two words, 0 where unknown. */
  readonly #high = [0, 0]
  readonly #low = [0, 0]
  /** Which began with a client's (1) or a server's (2) reset. */
  readonly #reset = [0, 0]
  readonly #number = [0, 0]
  readonly #time = [0, 0]
  readonly #goesOn = [false, false]

  /** Takes a control message. False where its session is not that of its side. */
  take(bytes: Uint8Array, start: number, end: number, type: number, way: 0 | 1): boolean {
    const high = uint32(bytes, start + 1)
    const low = uint32(bytes, start + 5)
    const reset = CLIENT_RESETS.includes(type) ? 1 : SERVER_RESETS.includes(type) ? 2 : 0
    if (high !== this.#high[way] || low !== this.#low[way]) {
      if (this.#high[way] !== 0 && reset === 0) return false
      this.#high[way] = high
      this.#low[way] = low
      this.#reset[way] = reset
      this.#number[way] = 0
      this.#time[way] = 0
      this.#goesOn[way] = false
    }
    if (this.#names(bytes, start, end, way === 0 ? 1 : 0)) this.proved = true
    if (end - start >= TIME + 4) this.#follow(uint32(bytes, start + NUMBER), uint32(bytes, start + TIME), way)
    return true
  }

  /** Whether the message acknowledges the session of the side that messages going `way` come from. */
  #names(bytes: Uint8Array, start: number, end: number, way: 0 | 1): boolean {
    if (this.#high[way] === 0) return false
    for (const place of ACKNOWLEDGEMENTS) {
      if (start + place >= end) return false
      const count = bytes[start + place]!
      const at = start + place + 1 + 4 * count
      if (count === 0 || count > ACKNOWLEDGEMENT_LIMIT || at + 8 > end) continue
      if (uint32(bytes, at) === this.#high[way] && uint32(bytes, at + 4) === this.#low[way]) return true
    }
    return false
  }

  #follow(number: number, time: number, way: 0 | 1): void {
    const step = number - this.#number[way]!
    if (time === this.#time[way] && step > 0 && step <= NUMBER_STEP) this.#goesOn[way] = true
    this.#number[way] = number
    this.#time[way] = time
    const [there, back] = this.#time as [number, number]
    if (!this.#goesOn[0] || !this.#goesOn[1] || this.#reset[0]! + this.#reset[1]! !== 3) return
    if (there >= EARLIEST && back >= EARLIEST && Math.abs(there - back) <= CLOCK_STEP) this.likely = true
  }
}
