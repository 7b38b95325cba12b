import type { Day } from '../base/time.ts'
import type { Severity } from '../model/finding.ts'
import type { Summary } from '../model/notice.ts'
import type { SaidFinding } from './changes.ts'

/** New findings of one judgement: told one by one up to a limit, else summed up. */
export class NewFindings {
  readonly #why: Summary['why']
  readonly #limit: number
  readonly #severities: Record<Severity, number> = { high: 0, medium: 0, low: 0, none: 0 }
  #count = 0
  #bypasses = 0
  #first: Day = Number.POSITIVE_INFINITY
  #last: Day = 0
  #told: { readonly seq: number; readonly id: string }[] = []

  constructor(why: Summary['why'], limit: number) {
    this.#why = why
    this.#limit = limit
  }

  /** Counts one more; gives the messages that are to be taken out of the outbox because it is one too many. */
  add({ day, verdicts }: SaidFinding): readonly { readonly seq: number; readonly id: string }[] {
    const { severity, bypass } = verdicts[0]!
    this.#count++
    this.#severities[severity.value]++
    if (bypass) this.#bypasses++
    this.#first = Math.min(this.#first, day)
    this.#last = Math.max(this.#last, day)
    if (this.#count <= this.#limit) return []
    const undone = this.#told
    this.#told = []
    return undone
  }

  /** That the one added last has this message. */
  told(seq: number, id: string): void {
    this.#told.push({ seq, id })
  }

  /** In place of all of them; undefined while they are few enough to be told one by one. */
  get summary(): Omit<Summary, 'changes'> | undefined {
    return this.#count > this.#limit ? this.counted : undefined
  }

  get counted(): Omit<Summary, 'changes'> {
    return {
      why: this.#why,
      findings: this.#count,
      severities: { ...this.#severities },
      bypasses: this.#bypasses,
      ...(this.#count > 0 && { firstDay: this.#first, lastDay: this.#last }),
    }
  }
}
