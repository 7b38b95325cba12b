import type { Micros } from '../base/time.ts'
import type { Content } from './reading.ts'

/**
 * Why a frame or line is kept. cited: a verdict names it. part: a hello or message that a verdict names came in several
 * frames, and this is one of the others; or the header by which records of a log are read. answer: the DNS answer that gave a client the address of a flow without a name.
 * session: the record of a tunnel or lease. tunnel: a packet of the tunnel that was up when a flow went outside it.
 */
export type PieceRole = 'cited' | 'part' | 'answer' | 'session' | 'tunnel'

/** Where a frame or line was taken from, how that input was known, when it was taken and by which version. */
export interface Custody {
  /** As the operator gave it. */
  readonly input: string
  readonly kind: 'capture' | 'log'
  readonly format: string
  /** The place of the sensor or log by the policy; '' where it says nothing. */
  readonly site: string
  /** Undefined of a stream that was interrupted. */
  readonly content: Content | undefined
  /** SHA-256 of the file as it lay on disk; undefined where it was not taken. */
  readonly fileSha256: string | undefined
  /** How it was made sure that the file is the one that was read. */
  readonly compared: 'length and sample' | 'SHA-256'
  /** How far the policy lets the clocks of inputs differ: times are those of the input, as its own clock told them. */
  readonly clockTolerance: Micros
  readonly takenAt: Micros
  readonly version: string
}

/** A frame or log record, cut from an input byte by byte. */
export interface EvidencePiece {
  readonly unit: 'frame' | 'line'
  /** Frame number or line number in the input, from 1. */
  readonly position: number
  readonly role: PieceRole
  /** Where it begins in the unpacked input; -1 where that is not known. */
  readonly offset: number
  /** Of a frame what was captured, of a line all but its end. */
  readonly bytes: Uint8Array
  /** Of a frame: when it was captured, by the clock of the input. 0 of a line. */
  readonly time: Micros
  readonly wireLength: number
  /** A LINKTYPE_ value; -1 of a line. */
  readonly linkType: number
  /** Addresses that clients had, and those of servers, as the reader understood this piece. */
  readonly clients: readonly string[]
  readonly servers: readonly string[]
  /** Users and devices that it names, as it writes them. */
  readonly people: readonly string[]
  readonly custody: Custody
}

/** A frame or line that a finding rests on and that could not be had, and why: a sentence without its end. */
export interface MissingPiece {
  readonly input: string
  readonly unit: 'frame' | 'line'
  /** 0 where it is not known: an answer of DNS, or a packet of a tunnel, is looked for by its time. */
  readonly position: number
  readonly role: PieceRole
  readonly reason: string
}

/** A minute in which a capture shows a packet between a client and a gateway: its tunnel was up. */
export interface TunnelPlace {
  readonly input: string
  /** `address-` and the tag of the client. */
  readonly client: string
  /** Since 1970-01-01T00:00:00Z. */
  readonly minute: number
}

/** A DNS answer behind a correlation, as the facts know it. */
export interface AnswerPlace {
  readonly input: string
  readonly start: Micros
  /** `address-` and the tag of whoever was told. */
  readonly client: string
  readonly address: string
}
