import type { Chunks } from '../base/chunks.ts'
import { MICROS_PER_SECOND, type Micros } from '../base/time.ts'
import type { Observation } from '../model/observation.ts'
import type { Packet } from '../model/packet.ts'
import type { CaptureFormat } from '../model/reader.ts'
import { readInput } from '../pipeline.ts'
import { answersAt, type Cut, type CutSettings, Named, type Wanted, type WantedOfInput } from './cut.ts'
import { minuteOf, tunnelCutter } from './cut-tunnels.ts'
import { FlowFrames } from './flow-frames.ts'
import { FrameRing, type HeldFrame } from './frame-ring.ts'

/** Frames of one hello or message that are taken beside the one in which it was complete. */
export const PARTS_TAKEN = 40

/** Frames before a hello in pieces in which the beginning of its connection, or of its first IP packet, is looked for. */
export const LOOKED_BACK = 256

/** Frames before a wanted one that are decoded: what a hello in pieces began with. Others are only passed over. */
const DECODED_BEFORE = 1024

/** Frames that wait for what is observed of them: flows tell of themselves when they have ended. */
const WAITING = 4096

interface Waiting {
  readonly held: HeldFrame
  readonly wanted: Wanted
  readonly named: Named
  readonly parts: Map<number, HeldFrame>
}

/** Cuts frames, with those that a hello in pieces began in. */
export async function cutCapture(
  chunks: Chunks,
  format: CaptureFormat,
  wanted: WantedOfInput,
  settings: CutSettings,
): Promise<void> {
  const { clientOf, options, take } = settings
  const ring = new FrameRing()
  const next = [...wanted.positions.keys()].sort((a, b) => a - b)
  let nth = 0
  // An answer can come in pieces too: what comes within a second before it is decoded as well.
  const seconds = new Set([...wanted.answers.keys()].flatMap((start) => [secondOf(start), secondOf(start) - 1]))
  /** Whether nothing that is wanted can depend on this frame. */
  const isIdle = ({ frame, time }: Packet) => {
    while (nth < next.length && next[nth]! < frame) nth++
    return (
      (nth === next.length || frame < next[nth]! - DECODED_BEFORE) &&
      !seconds.has(secondOf(time)) &&
      !wanted.tunnels.has(minuteOf(time))
    )
  }
  const waiting = new Map<number, Waiting[]>()
  const add = (held: HeldFrame, one: Wanted) => {
    if (waiting.size >= WAITING) release(waiting.keys().next().value!)
    const list = waiting.get(held.frame) ?? []
    list.push({ held, wanted: one, named: new Named(), parts: new Map() })
    waiting.set(held.frame, list)
  }
  const release = (frame: number) => {
    for (const { held, wanted: one, named, parts } of waiting.get(frame) ?? []) {
      for (const part of parts.values()) take(frameCut(part, 'part', named), one)
      take(frameCut(held, one.role, named), one)
    }
    waiting.delete(frame)
  }
  const cutting: CaptureFormat = {
    ...format,
    open: (window, oddities) => {
      const reader = format.open(window, oddities)
      return {
        next: (packet) => {
          do {
            if (!reader.next(packet)) return false
            ring.push(packet, window.position - window.start + packet.offset)
          } while (isIdle(packet))
          const cited = wanted.positions.get(packet.frame)
          if (cited !== undefined) {
            wanted.positions.delete(packet.frame)
            const held = ring.get(packet.frame)
            if (held !== undefined) add(held, cited)
          }
          return true
        },
        more: () => reader.more(),
        place: () => reader.place(),
        get damage() {
          return reader.damage
        },
      }
    },
  }
  const observe = (observation: Observation) => {
    for (const answer of answersAt(observation, wanted, clientOf)) {
      const held = ring.get(observation.position)
      if (held !== undefined) add(held, answer)
    }
    for (const one of waiting.get(observation.position) ?? []) {
      one.named.observe(observation)
      for (const part of partsOf(observation, ring)) one.parts.set(part.frame, part)
    }
  }
  await readInput(
    chunks,
    cutting,
    {
      observe,
      isWanted: () => true,
      packet: tunnelCutter(wanted, ring, settings),
      pause: () => {
        settings.progress?.(chunks.position)
        const done = wanted.positions.size === 0 && wanted.answers.size === 0 && wanted.tunnels.size === 0
        return done && [...waiting.values()].every((list) => list.every(({ named }) => named.clients.size > 0))
      },
    },
    options,
  )
  for (const frame of [...waiting.keys()]) release(frame)
}

function secondOf(time: Micros): number {
  return Math.floor(time / MICROS_PER_SECOND)
}

/** A frame as a piece. */
export function frameCut(held: HeldFrame, role: Cut['role'], named: Named): Cut {
  const { frame, ...rest } = held
  return { unit: 'frame', position: frame, role, ...rest, ...named.lists }
}

/**
 * The frames of the observation's flow from where it began to before it was complete; where it came in pieces, the SYN of
 * its connection as well, from which another tool tells the order of segments.
 */
function partsOf(observation: Observation, ring: FrameRing): HeldFrame[] {
  const frames = new FlowFrames()
  const isOfFlow = (held: HeldFrame, opens = false) => {
    frames.look({ ...held, offset: 0, end: held.bytes.length })
    return frames.isOf(observation, opens)
  }
  const parts: HeldFrame[] = []
  const { firstPosition, position } = observation
  const beginning = ring.get(firstPosition)
  if (beginning !== undefined && isOfFlow(beginning) && frames.isFragment) {
    const last = Math.max(1, firstPosition - LOOKED_BACK)
    for (let frame = firstPosition - 1; frame >= last && parts.length < PARTS_TAKEN; frame--) {
      const held = ring.get(frame)
      if (held !== undefined && isOfFlow(held) && frames.isFragment) parts.unshift(held)
    }
  }
  for (let frame = Math.max(firstPosition, 1); frame < position && parts.length < PARTS_TAKEN; frame++) {
    const held = ring.get(frame)
    if (held !== undefined && isOfFlow(held)) parts.push(held)
  }
  if (parts.length === 0 || observation.transport !== 'tcp') return parts
  const last = Math.max(1, firstPosition - LOOKED_BACK)
  for (let frame = firstPosition - 1; frame >= last; frame--) {
    const held = ring.get(frame)
    if (held !== undefined && isOfFlow(held, true)) return [held, ...parts]
  }
  return parts
}
