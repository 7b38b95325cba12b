import { chunksOf } from '../../../base/chunks.ts'
import { Oddities } from '../../../base/oddities.ts'
import type { Framing, LogFormat, LogSample } from '../../../model/reader.ts'
import { openRecords } from '../framing/index.ts'
import { CompiledLayout } from './compile.ts'
import { MappedReader } from './mapped.ts'
import type { FieldsRule, Layout, Mapping } from './mapping.ts'
import { mayHold } from './prefilter.ts'

/** Records of a sample that are tried: what a log is shows in its beginning. */
const RECORDS_TRIED = 50
/** Records that are looked at, those included that no layout makes anything of. */
const RECORDS_SEEN = 200
/** One of so many records must be of the format: a log of messages holds others, too. */
const SHARE = 10

/** Records of these are not taken for whole where their end is missing. */
const TELLS_ITS_END = ['json', 'windows-event']

/** The log format that a mapping describes. */
export function mappedFormat(mapping: Mapping): LogFormat {
  const { name, title, documentation, attributes, verified, general } = mapping
  const layouts = 'layouts' in mapping ? mapping.layouts : [mapping]
  const framing = framingOf(layouts)
  const probe = new Probe(layouts)
  return {
    kind: 'log',
    name,
    title,
    documentation,
    framing,
    attributes,
    ...(layouts.some(({ fields }) => !TELLS_ITS_END.includes(kindOf(fields))) && { needsLineEnd: true }),
    ...(layouts.some(({ records }) => records.some(({ dns }) => dns?.answers !== undefined)) && { givesAnswers: true }),
    ...(verified !== undefined && { verified }),
    ...(general !== undefined && { general }),
    claims: (sample) => mayHold(sample, layouts) && claims(sample, framing, probe.layouts),
    open: (context) => new MappedReader(layouts, context),
  }
}

/**
 * What the layouts need: JSON, events of Windows, tables over lines, else lines. With JSON and another, what the text
 * begins with decides.
 */
function framingOf(layouts: readonly Layout[]): Framing {
  const rules = layouts.map(({ fields }) => fields)
  const delimiters = rules
    .flatMap((rule) => (typeof rule === 'object' && rule.kind === 'csv' ? [rule.delimiter ?? ',;\t|'] : []))
    .join('')
  const json = rules.filter((rule) => kindOf(rule) === 'json')
  const hasEvents = rules.includes('windows-event')
  if (json.length > 0 || hasEvents || layouts.some(({ inside }) => inside !== undefined)) {
    const under = json.flatMap((rule) => (typeof rule === 'object' && 'under' in rule ? [rule.under] : []))[0]
    return { kind: 'json', under, ...(delimiters !== '' && { delimiters }), ...(hasEvents && { element: 'Event' }) }
  }
  return delimiters === '' ? 'lines' : { kind: 'csv', delimiters }
}

function kindOf(rule: FieldsRule): string {
  return typeof rule === 'string' ? rule : rule.kind
}

/** The layouts made ready to look at samples; those that remember nothing of one are made once. */
class Probe {
  readonly #layouts: readonly Layout[]
  readonly #remembers: boolean
  #ready: readonly CompiledLayout[] | undefined

  constructor(layouts: readonly Layout[]) {
    this.#layouts = layouts
    this.#remembers = layouts.some(({ fields }) => {
      const hasHeader = typeof fields === 'object' && fields.kind === 'csv' && fields.header === true
      return hasHeader || kindOf(fields) === 'w3c'
    })
  }

  get layouts(): readonly CompiledLayout[] {
    if (this.#ready === undefined || this.#remembers) {
      this.#ready = this.#layouts.map((layout) => new CompiledLayout(layout))
    }
    return this.#ready
  }
}

/** Whether enough of the first records are of one of the layouts. */
function claims(sample: LogSample, framing: Framing, layouts: readonly CompiledLayout[]): boolean {
  const records = openRecords(framing, chunksOf(sample.bytes), new Oddities())
  let tried = 0
  let known = 0
  for (let seen = 0; seen < RECORDS_SEEN && tried < RECORDS_TRIED && records.next(); seen++) {
    let isTried = false
    for (const layout of layouts) {
      const result = layout.parse(records.bytes, records.start, records.end)
      if (result === 'skip') continue
      isTried = true
      if (result !== 'ok' || !layout.isOurs) continue
      known++
      break
    }
    if (isTried) tried++
  }
  return known > 0 && known * SHARE >= tried
}
