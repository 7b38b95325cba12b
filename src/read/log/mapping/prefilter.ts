import { latin1 } from '../../../base/bytes.ts'
import type { LogSample } from '../../../model/reader.ts'
import type { Condition, DetectRule, FieldsRule, Layout } from './mapping.ts'

/** Fields that no record writes by their name: they are made of it. */
const MADE = /^(syslog|sd|text|cef|leef)\./

const texts = new WeakMap<LogSample, string>()

/**
 * Whether a sample may hold records of one of the layouts: false where the words that each of them needs are not in it.
 * A quick look, since most formats are none of a sample's.
 */
export function mayHold(sample: LogSample, layouts: readonly Layout[]): boolean {
  let text = texts.get(sample)
  if (text === undefined) {
    text = latin1(sample.bytes, 0, sample.bytes.length).toLowerCase()
    texts.set(sample, text)
  }
  const has = (word: string) => text.includes(word.toLowerCase())
  return layouts.some((layout) => mayBe(layout, has))
}

function mayBe({ fields, detect }: Layout, has: (word: string) => boolean): boolean {
  switch (typeof fields === 'string' ? fields : fields.kind) {
    // Some relays take their beginning, CEF: or LEEF:, for the name of a program, and leave it out.
    case 'cef':
    case 'leef':
      return has('|')
    case 'text':
      return (
        typeof fields === 'object' && fields.kind === 'text' && Object.values(fields.templates).flat().some(wordsIn)
      )
    case 'json':
    case 'key-value':
      return detect.some(isNamed)
    default:
      return namesColumns(fields) ? detect.some(isNamed) : true
  }

  function wordsIn(template: string): boolean {
    return template.split(/\{[^}]*\}/).every(has)
  }

  function isNamed({ has: there = [], is = {} }: DetectRule): boolean {
    const asked = Object.keys(is).filter((name) => needsValue(is[name]!))
    return [...there, ...asked].every((name) => MADE.test(name) || has(lastStep(name)))
  }
}

/** Tables whose first line names the columns. */
function namesColumns(fields: FieldsRule): boolean {
  if (typeof fields === 'string') return fields === 'w3c'
  if (fields.kind === 'csv') return fields.header === true
  return fields.kind === 'w3c' && fields.columns === undefined
}

/** Whether a condition holds only for a field that is there. */
function needsValue(condition: Condition): boolean {
  if (typeof condition !== 'object' || Array.isArray(condition)) return true
  return !('not' in condition) && !('set' in condition && !condition.set)
}

/** `name` of `answers.0.name` */
function lastStep(path: string): string {
  return path.split('.').findLast((step) => !/^(\d+|\*)$/.test(step)) ?? ''
}
