import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { messageOf } from '../base/errors.ts'

/** Keys and list positions from the top of a file. */
export type Path = readonly (string | number)[]

/** `networks[1].cidrs[0]` */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) => text + (typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`),
    '',
  )
}

/** A YAML text read, with what is wrong with it as YAML and the line of each of its values. */
export interface YamlSource {
  /** Plain objects, lists and scalars; undefined where there is a problem. */
  readonly value: unknown
  readonly problems: readonly { readonly line: number; readonly message: string }[]
  /** The line (from 1) of the value at a path, or of the closest that there is. */
  lineOf(path: Path): number
}

/** Reads one YAML 1.2 document; never throws. Aliases are resolved within the `yaml` package's bound. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const lineAt = (offset: number) => lines.linePos(offset).line
  const lineOf = (path: Path) => lineAt(offsetOf(document.contents, path))
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    line: lineAt(pos[0]),
    message: PROBLEMS[code] ?? `not valid YAML: ${message}`,
  }))
  if (problems.length > 0) return { value: undefined, problems, lineOf }
  try {
    return { value: document.toJS(), problems, lineOf }
  } catch (thrown) {
    return { value: undefined, problems: [{ line: 1, message: `not valid YAML: ${messageOf(thrown)}` }], lineOf }
  }
}

/** Where the package's words would not help. */
const PROBLEMS: Readonly<Record<string, string>> = {
  RESOURCE_EXHAUSTION: 'nested too deeply for a policy: check the brackets',
  MULTIPLE_DOCS: 'a second document begins: keep one policy a file, without a "---" line in it',
  DUPLICATE_KEY: 'this key stands twice in its mapping: keep one of the two',
}

/** Of a key where the path ends at one, for its value may begin on a later line. */
function offsetOf(contents: unknown, path: Path): number {
  let node = contents
  let offset = startOf(node, 0)
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
      if (pair === undefined) return offset
      offset = startOf(pair.key, offset)
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = startOf(node, offset)
    }
  }
  return offset
}

function startOf(node: unknown, otherwise: number): number {
  return (node as Node | null | undefined)?.range?.[0] ?? otherwise
}
