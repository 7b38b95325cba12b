import { uint16 } from '../../base/bytes.ts'
import { canBeDnsHeader, looksLikeDns } from '../dns.ts'
import { bytesFrom, type Opener, type OpenerState } from './opener.ts'

/** Longer messages than this are known on the DNS port only. */
const LENGTH_LIMIT = 0x03ff

/** DNS messages, each behind its length (RFC 1035 §4.2.2), on any port: claimed by all that a message must be. */
export class DnsOpener implements Opener {
  readonly awaits = false
  readonly first = bytesFrom(0, LENGTH_LIMIT >> 8)
  readonly second = bytesFrom(0, 255)
  next = 0

  find(bytes: Uint8Array, start: number, end: number): OpenerState {
    const message = start + 2
    if (end < message) return 'partial'
    const length = uint16(bytes, start)
    if (!canBeDnsHeader(bytes, message, end, length)) return 'none'
    this.next = message + length
    if (end < this.next) return 'partial'
    return looksLikeDns(bytes, message, this.next) ? 'whole' : 'none'
  }

  read(): void {}
}
