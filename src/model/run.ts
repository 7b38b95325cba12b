import type { Micros } from '../base/time.ts'

/** What a run did, in numbers. */
export interface RunCounts {
  /** Inputs that it found, and those of them whose content was new to the store. */
  readonly inputs: number
  readonly read: number
  /** Of those that were new: bytes, unpacked, and packets or records. */
  readonly bytes: number
  readonly records: number
}

/** A run as the store remembers it. */
export interface Run extends RunCounts {
  /** Path of its job file; '' for a sweep from the command line. */
  readonly job: string
  /** Id of its process, on the machine that it ran on. */
  readonly pid: number
  readonly started: Micros
  /** Undefined while it runs, and for ever where it was broken off. */
  readonly ended: Micros | undefined
  /** What its process ended with. */
  readonly status: number | undefined
  /** Lines about what went wrong: how many, and the first of them. */
  readonly problems: number
  readonly told: readonly string[]
}

/** A group of inputs in a job file: something that is expected to deliver. */
export interface InputGroup {
  /** Path of the job file. */
  readonly job: string
  readonly name: string
  /** The longest that nothing new may come; undefined where nothing is expected of it. */
  readonly every: Micros | undefined
  /** When a run first knew it. */
  readonly since: Micros
  /** When something new of it was last read, by the clock of the machine; undefined where nothing was. */
  readonly lastRead: Micros | undefined
}
