import { harmless } from '../base/text.ts'
import { formatMicros, formatMinute } from '../base/time.ts'
import type { FindingStatement } from '../model/retention.ts'

/** `2026-11-22 10:00 UTC  alice states of revision 2`, and the text below, each line behind a mark. */
export function statementLines({ at, author, revision, text }: FindingStatement): string[] {
  const words = text.split(/\r\n|\n/).map((line) => `  > ${harmless(line)}`)
  return [`${formatMinute(at)} UTC  ${harmless(author)} states of revision ${revision}:`, ...words]
}

/** Statements as JSON has them: when, who, of which revision, and what. */
export function statementsTold(statements: readonly FindingStatement[]): object[] {
  return statements.map(({ at, author, revision, text }) => ({ time: formatMicros(at), author, revision, text }))
}
