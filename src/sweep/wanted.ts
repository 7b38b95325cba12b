import type { AnswerPlace, PieceRole, TunnelPlace } from '../model/evidence-piece.ts'
import type { Finding, Verdict } from '../model/finding.ts'

/** Frames and lines that are kept of one finding; those of the parts of a hello count as well. */
export const PIECES_LIMIT = 120

/** Bytes of them. */
export const BYTES_LIMIT = 256 * 1024

/** Packets of tunnels that are kept of one finding. */
const TUNNELS_LIMIT = 40

/** A frame or line that a finding cites. */
export interface WantedPlace {
  readonly input: string
  readonly unit: 'frame' | 'line'
  readonly position: number
  readonly role: PieceRole
}

/** What proves a finding: places that it cites, the DNS answers behind its flows without a name, tunnels that were up. */
export interface WantedOfFinding {
  readonly places: readonly WantedPlace[]
  readonly answers: readonly AnswerPlace[]
  readonly tunnels: readonly TunnelPlace[]
  /** More than the limit. */
  readonly leftOut: number
}

/**
 * The places that a finding cites, the most telling first: where each sighting began, tunnels and leases, then where
 * sightings ended.
 */
export function placesCited({ verdicts }: Finding): readonly WantedPlace[] {
  const evidence = verdicts.flatMap((verdict) => verdict.evidence)
  const sessions = verdicts.flatMap((verdict) => verdict.sessions ?? [])
  const all: WantedPlace[] = [
    ...evidence.map(({ input, unit, firstAt }) => ({ input, unit, position: firstAt, role: 'cited' as const })),
    ...sessions.flatMap(({ first, last }) =>
      [first, last].map(({ input, line }) => ({
        input,
        unit: 'line' as const,
        position: line,
        role: 'session' as const,
      })),
    ),
    ...evidence.map(({ input, unit, lastAt }) => ({ input, unit, position: lastAt, role: 'cited' as const })),
  ]
  // What stands behind the end of a period of pseudonyms is not told.
  const told = all.filter(({ position }) => position > 0)
  return [...new Map(told.reverse().map((place) => [placeKey(place), place])).values()].reverse()
}

/** Whether what was seen went outside a tunnel that was up, so that the tunnel's packets prove it as well. */
export function restsOnTunnel({ route }: Verdict): boolean {
  return route.value === 'split-tunnel' || route.rule === 'lookup-outside-tunnel'
}

/** What is wanted of a finding beside what is held already. */
export function wantedOf(
  finding: Finding,
  answers: readonly AnswerPlace[],
  tunnels: readonly TunnelPlace[],
  held: ReadonlySet<string>,
): WantedOfFinding {
  const places = placesCited(finding)
  const behind = Math.min(tunnels.length, TUNNELS_LIMIT)
  const room = Math.max(0, PIECES_LIMIT - answers.length - behind)
  return {
    places: places.slice(0, room).filter((place) => !held.has(placeKey(place))),
    answers: answers.slice(0, PIECES_LIMIT).filter((answer) => !held.has(answerKey(answer))),
    tunnels: tunnels.slice(0, behind).filter((tunnel) => !held.has(tunnelKey(tunnel))),
    leftOut: Math.max(0, places.length - room) + Math.max(0, answers.length - PIECES_LIMIT) + tunnels.length - behind,
  }
}

/** Tells the places of a finding apart. */
export function placeKey({ input, position }: Pick<WantedPlace, 'input' | 'position'>): string {
  return `${position} ${input}`
}

/** Tells the answers behind a finding apart. */
export function answerKey({ input, start, address }: AnswerPlace): string {
  return `answer ${start} ${address} ${input}`
}

/** Tells the packets of tunnels behind a finding apart. */
export function tunnelKey({ input, client, minute }: TunnelPlace): string {
  return `tunnel ${minute} ${client} ${input}`
}
