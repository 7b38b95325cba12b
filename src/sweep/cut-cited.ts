import type { Packet } from '../model/packet.ts'
import type { CaptureFormat } from '../model/reader.ts'
import type { OpenFile } from '../read/source.ts'
import { CaptureWalk } from './capture-walk.ts'
import type { CitedFrames, Observed } from './cited-frames.ts'
import { type CutSettings, Named, type Wanted, type WantedOfInput } from './cut.ts'
import { frameCut, LOOKED_BACK, PARTS_TAKEN } from './cut-capture.ts'
import { FlowFrames } from './flow-frames.ts'
import { BYTES, FRAMES, type HeldFrame } from './frame-ring.ts'

interface Task {
  readonly frame: number
  readonly wanted: Wanted
  readonly observed: readonly Observed[]
  /** Takes it off what is wanted. */
  readonly done: () => void
}

/**
 * Cuts the frames of a capture of which it is kept in mind what was observed at them, as `cutCapture` does: only what is
 * around them is read. Those that are not kept in mind stay in `wanted`.
 */
export async function cutCited(
  file: OpenFile,
  format: CaptureFormat,
  length: number,
  cited: CitedFrames,
  wanted: WantedOfInput,
  { clientOf, take }: CutSettings,
): Promise<void> {
  const walk = new CaptureWalk(file, length, format, cited.places)
  for (const { frame, wanted: one, observed, done } of tasksOf(wanted, cited, clientOf)) {
    const held = await frameAt(frame, walk)
    if (held === undefined) continue
    const parts = new Map<number, HeldFrame>()
    for (const of of observed) for (const part of await partsOf(of, held, walk)) parts.set(part.frame, part)
    done()
    const named = new Named()
    for (const of of observed) named.ends(of)
    for (const part of parts.values()) take(frameCut(part, 'part', named), one)
    take(frameCut(held, one.role, named), one)
  }
}

/** What is known of what is wanted, by frame. */
function tasksOf(
  { positions, answers }: WantedOfInput,
  cited: CitedFrames,
  clientOf: CutSettings['clientOf'],
): readonly Task[] {
  const tasks: Task[] = []
  for (const [frame, wanted] of positions) {
    const observed = cited.at(frame)
    if (observed !== undefined) tasks.push({ frame, wanted, observed, done: () => positions.delete(frame) })
  }
  for (const [start, asked] of answers) {
    const known = cited
      .answersAt(start)
      .map((answer) => ({ ...answer, client: clientOf({ addresses: answer.of.addresses, time: start }) }))
    for (const wanted of asked) {
      const answer = known.find(({ client, told }) => client === wanted.client && told.includes(wanted.address))
      const observed = answer && cited.at(answer.frame)
      if (observed === undefined) continue
      const done = () => {
        const left = answers.get(start)!.filter((one) => one !== wanted)
        if (left.length === 0) answers.delete(start)
        else answers.set(start, left)
      }
      tasks.push({ frame: answer!.frame, wanted, observed, done })
    }
  }
  return tasks.sort((a, b) => a.frame - b.frame)
}

/**
 * The frames of the observation's flow from where it began to before it was complete; where it came in pieces, the SYN of
 * its connection as well.
 */
async function partsOf(observed: Observed, held: HeldFrame, walk: CaptureWalk): Promise<readonly HeldFrame[]> {
  const { frame } = held
  const oldest = Math.max(1, frame - FRAMES + 1)
  const first = Math.max(observed.firstPosition, oldest)
  const fragments = await fragmentsBefore(observed, held, oldest, walk)
  if (first >= frame) return fragments
  const most = PARTS_TAKEN - fragments.length
  const opensFrom = observed.transport === 'tcp' ? Math.max(observed.firstPosition - LOOKED_BACK, oldest) : first
  const frames = new FlowFrames()
  let opening: HeldFrame | undefined
  let parts: HeldFrame[] = []
  await walk.frames(Math.min(opensFrom, first), frame, (packet, offset) => {
    if (packet.frame === frame) {
      const isNear = (part: HeldFrame) => offset - part.offset <= BYTES
      parts = parts.filter(isNear)
      if (opening !== undefined && !isNear(opening)) opening = undefined
      return
    }
    const isPart = packet.frame >= first
    if (isPart && parts.length >= most) return
    frames.look(packet)
    if (!frames.isOf(observed, !isPart)) return
    const held = heldOf(packet, offset)
    if (isPart) parts.push(held)
    else opening = held
  })
  const all = [...fragments, ...parts]
  return opening === undefined || all.length === 0 ? all : [opening, ...all]
}

/** Where the frame that the observation begins in has a part of an IP packet, the parts that came before it. */
async function fragmentsBefore(
  observed: Observed,
  held: HeldFrame,
  oldest: number,
  walk: CaptureWalk,
): Promise<readonly HeldFrame[]> {
  const { frame } = held
  const { firstPosition } = observed
  const beginning =
    firstPosition === frame ? held : firstPosition < oldest ? undefined : await frameAt(firstPosition, walk)
  if (beginning === undefined) return []
  const frames = new FlowFrames()
  frames.look({ ...beginning, offset: 0, end: beginning.bytes.length })
  if (!frames.isOf(observed) || !frames.isFragment) return []
  let found: HeldFrame[] = []
  await walk.frames(Math.max(oldest, firstPosition - LOOKED_BACK), frame, (packet, offset) => {
    if (packet.frame === frame) found = found.filter((part) => offset - part.offset <= BYTES)
    if (packet.frame >= firstPosition) return
    frames.look(packet)
    if (frames.isOf(observed) && frames.isFragment) found.push(heldOf(packet, offset))
  })
  return found.slice(-PARTS_TAKEN)
}

async function frameAt(frame: number, walk: CaptureWalk): Promise<HeldFrame | undefined> {
  let held: HeldFrame | undefined
  await walk.frames(frame, frame, (packet, offset) => {
    held = heldOf(packet, offset)
  })
  return held
}

function heldOf({ bytes, offset, end, frame, time, wireLength, linkType }: Packet, at: number): HeldFrame {
  return { frame, offset: at, time, wireLength, linkType, bytes: new Uint8Array(bytes.subarray(offset, end)) }
}
