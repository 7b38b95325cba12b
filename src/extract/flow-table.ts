import { sameAddress } from '../base/address.ts'
import { MICROS_PER_SECOND, type Micros } from '../base/time.ts'
import type { Packet } from '../model/packet.ts'
import type { Flow } from './flow.ts'
import type { Pieces } from './pieces.ts'

const BUCKETS = 1024
const WAYS = 4
/** A handshake in which nothing happened for so long is given up. */
const IDLE_LIMIT = 60 * MICROS_PER_SECOND

/** Packets of one flow that brought something. */
export class FlowSpan implements Flow {
  readonly addresses = new Uint32Array(8)
  sourcePort = 0
  destinationPort = 0
  /** Frames of the first and the last of them, and the time of the last. */
  firstFrame = 0
  lastFrame = 0
  lastTime: Micros = 0

  /** Takes the packet for the first. */
  begin(packet: Packet): void {
    this.addresses.set(packet.addresses)
    this.sourcePort = packet.sourcePort
    this.destinationPort = packet.destinationPort
    this.firstFrame = packet.frame
    this.lastFrame = packet.frame
    this.lastTime = packet.time
  }
}

/** What is remembered of one direction of a flow of datagrams. */
export class FlowState extends FlowSpan {
  readonly pieces: Pieces
  /** It stands in the table. */
  used = false
  /** A part of the message has come and the rest is awaited: not given up without being told. */
  awaited = false

  constructor(pieces: Pieces) {
    super()
    this.pieces = pieces
  }
}

/**
 * A table of 1,024 buckets of four places, several for a flow where need be. A flow that finds its bucket full takes
 * the place of one that awaits nothing, else of the one that was idle longest. So no sender makes it larger or slower.
 */
export class FlowTable<State extends FlowState> {
  readonly #create: () => State
  /** Called with a state that is given up while it awaits something, and whether for want of a place. */
  readonly #onAbandon: (state: State, dropped: boolean) => void
  readonly #places: (State | undefined)[] = new Array<State | undefined>(BUCKETS * WAYS).fill(undefined)
  #hand = 0

  constructor(create: () => State, onAbandon: (state: State, dropped: boolean) => void) {
    this.#create = create
    this.#onAbandon = onAbandon
  }

  /** The first place of the flow behind `after`, or -1: a loop that starts with -1 meets all of them. */
  find(flow: Flow, after: number): number {
    const bucket = bucketOf(flow)
    for (let place = after < 0 ? bucket * WAYS : after + 1; place < (bucket + 1) * WAYS; place++) {
      const state = this.#places[place]
      if (
        state?.used === true &&
        state.sourcePort === flow.sourcePort &&
        state.destinationPort === flow.destinationPort &&
        sameAddress(state.addresses, 0, flow.addresses, 0) &&
        sameAddress(state.addresses, 4, flow.addresses, 4)
      ) {
        return place
      }
    }
    return -1
  }

  /** What stands in a place that `find` gave. */
  at(place: number): State {
    return this.#places[place]!
  }

  /** A new state for the packet's direction. */
  add(packet: Packet): State {
    this.#turnHand(packet.time)
    const bucket = bucketOf(packet)
    let place = bucket * WAYS
    for (let other = place; other < (bucket + 1) * WAYS; other++) {
      if (this.#goesBefore(other, place)) place = other
    }
    const known = this.#places[place]
    if (known?.used === true) this.#giveUp(known, true)
    const state = known ?? this.#create()
    this.#places[place] = state
    state.begin(packet)
    state.used = true
    return state
  }

  /** Gives up what is still awaited: at the end of the input. */
  finish(): void {
    for (const state of this.#places) if (state?.used === true) this.#giveUp(state, false)
  }

  /** Whether what stands in `place` is given up rather than what stands in `other`. */
  #goesBefore(place: number, other: number): boolean {
    const a = this.#places[place]
    const b = this.#places[other]
    if (a?.used !== true) return b?.used === true
    if (b?.used !== true) return false
    if (a.awaited !== b.awaited) return b.awaited
    return a.lastTime < b.lastTime
  }

  /** Looks at one bucket each time a state is added, and gives up what has been awaited too long there. */
  #turnHand(now: Micros): void {
    this.#hand = (this.#hand + 1) % BUCKETS
    for (let place = this.#hand * WAYS; place < (this.#hand + 1) * WAYS; place++) {
      const state = this.#places[place]
      if (state?.used === true && state.awaited && now - state.lastTime > IDLE_LIMIT) this.#giveUp(state, false)
    }
  }

  #giveUp(state: State, dropped: boolean): void {
    if (state.awaited) this.#onAbandon(state, dropped)
    state.awaited = false
    state.used = false
    state.pieces.clear()
  }
}

function bucketOf({ addresses, sourcePort, destinationPort }: Flow): number {
  const mixed = addresses[3]! ^ ((addresses[7]! << 9) | (addresses[7]! >>> 23))
  const ports = (sourcePort << 16) | destinationPort
  return Math.imul(mixed ^ Math.imul(ports, 0x85ebca6b), 0x9e3779b1) >>> 22
}
