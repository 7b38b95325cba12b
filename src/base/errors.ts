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

/**
 * The same of what was thrown while people's data was at hand: of a mistake in the program (TypeError, RangeError and such,
 * into whose messages JavaScript puts values) only what kind it is.
 */
export function toldOf(thrown: unknown): string {
  if (!isMistake(thrown)) return messageOf(thrown)
  const { code } = thrown as { readonly code?: unknown }
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? `${thrown.name} (${code})` : thrown.name
}

/** Where it was thrown, a line each, without its message; '' where that is not known. */
export function traceOf(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  const lines = stack.replace(messageOfWhole(thrown), '').split('\n')
  // `[as …]` is the name of a property, which may be a value.
  return lines
    .flatMap((line) => (/^ {4}at .*[:(<][^ ]*\)?$/.test(line) ? line.replace(/ \[as .*\]/, '') : []))
    .join('\n')
}

const messageOfWhole = (thrown: unknown) => (thrown instanceof Error ? thrown.message : '')

const MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError]

function isMistake(thrown: unknown): thrown is Error {
  return thrown instanceof Error && (MISTAKES.some((kind) => thrown instanceof kind) || 'actual' in thrown)
}
