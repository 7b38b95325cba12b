import { Readable } from 'node:stream'
import { FILE_HEADER } from './pcap-file.ts'

/** A frame as the independent reader gives it. */
export interface IndependentFrame {
  readonly seconds: number
  readonly micros: number
  readonly capturedLength: number
  readonly wireLength: number
  readonly bytes: Uint8Array
}

/** A capture larger than this, or with more frames, is none of a pack: the second reader is written for small ones. */
const SIZE_LIMIT = 64 << 20
const FRAMES_LIMIT = 200_000

/**
 * What the `pcap-parser` package, which is none of ours, reads of a capture. Throws where it is no capture, is too large,
 * or ends within a packet.
 */
export async function independentFrames(capture: Uint8Array): Promise<readonly IndependentFrame[]> {
  if (capture.length > SIZE_LIMIT) throw new Error(`it is larger than ${SIZE_LIMIT} bytes`)
  const { parse } = await import('pcap-parser')
  const frames: IndependentFrame[] = []
  let read = FILE_HEADER
  await new Promise<void>((resolve, reject) => {
    const parser = parse(Readable.from([Buffer.from(capture)], { objectMode: false }))
    parser.on('packet', ({ header, data }) => {
      if (frames.length === FRAMES_LIMIT) return
      const { timestampSeconds, timestampMicroseconds, capturedLength, originalLength } = header
      const times = { seconds: timestampSeconds, micros: timestampMicroseconds }
      frames.push({ ...times, capturedLength, wireLength: originalLength, bytes: data })
      read += 16 + data.length
    })
    parser.on('error', reject)
    parser.on('end', () => resolve())
  })
  if (frames.length === FRAMES_LIMIT) throw new Error(`it has ${FRAMES_LIMIT} frames or more`)
  if (read !== capture.length) throw new Error('it ends within a packet')
  return frames
}
