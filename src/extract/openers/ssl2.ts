import { uint16 } from '../../base/bytes.ts'
import { bytesFrom, type Named, type Opener, type OpenerState } from './opener.ts'

const HEADER = 11
/** Of one cipher suite and a challenge of 16 bytes, the length itself left out. */
const SHORTEST = 28

/**
 * The ClientHello of SSL 2.0, in which clients offered TLS too (RFC 5246 appendix E.2). It has no place for a name, and
 * is only counted. Claimed where all its lengths agree.
 */
export class Ssl2Opener implements Opener {
  readonly awaits = false
  readonly first = [0x80]
  readonly second = bytesFrom(SHORTEST, 255)
  next = 0

  find(bytes: Uint8Array, start: number, end: number): OpenerState {
    const length = end - start
    if (length > 2 && bytes[start + 2] !== 1) return 'none'
    if (length > 3 && bytes[start + 3] !== 3 && bytes[start + 3] !== 0) return 'none'
    if (length > 4 && bytes[start + 4]! > 4) return 'none'
    if (length < HEADER) return 'partial'
    const suites = uint16(bytes, start + 5)
    const session = uint16(bytes, start + 7)
    const challenge = uint16(bytes, start + 9)
    const total = HEADER + suites + session + challenge
    if (suites === 0 || suites % 3 !== 0 || (session !== 0 && session !== 16) || challenge < 16 || challenge > 32) {
      return 'none'
    }
    if (total !== 2 + bytes[start + 1]!) return 'none'
    this.next = start + total
    return total <= length ? 'whole' : 'partial'
  }

  read(whole: boolean, into: Named): void {
    if (whole) into.count('client_hello_without_name')
  }
}
