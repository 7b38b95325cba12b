/** Of each cell what it may have been, by all tables of which the same is published. */
export interface Seen {
  readonly output: string
  readonly possible: readonly ReadonlySet<number>[]
  /** Cells that were small in at least one of these tables. */
  readonly small: ReadonlySet<number>
}

/**
 * Whoever knows the code and all that is published can do no better than this: to go through every table that there may
 * be and keep those of which the same would be published.
 *
 * @param cells of a table all the numbers that somebody may want to know.
 */
export function outcomes<T>(
  candidates: Iterable<T>,
  cells: (candidate: T) => readonly number[],
  publish: (candidate: T) => string,
  isSmall: (value: number, cell: number) => boolean,
): Seen[] {
  const all = new Map<string, { possible: Set<number>[]; small: Set<number> }>()
  for (const candidate of candidates) {
    const [values, output] = [cells(candidate), publish(candidate)]
    const seen = all.get(output) ?? { possible: values.map(() => new Set<number>()), small: new Set<number>() }
    all.set(output, seen)
    for (const [cell, value] of values.entries()) {
      seen.possible[cell]!.add(value)
      if (isSmall(value, cell)) seen.small.add(cell)
    }
  }
  return [...all].map(([output, seen]) => ({ output, ...seen }))
}

/** Every way to write numbers from 0 to `most` of each cell. */
export function* numbers(
  most: readonly number[],
  before: readonly number[] = [],
): Generator<number[], void, undefined> {
  if (before.length === most.length) {
    yield [...before]
    return
  }
  for (let value = 0; value <= most[before.length]!; value++) yield* numbers(most, [...before, value])
}
