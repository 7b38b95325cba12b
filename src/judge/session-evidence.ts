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
  const { from: earliest = from, until: end = until + 1 } = first.period ?? {}
  const { gateway, protocol } = first
  return {
    kind,
    from: Math.max(from, earliest),
    until: Math.min(until, end - 1),
    gateway,
    protocol,
    first: recordOf(first, last),
    last: recordOf(last, first),
  }
}

/** The other one where this stands behind the end of a period of pseudonyms. */
function recordOf(mark: StoredSessionMark, other: StoredSessionMark): SessionEvidence['first'] {
  const { reading, position } = mark.position > 0 ? mark : other
  return { input: reading.input, line: position }
}

function compareEvidence(a: SessionEvidence, b: SessionEvidence): number {
  if (a.from !== b.from) return a.from - b.from
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
