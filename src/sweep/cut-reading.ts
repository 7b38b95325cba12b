import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { toldOf } from '../base/errors.ts'
import type { Micros } from '../base/time.ts'
import type { Custody } from '../model/evidence-piece.ts'
import type { Observation } from '../model/observation.ts'
import type { Packet } from '../model/packet.ts'
import type { Format } from '../model/reader.ts'
import type { StoredReading } from '../model/reading.ts'
import { formats } from '../read/detect.ts'
import { fingerprintFile } from '../read/fingerprint.ts'
import { type OpenInput, openInput } from '../read/open.ts'
import { openFile } from '../read/source.ts'
import type { NetworkMap } from '../subjects/network-map.ts'
import type { RotatingClients } from '../subjects/rotating-clients.ts'
import { type Cut, cutInput, type Wanted, type WantedOfInput } from './cut.ts'
import { cutCited } from './cut-cited.ts'
import { cutLines } from './cut-lines.ts'
import type { GatherOptions } from './gather.ts'

interface CutOptions extends Pick<GatherOptions, 'format' | 'times' | 'readAs' | 'siteOf' | 'whole' | 'landmarks'> {
  /** Told how much was done of `workOf`. */
  readonly progress: (done: number) => void
  readonly networks: NetworkMap
  readonly clients: RotatingClients
}

/** Takes a piece, and how its file was held against what was read. */
export type TakePiece = (cut: Cut, wanted: Wanted, compared: Custody['compared']) => void

/**
 * Cuts what is wanted from the file that a reading was made of, where it is at hand and unchanged. Gives why nothing
 * could be had, undefined where the file was read.
 */
export async function cutReading(
  reading: StoredReading,
  wanted: WantedOfInput,
  options: CutOptions,
  take: TakePiece,
): Promise<string | undefined> {
  const { input } = reading
  const { siteOf, networks, clients } = options
  const { format: asked, times } = options.readAs?.(input) ?? options
  const format = formatOf(asked, reading)
  if (format === undefined) return 'it was read by a mapping of its own, which was not given'
  let open: OpenInput
  try {
    open = await openInput(input, { standardInput: Readable.from([]), format, hashUnpacked: false })
  } catch (thrown) {
    return `the input is not at hand (${toldOf(thrown)})`
  }
  try {
    const compared = compare(open, reading, options.whole, options.progress)
    if (compared === undefined) return 'the file is not the one that was read, or cannot be held against it'
    const site = siteOf(input)
    const clientAt = (addresses: Uint32Array, at: number, time: Micros) => {
      const place = site !== '' ? site : (networks.networkOf(addresses, at)?.site ?? '')
      return `address-${clients.at(time).address(addresses, at, place).tag}`
    }
    const clientOf = ({ addresses, time }: Pick<Observation, 'addresses' | 'time'>) => clientAt(addresses, 0, time)
    const tunnelClientOf = ({ addresses, time }: Packet) => {
      const isFirst = networks.gatewayAt(addresses, 4) !== undefined
      if (!isFirst && networks.gatewayAt(addresses, 0) === undefined) return undefined
      return { isFirst, client: clientAt(addresses, isFirst ? 0 : 4, time) }
    }
    const settings = {
      ...{ clientOf, tunnelClientOf },
      options: { ...times, latest: open.source.modified },
      progress: (done: number) => options.progress(workOf(reading, options.whole) - reading.content!.length + done),
      take: (cut: Cut, one: Wanted) => take(cut, one, compared),
    }
    const file = open.packed ? undefined : open.source.file
    const frames = options.landmarks?.framesOf(input)
    if (frames !== undefined && file !== undefined && format.kind === 'capture') {
      await cutCited(file, format, reading.content!.length, frames, wanted, settings)
      if (wanted.positions.size === 0 && wanted.answers.size === 0 && wanted.tunnels.size === 0) return undefined
    }
    const byLines = reading.end !== undefined && wanted.answers.size === 0
    if (byLines && file !== undefined && format.kind === 'log') {
      const places = options.landmarks?.linesOf(input) ?? []
      await cutLines(file, format, reading.content!.length, places, wanted, settings)
    } else await cutInput(open.chunks, format, wanted, settings)
    return undefined
  } catch (thrown) {
    return `the input could not be read (${toldOf(thrown)})`
  } finally {
    open.close()
  }
}

/** Bytes that are gone through for a reading: once, and before that where every byte is compared. */
export function workOf({ content }: StoredReading, whole: boolean): number {
  const length = content?.length ?? 0
  return whole && content?.sha256 !== undefined ? 2 * length : length
}

/** As the operator says now, where it goes by the name that the reading was made with; else the program's own. */
function formatOf(asked: string | Format | undefined, reading: StoredReading): Format | undefined {
  if (typeof asked === 'object' && asked.name === reading.format) return asked
  return formats.find(({ name, kind }) => name === reading.format && kind === reading.kind)
}

/**
 * How the file is known to be the one that was read, or to begin with it where it has grown since; undefined where it is
 * not.
 */
function compare(
  { packed, source: { size } }: OpenInput,
  { input, content, fileSha256 }: StoredReading,
  whole: boolean,
  progress: (done: number) => void,
): Custody['compared'] | undefined {
  if (size === undefined || content === undefined) return undefined
  if (packed) return fileSha256 !== undefined && sha256Of(input, size) === fileSha256 ? 'SHA-256' : undefined
  if (size < content.length || fingerprintFile(input, content.length).sample !== content.sample) return undefined
  if (!whole || content.sha256 === undefined) return 'length and sample'
  return sha256Of(input, content.length, progress) === content.sha256 ? 'SHA-256' : undefined
}

/** Of the first bytes of a file. */
function sha256Of(file: string, length: number, progress?: (done: number) => void): string {
  const source = openFile(file, { start: 0, size: length })
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1 << 20)
  let done = 0
  try {
    for (;;) {
      const count = source.read(buffer, 0, buffer.length) as number
      if (count === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, count))
      done += count
      progress?.(done)
    }
  } finally {
    source.close()
  }
}
