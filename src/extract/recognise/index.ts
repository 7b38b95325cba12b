import type { Protocol } from './protocol.ts'
import { wireguard } from './wireguard.ts'

/** What a flow can be recognised as by its bytes: a line a protocol. */
export const protocols: readonly Protocol[] = [wireguard]
