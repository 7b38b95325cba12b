import type { Micros } from '../base/time.ts'
import type { StoredSessionMark } from '../model/facts.ts'
import { inOrder, OPEN_LIMIT, Session, silentLongest } from './sessions.ts'

/** That somebody had an address from one instant to another, both included, and what tells it. */
export interface Claim {
  readonly holder: string
  readonly from: Micros
  readonly until: Micros
  readonly session: Session
}

/** Who had an address and when: by leases, and by tunnels that gave it. */
export function claimsOn(
  address: string,
  marks: readonly StoredSessionMark[],
  tunnels: readonly Session[],
): readonly Claim[] {
  const leases = marks.filter(({ kind, inner }) => kind === 'lease' && inner === address)
  const claims = new Leases().pair(leases).map((session) => claimOf(session, session.until))
  const given = tunnels.filter(({ inners, holder }) => holder !== '' && inners.includes(address))
  const passedOn = [...claims, ...given]
    .map(({ holder, from }) => ({ holder, from }))
    .filter(({ holder }) => isUser(holder))
    .concat(leases.filter(isNameless).map(({ time }) => ({ holder: '', from: time })))
    .sort((a, b) => a.from - b.from)
  for (const tunnel of given) {
    // Without an end it lasted to when the address was somebody else's at the latest.
    const next = nextOther(passedOn, tunnel)
    const over = tunnel.hasEnd || next === undefined ? Number.POSITIVE_INFINITY : next.from - 1
    claims.push(claimOf(tunnel, Math.min(tunnel.until, over)))
  }
  return claims
}

function claimOf(session: Session, until: Micros): Claim {
  return { holder: session.holder, from: session.from, until, session }
}

/** The next who had the address, of a list in the order of time. */
function nextOther<T extends { readonly holder: string; readonly from: Micros }>(sorted: readonly T[], than: Session) {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]!.from <= than.from) low = middle + 1
    else high = middle
  }
  while (sorted[low]?.holder === than.holder) low++
  return sorted[low]
}

function isNameless({ user, device }: StoredSessionMark): boolean {
  return user === '' && device === ''
}

/** Users and devices do not contradict each other: a user sits at a device. */
export function isUser(holder: string): boolean {
  return holder.startsWith('user-')
}

/** Pairs the leases of one address. */
class Leases {
  readonly #claims: Session[] = []
  readonly #open = new Map<string, Session>()

  pair(marks: readonly StoredSessionMark[]): readonly Session[] {
    inOrder(
      marks,
      (mark) => this.#open.get(mark.user || mark.device)?.goesOnTo(mark) ?? false,
      (mark) => this.#take(mark),
    )
    return this.#claims
  }

  #take(mark: StoredSessionMark): void {
    const holder = mark.user || mark.device
    if (holder === '') {
      this.#closeAll(mark)
      return
    }
    if (mark.event === 'start') this.#handOver(holder, mark)
    const known = this.#open.get(holder)
    if (known?.goesOnTo(mark)) known.add(mark)
    else {
      known?.endBefore(mark.since >= 0 ? mark.since : mark.time)
      const claim = new Session(mark)
      this.#claims.push(claim)
      if (mark.event === 'end') claim.end(mark.time)
      this.#open.set(holder, claim)
      if (this.#open.size > OPEN_LIMIT) this.#open.delete(silentLongest([...this.#open.values()]).holder)
    }
    if (mark.event === 'end') this.#open.delete(holder)
  }

  /** An address that was given to nobody that is named, or taken back, is nobody's any more. */
  #closeAll(mark: StoredSessionMark): void {
    if (mark.event === 'alive') return
    for (const claim of this.#open.values()) claim.endBefore(mark.event === 'end' ? mark.time + 1 : mark.time)
    this.#open.clear()
  }

  /** An address that is given to another device is no longer that of whoever had the one before. */
  #handOver(holder: string, mark: StoredSessionMark): void {
    const others = [...this.#open].filter(([other]) => other !== holder)
    const sameKind = others.filter(([other]) => isUser(other) === isUser(holder))
    const gone = !isUser(holder) && sameKind.length > 0 ? others : sameKind
    for (const [other, claim] of gone) {
      claim.endBefore(mark.time)
      this.#open.delete(other)
    }
  }
}
