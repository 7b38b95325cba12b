/** What went wrong, for programs; the message is for people. */
export type ErrorCode =
  | 'usage'
  | 'policy_invalid'
  | 'job_invalid'
  | 'signatures_invalid'
  | 'input_unreadable'
  | 'format_invalid'
  | 'format_unknown'
  | 'format_ambiguous'
  | 'store_unusable'
  | 'key_unusable'

/**
 * An error of the operator's or the machine's, never of the traffic's. Its message is one line that says what, where
 * (`file:line` where there is a file) and what to do, and is shown as it is.
 */
export class OffchannelError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'OffchannelError'
    this.code = code
  }
}

/** The message of anything that was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return text.replace(/\s*\n\s*/g, ' ')
}
