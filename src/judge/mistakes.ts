import type { z } from 'zod'
import { harmless } from '../base/text.ts'
import { didYouMean } from './did-you-mean.ts'
import { policySchema } from './schema.ts'
import { type Path, pathText } from './yaml-source.ts'

/** What is wrong with a policy file, where, and what to do about it. */
export interface Mistake {
  readonly line: number
  /** `networks[1].cidrs[0]`; '' for the whole file. */
  readonly path: string
  readonly message: string
}

/** `policy.yaml:14: networks[1].cidrs[0]: "10.8.0.0/33" is not a network: …`, safe to show. */
export function mistakeText(file: string, { line, path, message }: Mistake): string {
  return harmless(`${file === '' ? 'policy' : file}:${line}: ${path === '' ? '' : `${path}: `}${message}`)
}

/** What zod found wrong with the shape, in the words of the file: a path and a message for each key or value. */
export function shapeMistakes(issue: z.core.$ZodIssue): readonly { path: Path; message: string }[] {
  const path = issue.path as Path
  if (issue.code !== 'unrecognized_keys') return [{ path, message: valueMistake(issue) }]
  const known = knownKeys(path)
  return issue.keys.map((key) => ({
    path: [...path, key],
    message: `is not a key of ${path.length === 0 ? 'a policy' : pathText(path)}${
      didYouMean(key, known) || `: there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`
    }`,
  }))
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text: put it in quotes',
  array: 'a list: write [ … ] or a line with "- " for each',
  object: 'keys with values',
  boolean: 'true or false',
}

function valueMistake(issue: Exclude<z.core.$ZodIssue, z.core.$ZodIssueUnrecognizedKeys>): string {
  if (issue.input === undefined && issue.code !== 'custom') return `is missing: ${missingAdvice(issue)}`
  if (issue.input === null) return 'has no value: write one, or remove the key'
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String)
    const shown = JSON.stringify(issue.input)
    return `${shown} is not one of ${allowed.join(', ')}${didYouMean(String(issue.input), allowed)}`
  }
  if (issue.code === 'invalid_type') return `must be ${EXPECTED[issue.expected] ?? issue.expected}`
  if (issue.code === 'too_small') return 'is empty: write at least one'
  if (issue.code === 'too_big') return `is longer than ${issue.maximum} characters: shorten it`
  return issue.message
}

function missingAdvice(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `write one of ${issue.values.map(String).join(', ')}`
  return issue.code === 'invalid_type' && issue.expected === 'array' ? 'write a list' : 'it is required'
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
}

const SCHEMA: SchemaNode = policySchema()

/** The keys that may stand in the mapping at a path. */
function knownKeys(path: Path): readonly string[] {
  let node: SchemaNode | undefined = SCHEMA
  for (const step of path) node = typeof step === 'number' ? node?.items : node?.properties?.[step]
  return Object.keys(node?.properties ?? {})
}
