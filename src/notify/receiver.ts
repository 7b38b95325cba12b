import type { Notice } from '../model/notice.ts'

/** Where messages are sent. */
export interface Receiver {
  /** Messages that it takes at one go, at most. */
  readonly batch: number
  /**
   * Returns once the receiver has all of them; throws where it cannot be told that it has, and `Refused` where it says
   * that it does not want them. Gives what went wrong beside, in words. Takes no longer than `ATTEMPT_TIMEOUT` or two.
   */
  send(notices: readonly Notice[]): Promise<string | undefined>
  /** Lets go of what it holds open. */
  close(): void
}

/** The receiver is there and takes none of these messages: that they are sent again and again does not help. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** Milliseconds that a receiver may be silent. */
export const ATTEMPT_TIMEOUT = 10_000

/** What all receivers are given beside their own settings. */
export interface Surroundings {
  /** Version of offchannel, and the name of this machine. */
  readonly version: string
  readonly hostname: string
  /** The time, in microseconds since 1970. */
  now(): number
}
