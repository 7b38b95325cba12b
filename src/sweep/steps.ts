import type { ByteStream } from '../base/chunks.ts'
import type { OpenFile } from '../read/source.ts'

/** Read at once behind a place that was gone to; the further it goes on from there the more. */
const FIRST_STEP = 16 * 1024

/** A file up to a length as a stream of which another place can be read next. */
export function stepsOf(file: OpenFile, length: number): ByteStream & { goTo(position: number): void } {
  let position = 0
  let step = FIRST_STEP
  return {
    goTo: (to) => {
      position = to
      step = FIRST_STEP
    },
    read: (into, at, room) => {
      const count = file.readAt(into, at, Math.min(room, step, length - position), position)
      position += count
      step *= 2
      return count
    },
    close: () => {},
  }
}
