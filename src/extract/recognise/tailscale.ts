import { uint16, uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** `TS` and a speech balloon in UTF-8. */
const MAGIC_HIGH = 0x5453f09f
const MAGIC_LOW = 0x92ac
/** The magic, the sender's key, a nonce, and a tag around a message of two bytes at least. */
const SHORTEST = 6 + 32 + 24 + 16 + 2

/** What Tailscale's clients send one another to find a way (https://pkg.go.dev/tailscale.com/disco); its tunnel is WireGuard. */
export const tailscale: Protocol = {
  transport: 'udp',
  first: [0x54],
  canBe: isDisco,
  begin: () => new Tailscale(),
}

/** Confirmed where both sides send some. */
class Tailscale implements Candidate {
  readonly means = 'vpn'
  readonly protocol = 'tailscale'
  readonly #seen = [false, false]

  take({ bytes, offset, end }: Packet, up: boolean): Opinion {
    if (!isDisco(bytes, offset, end)) return 'unknown'
    this.#seen[up ? 0 : 1] = true
    return this.#seen[0] && this.#seen[1] ? 'confirmed' : 'probable'
  }
}

function isDisco(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < SHORTEST) return false
  return uint32(bytes, start) === MAGIC_HIGH && uint16(bytes, start + 4) === MAGIC_LOW
}
