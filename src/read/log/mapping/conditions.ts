import type { RecordFields } from '../fields/record-fields.ts'
import { fieldBegins, readAddress, readUnsigned } from '../values.ts'
import type { Condition, Conditions, DetectRule, Look } from './mapping.ts'
import type { Wanted } from './source.ts'
import { readIso, TimeText } from './time-text.ts'

/** A text that a field may be, in lower case, with `*` at either end. */
export interface Pattern {
  readonly text: Uint8Array
  readonly isOpenAtStart: boolean
  readonly isOpenAtEnd: boolean
}

interface CompiledCondition {
  readonly field: number
  /** Holds where one of these fits, or, negated, where none does. */
  readonly patterns: readonly Pattern[]
  readonly isNegated: boolean
  /** Undefined where the texts decide. */
  readonly isSet: boolean | undefined
  /** It is enough that the record has the field, with a value or without. */
  readonly isThere: boolean
  readonly like: Look | undefined
}

export type CompiledConditions = readonly CompiledCondition[]

export function compileConditions(conditions: Conditions | undefined, wanted: Wanted): CompiledConditions {
  return Object.entries(conditions ?? {}).map(([name, condition]) => compile(wanted.index(name), condition))
}

export function compileDetect(rules: readonly DetectRule[], wanted: Wanted): readonly CompiledConditions[] {
  return rules.map(({ has = [], is }) => [
    ...has.map((name) => ({ ...compile(wanted.index(name), { set: true }), isThere: true })),
    ...compileConditions(is, wanted),
  ])
}

function compile(field: number, condition: Condition): CompiledCondition {
  const none = { field, patterns: [], isNegated: false, isSet: undefined, isThere: false, like: undefined }
  if (typeof condition === 'string' || Array.isArray(condition)) return { ...none, patterns: patterns(condition) }
  const rule = condition as Exclude<Condition, string | readonly string[]>
  if ('not' in rule) return { ...none, patterns: patterns(rule.not), isNegated: true }
  return 'set' in rule ? { ...none, isSet: rule.set } : { ...none, like: rule.like }
}

export function patterns(texts: string | readonly string[]): readonly Pattern[] {
  return [texts].flat().map((text) => {
    const isOpenAtStart = text.startsWith('*')
    const isOpenAtEnd = text.length > 1 && text.endsWith('*')
    const plain = text.slice(isOpenAtStart ? 1 : 0, isOpenAtEnd ? -1 : undefined)
    return { text: Uint8Array.from(Buffer.from(plain.toLowerCase())), isOpenAtStart, isOpenAtEnd }
  })
}

/** Whether all conditions hold for a record. */
export function hold(conditions: CompiledConditions, fields: RecordFields): boolean {
  for (let i = 0; i < conditions.length; i++) {
    const condition = conditions[i]!
    const start = fields.starts[condition.field]!
    const end = fields.ends[condition.field]!
    if (condition.isThere) {
      if (!fields.isThere(condition.field)) return false
    } else if (condition.isSet !== undefined) {
      if (start < end !== condition.isSet) return false
    } else if (condition.like !== undefined) {
      if (!looks(condition.like, fields.bytes, start, end)) return false
    } else if (fitsOne(condition.patterns, fields.bytes, start, end) === condition.isNegated) return false
  }
  return true
}

export function holdOne(rules: readonly CompiledConditions[], fields: RecordFields): boolean {
  for (let i = 0; i < rules.length; i++) if (hold(rules[i]!, fields)) return true
  return false
}

export function fitsOne(list: readonly Pattern[], bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = 0; i < list.length; i++) if (fits(list[i]!, bytes, start, end)) return true
  return false
}

function fits({ text, isOpenAtStart, isOpenAtEnd }: Pattern, bytes: Uint8Array, start: number, end: number): boolean {
  const spare = end - start - text.length
  if (spare < 0 || (spare > 0 && !isOpenAtStart && !isOpenAtEnd)) return false
  const first = isOpenAtStart && !isOpenAtEnd ? spare : 0
  const last = isOpenAtStart ? spare : 0
  for (let from = start + first; from <= start + last; from++) {
    let i = 0
    while (i < text.length && lower(bytes[from + i]!) === text[i]) i++
    if (i === text.length) return true
  }
  return false
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte
}

const words = new Uint32Array(4)
const time = new TimeText()
/** What a host's name or an address is written with. */
const NAME = new Uint8Array(256)
for (const byte of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]')) NAME[byte] = 1

function looks(look: Look, bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return false
  if (look === 'address') return readAddress(bytes, start, end, words, 0)
  if (look === 'number') return readUnsigned(bytes, start, end) >= 0
  if (look === 'time') return readIso(bytes, start, end, time)
  let at = start
  if (look === 'name') {
    while (at < end && NAME[bytes[at]!] === 1) at++
    return at === end
  }
  while (at < end && at - start < 12 && bytes[at] !== 0x3a) at++
  return at > start && fieldBegins(bytes, at, end, '://')
}
