/** A pattern of a signature taken apart once, so that a name is compared label by label without going back. */
export class Pattern {
  /** Labels to the right of the last `*`: a name that the pattern matches ends in them. */
  readonly rightPart: string
  /** Characters that are not `*`: of two patterns that match a name the one with more is the more specific. */
  readonly literals: number
  /** Each label as its pieces between the `*`; a label without one is a single piece. */
  readonly #labels: readonly (readonly string[])[]

  /** @param value a pattern that `patternFault` finds nothing wrong with. */
  constructor(value: string) {
    const dot = value.indexOf('.', value.lastIndexOf('*'))
    this.rightPart = value.slice(dot + 1)
    this.literals = value.replaceAll('*', '').length
    this.#labels = value
      .slice(0, dot)
      .split('.')
      .map((label) => label.split('*'))
  }

  /** @param name a name that ends in a dot and the right part. */
  matches(name: string): boolean {
    const labels = name.slice(0, name.length - this.rightPart.length - 1).split('.')
    return labels.length === this.#labels.length && labels.every((label, i) => matchesLabel(label, this.#labels[i]!))
  }
}

/**
 * Each piece is taken at the first place that leaves a character for the `*` before it: a later place could only leave
 * less for the pieces that follow, so none is tried twice.
 */
function matchesLabel(label: string, pieces: readonly string[]): boolean {
  const first = pieces[0]!
  const last = pieces.length - 1
  if (last === 0) return label === first
  if (!label.startsWith(first)) return false
  let at = first.length
  for (let i = 1; i < last; i++) {
    const found = label.indexOf(pieces[i]!, at + 1)
    if (found < 0) return false
    at = found + pieces[i]!.length
  }
  return at + 1 <= label.length - pieces[last]!.length && label.endsWith(pieces[last]!)
}
