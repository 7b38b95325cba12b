import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { messageOf } from '../../../base/errors.ts'
import { harmless } from '../../../base/text.ts'
import { offsetInYaml, pathText } from '../../../base/yaml-place.ts'
import type { LogAttributes, LogFormat } from '../../../model/reader.ts'
import { mappedFormat } from './format.ts'
import type { Layout, RecordRule } from './mapping.ts'
import { layoutsFile, oneLayoutFile } from './mapping-schema.ts'

/** What is wrong in a mapping file, on one line that says where and what to do: `own.yaml:14: records[0].time: is missing`. */
export type MappingProblem = string

/** A mapping file that was read: a format where nothing is wrong with it, else its problems. */
export type MappingFile =
  | { readonly format: LogFormat; readonly problems: readonly [] }
  | { readonly format: undefined; readonly problems: readonly MappingProblem[] }

/** Reads and checks one mapping file; never throws on what is in it. `file` is what problems call it. */
export function readMappingFile(file: string, content: string): MappingFile {
  const counter = new LineCounter()
  const document = parseDocument(content, { lineCounter: counter, prettyErrors: false, stringKeys: true })
  const failed = (
    problems: readonly { path: readonly PropertyKey[]; line: number; message: string }[],
  ): MappingFile => ({
    format: undefined,
    problems: problems.map(({ path, line, message }) =>
      harmless(`${file}:${line}: ${path.length > 0 ? `${pathText(path)}: ` : ''}${message}`),
    ),
  })
  if (document.errors.length > 0) {
    const line = (offset: number) => counter.linePos(offset).line
    return failed(document.errors.map((error) => ({ path: [], line: line(error.pos[0]), message: messageOf(error) })))
  }
  let plain: unknown
  try {
    plain = document.toJS()
  } catch (thrown) {
    return failed([{ path: [], line: 1, message: messageOf(thrown) }])
  }
  const hasLayouts = typeof plain === 'object' && plain !== null && Object.hasOwn(plain, 'layouts')
  const result = (hasLayouts ? layoutsFile : oneLayoutFile).safeParse(plain)
  if (!result.success) {
    const faults = result.error.issues.flatMap((issue) => faultsOf(issue, []))
    return failed(
      faults.map(({ path, message }) => ({ path, message, line: counter.linePos(offsetInYaml(document, path)).line })),
    )
  }
  const { name, title = name, documentation = '', ...rest } = result.data
  const layouts: readonly Layout[] = 'layouts' in rest ? rest.layouts : [rest]
  const attributes = attributesOf(layouts.flatMap(({ records }) => records))
  return { format: mappedFormat({ name, title, documentation, attributes, layouts }), problems: [] }
}

/** What the records can say at all. */
function attributesOf(rules: readonly RecordRule[]): LogAttributes {
  const told = rules.filter(({ mark }) => mark === undefined)
  const has = (...keys: readonly (keyof RecordRule)[]) =>
    told.some((rule) => keys.some((key) => rule[key] !== undefined))
  return {
    url: has('url') || told.some(({ means }) => means?.startsWith('http-') === true),
    server: has('server'),
    user: has('user'),
    client: has('client', 'device'),
    bytes: has('bytesUp', 'bytesDown', 'bytesTotal'),
    bytesUp: has('bytesUp'),
    action: has('action'),
  }
}

interface Fault {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** A choice between shapes is told by the one that came furthest, or as what it is. */
function faultsOf(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): readonly Fault[] {
  const path = [...before, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: 'is no key that stands here: see docs/formats.md',
    }))
  }
  if (isMissing(issue)) return [{ path, message: 'is missing' }]
  if (issue.code === 'invalid_value') return [{ path, message: `is not one of ${issue.values.map(String).join(', ')}` }]
  if (issue.code !== 'invalid_union') return [{ path, message: issue.message }]
  if (issue.errors.length === 0 && 'options' in issue) {
    return [{ path, message: `is not one of ${[issue.options].flat().map(String).join(', ')}` }]
  }
  const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(0, ...issues.map((inner) => inner.path.length))
  const deepest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0]
  if (deepest !== undefined && depth(deepest) > 0) return deepest.flatMap((inner) => faultsOf(inner, path))
  const own = issue.errors.flat().find((inner) => inner.code === 'custom')
  return [{ path, message: own?.message ?? 'is not what can stand here: see docs/formats.md' }]
}

/** Whether nothing stands where something must. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_type') return /received undefined/.test(issue.message)
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return false
  return issue.errors.every(([first]) => first !== undefined && first.path.length === 0 && isMissing(first))
}
