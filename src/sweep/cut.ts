import { formatAddress } from '../base/address.ts'
import type { Chunks } from '../base/chunks.ts'
import type { Micros } from '../base/time.ts'
import type { LogOptions } from '../input.ts'
import type { EvidencePiece, PieceRole } from '../model/evidence-piece.ts'
import type { LogMark } from '../model/mark.ts'
import type { Observation } from '../model/observation.ts'
import type { Packet } from '../model/packet.ts'
import type { Format, LogSink } from '../model/reader.ts'
import { cutCapture } from './cut-capture.ts'
import { cutLog } from './cut-log.ts'

/** What is wanted of an input at a position, for whoever asked. */
export interface Wanted {
  readonly role: PieceRole
  /** Ids of findings. */
  readonly findings: Set<string>
}

/** A DNS answer that is wanted: its place follows from its time, its client and what it told. */
export interface WantedAnswer extends Wanted {
  readonly start: Micros
  /** `address-` and the tag. */
  readonly client: string
  readonly address: string
}

/** A packet between a client and a gateway that is wanted of a minute. */
export interface WantedTunnel extends Wanted {
  readonly client: string
  readonly minute: number
}

/** All that is wanted of one input. */
export interface WantedOfInput {
  readonly positions: Map<number, Wanted>
  /** By the time of the answer. */
  readonly answers: Map<Micros, WantedAnswer[]>
  /** Of a capture, by the minute. */
  readonly tunnels: Map<number, WantedTunnel[]>
}

/** A piece before it is said where it comes from. */
export type Cut = Omit<EvidencePiece, 'custody'>

/** What an input is cut with. */
export interface CutSettings {
  /** As facts name the client of an observation: `address-` and its tag. */
  readonly clientOf: (observation: Pick<Observation, 'addresses' | 'time'>) => string
  /**
   * The same of the client whose tunnel to a gateway a packet is of, and whether that is its sender; undefined of any other
   * packet. Absent where no tunnel is wanted.
   */
  readonly tunnelClientOf?: (packet: Packet) => { readonly client: string; readonly isFirst: boolean } | undefined
  readonly options: LogOptions
  /** Told between two windows how many bytes of the input, unpacked, were gone through. */
  readonly progress?: ((done: number) => void) | undefined
  /** Called for every piece; its bytes are the receiver's. */
  readonly take: (cut: Cut, wanted: Wanted) => void
}

/**
 * Cuts what is wanted from an input that is open at its beginning, in one pass that ends with the last of it. What was
 * found is taken off `wanted`, so what stays there was not.
 */
export async function cutInput(
  chunks: Chunks,
  format: Format,
  wanted: WantedOfInput,
  settings: CutSettings,
): Promise<void> {
  if (format.kind === 'capture') await cutCapture(chunks, format, wanted, settings)
  else await cutLog(chunks, format, wanted, settings)
}

/** A line of a log as a piece, which it must outlive: `line` may be of a window that is read into again. */
export function lineCut(
  line: Uint8Array,
  { position, offset, named }: { readonly position: number; readonly offset: number; readonly named: Named },
  { role }: Wanted,
): Cut {
  // Not `slice`, which a Buffer has for a view of the same bytes.
  const bytes = Uint8Array.from(line)
  return { unit: 'line', position, role, offset, bytes, time: 0, wireLength: 0, linkType: -1, ...named.lists }
}

/** Who and what an observation or mark names: what a pseudonymous copy must know. */
export class Named implements LogSink {
  readonly clients = new Set<string>()
  readonly servers = new Set<string>()
  readonly people = new Set<string>()

  observe(observation: Observation): void {
    this.ends(observation)
    const { user, device, ...more } = observation
    if (more.hasTranslatedClient) this.clients.add(formatAddress(more.translated, 0))
    if (more.hasTranslatedServer) this.servers.add(formatAddress(more.translated, 4))
    for (const person of [user, device]) if (person !== '') this.people.add(person)
  }

  /** The ends of a flow. */
  ends({ addresses, hasClient, hasServer }: Pick<Observation, 'addresses' | 'hasClient' | 'hasServer'>): void {
    if (hasClient) this.clients.add(formatAddress(addresses, 0))
    if (hasServer) this.servers.add(formatAddress(addresses, 4))
  }

  mark({ addresses, hasOuter, hasInner, user, device }: LogMark): void {
    if (hasOuter) this.clients.add(formatAddress(addresses, 0))
    if (hasInner) this.clients.add(formatAddress(addresses, 4))
    for (const person of [user, device]) if (person !== '') this.people.add(person)
  }

  get lists(): Pick<Cut, 'clients' | 'servers' | 'people'> {
    return { clients: [...this.clients], servers: [...this.servers], people: [...this.people] }
  }
}

/** Takes the answers off `wanted` that this observation is. */
export function answersAt(
  observation: Observation,
  { answers }: WantedOfInput,
  clientOf: CutSettings['clientOf'],
): readonly WantedAnswer[] {
  if (observation.means !== 'dns-answer') return []
  const asked = answers.get(observation.time)
  if (asked === undefined || !observation.hasClient) return []
  const told = new Set<string>()
  for (let i = 0; i < observation.answerCount; i++) told.add(formatAddress(observation.answerAddresses, 4 * i))
  const client = clientOf(observation)
  const found = asked.filter((answer) => answer.client === client && told.has(answer.address))
  const left = asked.filter((answer) => !found.includes(answer))
  if (left.length === 0) answers.delete(observation.time)
  else answers.set(observation.time, left)
  return found
}
