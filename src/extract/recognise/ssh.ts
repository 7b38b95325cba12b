import { latin1 } from '../../base/bytes.ts'
import type { Observation } from '../../model/observation.ts'
import type { Packet } from '../../model/packet.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

const PREFIX = Buffer.from('SSH-')
/** RFC 4253 §4.2: the longest identification, its line end included. */
const LENGTH_LIMIT = 255
const HYPHEN = 0x2d
const DOT = 0x2e
/** Digits of a version, and its dot. */
const VERSION_LIMIT = 5

export const ssh: Protocol = {
  transport: 'tcp',
  first: [PREFIX[0]!],
  canBe: (bytes, start, end) => findSoftware(bytes, start, end) !== -1,
  begin: () => new Ssh(),
}

/**
 * Where the software stands in an identification, `SSH-2.0-software comments` and a line end (RFC 4253 §4.2), with
 * versions as of old too (§5.1); -1 where it is none.
 */
function findSoftware(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= PREFIX.length) return -1
  for (let i = 0; i < PREFIX.length; i++) if (bytes[start + i] !== PREFIX[i]) return -1
  const version = start + PREFIX.length
  const last = Math.min(end, version + VERSION_LIMIT)
  let at = version
  while (at < last && ((bytes[at]! >= 0x30 && bytes[at]! <= 0x39) || bytes[at] === DOT)) at++
  return at > version && at + 1 < end && bytes[at] === HYPHEN && isPrintable(bytes[at + 1]!) ? at + 1 : -1
}

/** Each side begins by identifying itself: confirmed by both, probable by one. */
class Ssh implements Candidate {
  readonly means = 'payload'
  readonly protocol = 'ssh'
  #client = false
  #server = false
  #software = ''

  take({ bytes, offset, end }: Packet, up: boolean): Opinion {
    const software = findSoftware(bytes, offset, end)
    // Lines of text may come before the server's (RFC 4253 §4.2), and what follows is not read.
    if (software === -1) return 'unknown'
    if (up) {
      this.#client = true
      this.#software = readSoftware(bytes, software, Math.min(end, offset + LENGTH_LIMIT))
    } else this.#server = true
    return this.#client && this.#server ? 'confirmed' : 'probable'
  }

  describe(observation: Observation): void {
    observation.software = this.#software
  }
}

/** The software as far as a space or the line's end; '' where that is missing. */
function readSoftware(bytes: Uint8Array, start: number, end: number): string {
  let at = start
  while (at < end && isPrintable(bytes[at]!)) at++
  return at < end ? latin1(bytes, start, at) : ''
}

function isPrintable(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f
}
