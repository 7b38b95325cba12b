import type { Packet } from '../model/packet.ts'

/** Frames, and bytes of them, that can be looked back at: hellos come in frames that follow each other closely. */
export const FRAMES = 4096
export const BYTES = 4 << 20

/** A frame as it stood in the capture. */
export interface HeldFrame {
  readonly frame: number
  readonly offset: number
  readonly time: number
  readonly wireLength: number
  readonly linkType: number
  /** A copy. */
  readonly bytes: Uint8Array
}

/** The last frames of a capture, copied one after the other into a ring: no object is made for a frame. */
export class FrameRing {
  readonly #bytes = new Uint8Array(BYTES)
  /** By frame modulo FRAMES: number, offset in the input, time, length on the wire, link type, start, length. */
  readonly #heads = new Float64Array(FRAMES * 7)
  #end = 0

  /** Copies a frame as its reader gave it, before it is decoded; one larger than the ring is not held. */
  push({ bytes, offset, end, frame, time, wireLength, linkType }: Packet, at: number): void {
    const length = end - offset
    if (length > BYTES) return
    // A frame that would go over the end of the ring begins at its start.
    const room = BYTES - (this.#end % BYTES)
    if (length > room) this.#end += room
    const start = this.#end
    this.#bytes.set(bytes.subarray(offset, end), start % BYTES)
    this.#end += length
    const head = (frame % FRAMES) * 7
    this.#heads.set([frame, at, time, wireLength, linkType, start, length], head)
  }

  /** A copy of a frame; undefined where it was overwritten. */
  get(frame: number): HeldFrame | undefined {
    const head = (frame % FRAMES) * 7
    const [number, offset, time, wireLength, linkType, start, length] = this.#heads.subarray(head, head + 7)
    if (number !== frame || frame === 0 || this.#end - start! > BYTES) return undefined
    const from = start! % BYTES
    const bytes = this.#bytes.slice(from, from + length!)
    return { frame, offset: offset!, time: time!, wireLength: wireLength!, linkType: linkType!, bytes }
  }
}
