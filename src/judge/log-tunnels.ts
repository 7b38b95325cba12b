import type { StoredSessionMark } from '../model/facts.ts'
import { inOrder, OPEN_LIMIT, Session, silentLongest } from './sessions.ts'

/** Joins what logs say of tunnels, holder by holder; marks without a user or device are joined by their addresses. */
export function pairTunnels(marks: readonly StoredSessionMark[]): readonly Session[] {
  const tunnels = marks.filter(({ kind }) => kind === 'tunnel')
  const byHolder = Map.groupBy(tunnels, ({ user, device, outer, inner }) => user || device || outer || inner)
  return [...byHolder.values()].flatMap((theirs) => new Pairing().pair(theirs))
}

class Pairing {
  readonly #sessions: Session[] = []
  #open: Session[] = []

  pair(marks: readonly StoredSessionMark[]): readonly Session[] {
    inOrder(
      marks,
      (mark) => this.#candidates(mark).some((session) => session.goesOnTo(mark)),
      (mark) => this.#take(mark),
    )
    return this.#sessions
  }

  #take(mark: StoredSessionMark): void {
    const candidates = this.#candidates(mark)
    const ending = mark.event === 'end' && (mark.outer !== '' || mark.inner !== '')
    // Whatever an address has that goes away ends with it; a record without one ends one session.
    const meant = ending ? candidates : candidates.slice(0, 1)
    let taken = false
    for (const session of meant) {
      if (session.goesOnTo(mark)) {
        session.add(mark)
        taken = true
      } else session.endBefore(mark.since >= 0 ? mark.since : mark.time)
      if (mark.event === 'end' || session.last !== mark) this.#close(session)
    }
    if (taken) return
    const session = new Session(mark)
    this.#sessions.push(session)
    if (mark.event === 'end') session.end(mark.time)
    else {
      this.#open.push(session)
      if (this.#open.length > OPEN_LIMIT) this.#close(silentLongest(this.#open))
    }
  }

  #close(session: Session): void {
    this.#open = this.#open.filter((other) => other !== session)
  }

  /** The open sessions that a mark may be of, the likeliest first. */
  #candidates(mark: StoredSessionMark): readonly Session[] {
    const rank = (session: Session) =>
      Number(session.inners.includes(mark.inner)) * 2 + Number(mark.outer !== '' && session.outer === mark.outer)
    return this.#open
      .filter((session) => fits(session, mark))
      .reverse()
      .sort((a, b) => rank(b) - rank(a) || b.from - a.from)
  }
}

/** Nothing that both name contradicts. */
function fits(session: Session, mark: StoredSessionMark): boolean {
  if (session.device !== '' && mark.device !== '' && session.device !== mark.device) return false
  const sameInner = session.inners.includes(mark.inner)
  // Who roams comes from elsewhere and keeps the address that the tunnel gave.
  if (session.outer !== '' && mark.outer !== '' && session.outer !== mark.outer) return sameInner
  if (mark.inner === '' || session.inners.length === 0 || sameInner) return true
  // A session may be given a second address; a record of a beginning or an end with another one is of another session.
  return mark.event === 'alive'
}
