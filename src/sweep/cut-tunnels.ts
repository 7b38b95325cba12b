import { formatAddress } from '../base/address.ts'
import { MICROS_PER_MINUTE, type Micros } from '../base/time.ts'
import type { Packet } from '../model/packet.ts'
import type { CutSettings, WantedOfInput } from './cut.ts'
import type { FrameRing } from './frame-ring.ts'

export function minuteOf(time: Micros): number {
  return Math.floor(time / MICROS_PER_MINUTE)
}

/**
 * Looks at each IP header of the packets of a capture, and takes the first of each minute that is between a client and a gateway
 * where one is wanted; undefined where none is.
 */
export function tunnelCutter(
  { tunnels }: WantedOfInput,
  ring: FrameRing,
  { tunnelClientOf, take }: CutSettings,
): ((packet: Packet) => void) | undefined {
  if (tunnels.size === 0 || tunnelClientOf === undefined) return undefined
  return (packet) => {
    const minute = minuteOf(packet.time)
    const wanted = tunnels.get(minute)
    const found = wanted && tunnelClientOf(packet)
    if (found === undefined) return
    const held = ring.get(packet.frame)
    if (held === undefined) return
    const { frame: position, ...rest } = held
    const [client, server] = [found.isFirst ? 0 : 4, found.isFirst ? 4 : 0]
    const named = {
      ...{ clients: [formatAddress(packet.addresses, client)], servers: [formatAddress(packet.addresses, server)] },
      people: [],
    }
    const left = wanted!.filter((one) => {
      if (one.client !== found.client) return true
      take({ unit: 'frame', position, role: 'tunnel', ...rest, ...named }, one)
      return false
    })
    if (left.length === 0) tunnels.delete(minute)
    else tunnels.set(minute, left)
  }
}
