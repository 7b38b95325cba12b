import { type Document, isAlias, isMap, isScalar, isSeq } from 'yaml'

/** Where in the text the key or list entry at a path stands, or the nearest thing around it that is there. */
export function offsetInYaml(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents
  let offset = 0
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step)
      if (!pair) return offset
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      const range = (node as { range?: readonly number[] | null } | undefined)?.range
      offset = range?.[0] ?? offset
    } else return offset
  }
  return offset
}

/** `indicators[3].value` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`)).join('')
}
