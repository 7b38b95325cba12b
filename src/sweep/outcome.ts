import type { InputSummary } from '../input.ts'

/** What became of one input. */
export interface InputOutcome {
  readonly input: string
  /**
   * read: its facts are in the store. grown: what it has beyond what was known of it is as well, all in one reading.
   * known: they were already. changed: they are, read with other settings, and stay (`again` replaces them). empty: no byte. stopped: the sweep ended before it, or in it. failed: it could not be
   * read.
   */
  readonly status: 'read' | 'grown' | 'replaced' | 'known' | 'changed' | 'empty' | 'stopped' | 'failed'
  /** Why it failed; under which name it is known. */
  readonly detail: string | undefined
  /** It failed, for it was not there any more when its turn came. */
  readonly isGone?: true
  readonly format: string | undefined
  readonly unit: 'packets' | 'records'
  readonly summary: InputSummary | undefined
  /** The same without a last line that has no end yet. */
  readonly ended: InputSummary | undefined
  /** Bytes, unpacked; of one that has grown, those that are new. */
  readonly bytes: number
  /** Observations that matched a signature. */
  readonly matched: number
}

/** What became of an input, with nothing told that is not given. */
export function outcome(input: string, status: InputOutcome['status'], more: Partial<InputOutcome> = {}): InputOutcome {
  return {
    input,
    status,
    detail: undefined,
    format: undefined,
    unit: 'packets',
    summary: undefined,
    ended: undefined,
    bytes: 0,
    matched: 0,
    ...more,
  }
}
