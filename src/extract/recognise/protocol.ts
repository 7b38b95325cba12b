import type { Certainty, Means, Observation, ProtocolName } from '../../model/observation.ts'
import type { Packet } from '../../model/packet.ts'

/** What a candidate makes of its flow so far: it is something else; it cannot be told yet; or how sure it is. */
export type Opinion = 'no' | 'unknown' | Exclude<Certainty, ''>

/** What one flow may be. It lives as long as it is in question, and sees what goes both ways. */
export interface Candidate {
  /** What observations say of the flow; both may change with what is taken. */
  readonly means: Extract<Means, 'vpn' | 'call' | 'payload'>
  readonly protocol: ProtocolName
  /**
   * Takes the next datagram of the flow, or the next segment with data of a TCP connection (a repeated one is left
   * out, but order is not put right), narrowed to its payload of one byte or more; also the one that `canBe` was asked
   * about. Where `packet.cut`, bytes are missing at its end.
   * @param up whether it goes the way of the flow's first packet: from the client, as far as that is known.
   */
  take(packet: Packet, up: boolean): Opinion
  /** How many different things `describe` adds: with more of them the flow is observed again. */
  readonly details?: number
  /** Adds what it read (realm, software, peers, name) to an observation that is about to be handed on. */
  describe?(observation: Observation): void
}

/**
 * A protocol that shows itself by the form, the lengths and the order of its messages. A single byte is never proof:
 * it only makes a candidate.
 */
export interface Protocol {
  readonly transport: 'udp' | 'tcp'
  /** The first byte of a datagram or of a segment that makes a candidate is one of these. */
  readonly first: readonly number[]
  /** Where its bytes alone say too little: one of the flow's ports is one of these. */
  readonly ports?: readonly number[]
  /** Whether `bytes[start…end)` makes a flow a candidate: a cheap look, without state. It is `length` long uncut. */
  canBe(bytes: Uint8Array, start: number, end: number, length: number): boolean
  /** A candidate for one flow; a small object, because a stranger can make many. */
  begin(): Candidate
}
