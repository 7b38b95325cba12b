import type { StoredSessionMark } from '../model/facts.ts'
import type { SessionEvidence } from '../model/finding.ts'
import { EVIDENCE_LIMIT } from './evidence.ts'
import type { Session } from './sessions.ts'

/** The sessions that a verdict cites, by time, and how many more there were; nothing where it rests on none. */
export function citeSessions(sessions: Iterable<Session>): {
  readonly sessions?: readonly SessionEvidence[]
  readonly sessionsOmitted?: number
} {
  const all = [...new Set(sessions)].map(toEvidence).sort(compareEvidence)
  if (all.length === 0) return {}
  const omitted = all.length - EVIDENCE_LIMIT
  return { sessions: all.slice(0, EVIDENCE_LIMIT), ...(omitted > 0 && { sessionsOmitted: omitted }) }
}

function toEvidence({ kind, from, until, first, last }: Session): SessionEvidence {
  const { gateway, protocol } = first
  return { kind, from, until, gateway, protocol, first: recordOf(first), last: recordOf(last) }
}

function recordOf({ reading, position }: StoredSessionMark): SessionEvidence['first'] {
  return { input: reading.input, line: position }
}

function compareEvidence(a: SessionEvidence, b: SessionEvidence): number {
  if (a.from !== b.from) return a.from - b.from
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
