/** `; did you mean "…"?` for the closest of the known words, or '' where none is close (two slips at most). */
export function didYouMean(word: string, known: Iterable<string>): string {
  let best = ''
  let bestDistance = 3
  const plain = bare(word)
  for (const candidate of known) {
    const other = bare(candidate)
    // A word of three letters is two slips from most others: short words allow one.
    if (Math.abs(other.length - plain.length) > 2 || Math.min(other.length, plain.length) < 2) continue
    const distance = editDistance(plain, other)
    if (distance < bestDistance && (distance < 2 || plain.length > 4)) {
      best = candidate
      bestDistance = distance
    }
  }
  return best === '' ? '' : `; did you mean "${best}"?`
}

/** Case and hyphens are what people get wrong first; words longer than any key or app id are cut. */
function bare(word: string): string {
  return word.slice(0, 64).toLowerCase().replace(/[-_ ]/g, '')
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
