import { KeyTable } from './key-table.ts'

/** A place in the tree of wanted names. */
export interface Place {
  /** The wanted fields that end here: one, or with `*` for a step another one. */
  readonly fields: readonly number[]
  /** By key, also by keys that hold dots themselves (`a.b` within `a.b.c`); undefined where nothing is wanted below. */
  readonly keys: KeyTable<Place> | undefined
  /** `*`: for every element of a list. */
  readonly each: Place | undefined
  /** `0`, `1` …: for one of them, what is wanted of every one included. */
  readonly elements: ReadonlyMap<number, Place>
  /** All fields below `each`. */
  readonly listed: readonly number[]
}

export interface WantedPath {
  readonly steps: readonly string[]
  readonly field: number
}

/** The tree of what is wanted below a place. */
export function place(wanted: readonly WantedPath[]): Place {
  const byKey = new Map<string, WantedPath[]>()
  for (const { steps, field } of wanted) {
    // A key may hold dots: every way of taking the first steps as one.
    for (let length = 1; length <= steps.length; length++) {
      const key = steps.slice(0, length).join('.')
      const list = byKey.get(key) ?? []
      list.push({ steps: steps.slice(length), field })
      byKey.set(key, list)
    }
  }
  const each = byKey.get('*') ?? []
  const elements = [...byKey].filter(([key]) => /^\d{1,4}$/.test(key))
  return {
    fields: wanted.filter(({ steps }) => steps.length === 0).map(({ field }) => field),
    keys: byKey.size === 0 ? undefined : new KeyTable([...byKey].map(([key, list]) => [key, place(list)] as const)),
    each: each.length === 0 ? undefined : place(each),
    elements: new Map(elements.map(([key, list]) => [Number(key), place([...list, ...each])])),
    listed: each.map(({ field }) => field),
  }
}
