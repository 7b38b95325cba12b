/**
 * Counts, by stable snake_case name, what was wrong or could not be read in the traffic. The names are constants of our
 * code, never text from the input, so the table is bounded by the program.
 */
export class Oddities {
  readonly #counts = new Map<string, number>()

  count(name: string, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by)
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  clear(): void {
    this.#counts.clear()
  }

  /** Sorted by name, so that two runs say the same in the same order. */
  entries(): [name: string, count: number][] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  }
}
