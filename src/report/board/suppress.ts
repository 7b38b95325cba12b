import type { CountedRow, FigureTable } from '../../model/board.ts'

/**
 * Holds back small numbers so that nobody can work them out, also who knows this code. docs/report.md has the proof: a
 * row of 1 to `least - 1` people may, by all that is published, have been any of those numbers. What is held back
 * beside them follows from `order`, never from the numbers themselves: "the smallest of the others" would tell of both.
 */
export interface Protection {
  /** Rows with fewer people are held back; at least 2. */
  readonly least: number
  /** Which rows to hold back first where more are needed; of public knowledge only. All keys, each once. */
  readonly order: readonly string[]
}

/**
 * Rows that add up to a number that is published. Null where the whole table has to be held back. Never is one row held
 * back alone: of findings a few people may have so many that no other row would be needed beside theirs.
 */
export function protectParts(rows: readonly CountedRow[], { least, order }: Protection): FigureTable {
  const small = rows.filter((row) => isSmall(row.people, least))
  if (small.length === 0) return withHeld(rows, new Set())
  const held = new Set(small.map(({ key }) => key))
  const byKey = new Map(rows.map((row) => [row.key, row]))
  let sum = small.reduce((all, { value }) => all + value, 0)
  for (let more = 0; held.size < 2 || sum < (least - 1) * held.size + least; more++) {
    const next = order.find((key) => !held.has(key) && (byKey.get(key)?.value ?? 0) > 0)
    // With more than `least` rows beside the small ones they would no longer be free to be anything.
    if (next === undefined || more === least) return null
    held.add(next)
    sum += byKey.get(next)!.value
  }
  return withHeld(rows, held)
}

/**
 * Rows of which one person may be in several, and everybody of a published number is in at least one: what is published
 * must not leave the rest of them to the small rows. Null where the whole table has to be held back.
 *
 * @param known whether everybody knows which rows there are, as of weeks: not as of apps, where only those stand that
 * were seen. Then so many people as would fill nearly all rows, were all small, are never told by rows.
 */
export function protectOverlapping(
  rows: readonly CountedRow[],
  people: number,
  { least, order }: Protection,
  known: boolean,
): FigureTable {
  const most = (least - 1) * rows.length
  if (known && people > most - least + 2 && people <= most) return null
  const held = new Set(rows.filter((row) => isSmall(row.people, least)).map(({ key }) => key))
  if (held.size > 0 && people > sumOutside(rows, held)) {
    const next = order.find((key) => !held.has(key) && rows.some((row) => row.key === key && row.value > 0))
    if (next === undefined) return null
    held.add(next)
  }
  return withHeld(rows, held)
}

/** Rows without any published number that they make up. */
export function protectAlone(rows: readonly CountedRow[], least: number): FigureTable {
  return rows.map(({ key, value, people }) => ({ key, value: isSmall(people, least) ? null : value }))
}

/** Some, but fewer than may be told of. */
export function isSmall(people: number, least: number): boolean {
  return people > 0 && people < least
}

/**
 * The order in which rows are held back beside small ones: the smaller first by what was last published of each, then
 * those of which nothing was, by name.
 *
 * @param before what is published of the months before, the latest first.
 */
export function orderAfter(before: readonly FigureTable[], keys: readonly string[]): string[] {
  const known = new Map<string, number>()
  for (const { key, value } of before.flatMap((table) => table ?? [])) {
    if (value !== null && !known.has(key)) known.set(key, value)
  }
  const rank = (key: string) => known.get(key) ?? Number.POSITIVE_INFINITY
  return [...keys].sort((a, b) => {
    const [first, second] = [rank(a), rank(b)]
    return first === second ? (a < b ? -1 : 1) : first - second
  })
}

function sumOutside(rows: readonly CountedRow[], held: ReadonlySet<string>): number {
  return rows.reduce((all, { key, value }) => (held.has(key) ? all : all + value), 0)
}

/** The rows with the numbers of these held back. */
export function withHeld(rows: readonly CountedRow[], held: ReadonlySet<string>): FigureTable {
  return rows.map(({ key, value, size }) => ({
    key,
    value: held.has(key) ? null : value,
    ...(size !== undefined && { size }),
  }))
}
