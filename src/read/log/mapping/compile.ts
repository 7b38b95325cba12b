import type { MarkEvent, MarkKind } from '../../../model/mark.ts'
import type { Means } from '../../../model/observation.ts'
import { CefFields } from '../fields/cef.ts'
import { ColumnsFields } from '../fields/columns.ts'
import { ControlEscapes } from '../fields/control-escapes.ts'
import { CsvFields } from '../fields/csv.ts'
import { JsonFields } from '../fields/json.ts'
import { KeyValueFields } from '../fields/key-value.ts'
import { LeefFields } from '../fields/leef.ts'
import type { Programs } from '../fields/programs.ts'
import { type FieldParser, RecordFields } from '../fields/record-fields.ts'
import { SyslogFields } from '../fields/syslog.ts'
import { TextFields } from '../fields/text.ts'
import { W3cFields } from '../fields/w3c.ts'
import { WindowsEventFields } from '../fields/windows-event.ts'
import type { TimeSource } from './clock.ts'
import {
  type CompiledConditions,
  compileConditions,
  compileDetect,
  holdOne,
  type Pattern,
  patterns,
} from './conditions.ts'
import { type CompiledDns, compileDns } from './dns.ts'
import type { ActionRule, DurationRule, FieldsRule, Layout, MarkRule, RecordRule, TimeRules } from './mapping.ts'
import { type CompiledSource, compileSources, Wanted } from './source.ts'
import { timeReader } from './time-pattern.ts'
import { type CompiledTranslation, compileTranslation } from './translation.ts'

type Sourced = readonly CompiledSource[]

export interface CompiledDuration {
  readonly field: number
  readonly unit: DurationRule['unit']
}

export interface CompiledAction {
  readonly from: Sourced
  readonly blocked: readonly Pattern[]
  readonly allowed: readonly Pattern[]
}

export interface CompiledMark {
  readonly kind: MarkKind
  readonly event: MarkEvent
  readonly outer: Sourced
  readonly inner: Sourced
  readonly user: Sourced
  readonly device: Sourced
  readonly gateway: Sourced
  readonly protocol: Sourced
  readonly since: readonly TimeSource[]
  readonly duration: CompiledDuration | undefined
  readonly lifetime: CompiledDuration | undefined
}

/** A `RecordRule` by the indexes of its fields. */
export interface CompiledRecord {
  readonly when: CompiledConditions
  readonly time: readonly TimeSource[]
  readonly end: readonly TimeSource[]
  readonly duration: CompiledDuration | undefined
  readonly isLoggedAtEnd: boolean
  readonly client: Sourced
  readonly clientPort: Sourced
  readonly server: Sourced
  readonly serverPort: Sourced
  readonly transport: Sourced
  readonly name: Sourced
  readonly url: Sourced
  readonly method: Sourced
  readonly user: Sourced
  readonly device: Sourced
  readonly application: Sourced
  readonly bytesUp: Sourced
  readonly bytesDown: Sourced
  readonly bytesTotal: Sourced
  readonly translated: CompiledTranslation | undefined
  readonly action: CompiledAction | undefined
  readonly means: Means | undefined
  readonly dns: CompiledDns | undefined
  readonly mark: CompiledMark | undefined
}

/** A layout made ready: for one reader, as parsers remember headers. */
export class CompiledLayout {
  readonly fields: RecordFields
  readonly #detect: readonly CompiledConditions[]
  readonly records: readonly CompiledRecord[]
  readonly #parser: FieldParser
  readonly #syslog: SyslogFields | undefined
  readonly #unset: readonly Uint8Array[]
  /** The longest of them. */
  readonly #unsetLimit: number
  readonly #escapes: ControlEscapes | undefined
  readonly #outer: { readonly parser: FieldParser; readonly fields: RecordFields } | undefined

  constructor(layout: Layout, programs?: Programs) {
    const wanted = new Wanted()
    this.#detect = compileDetect(layout.detect, wanted)
    this.records = layout.records.map((rule) => compileRecord(rule, wanted))
    const { names } = wanted
    this.fields = new RecordFields(names.length)
    const parser = layout.fields === 'syslog' ? undefined : parserOf(layout.fields, names)
    this.#syslog = parser === undefined || layout.syslog ? new SyslogFields(names, parser, programs) : undefined
    this.#parser = this.#syslog ?? parser!
    this.#escapes = layout.syslog && hasTabs(layout.fields) ? new ControlEscapes() : undefined
    this.#unset = (layout.unset ?? []).map((text) => Uint8Array.from(Buffer.from(text, 'utf8')))
    this.#unsetLimit = Math.max(0, ...this.#unset.map(({ length }) => length))
    this.#outer =
      layout.inside === undefined ? undefined : { parser: new JsonFields([layout.inside]), fields: new RecordFields(1) }
  }

  /** The header that records are read by, '' where there is none. */
  get header(): string {
    return this.#parser.header?.() ?? ''
  }

  /** Fills `fields` from a record. */
  parse(bytes: Uint8Array, start: number, end: number): ReturnType<FieldParser['parse']> {
    const { fields } = this
    let result: ReturnType<FieldParser['parse']>
    if (this.#outer !== undefined) {
      const outer = this.#outer.fields
      outer.begin(bytes, start, end)
      result = this.#outer.parser.parse(bytes, start, end, outer)
      if (result !== 'ok') return result
      fields.begin(outer.bytes, outer.starts[0]!, outer.ends[0]!)
      result = this.#parser.parse(outer.bytes, outer.starts[0]!, outer.ends[0]!, fields)
    } else if (this.#escapes?.undo(bytes, start, end)) {
      const { bytes: plain, length } = this.#escapes
      fields.begin(plain, 0, length)
      result = this.#parser.parse(plain, 0, length, fields)
    } else {
      fields.begin(bytes, start, end)
      result = this.#parser.parse(bytes, start, end, fields)
    }
    return result
  }

  /** Whether the record that was parsed is of this layout. */
  get isOurs(): boolean {
    return holdOne(this.#detect, this.fields)
  }

  /** The record that was parsed was read. */
  remember(): void {
    this.#syslog?.remember()
  }

  /** Whether another program wrote the record that was parsed, by its syslog header. */
  get isOfAnother(): boolean {
    return this.#syslog?.isOfAnother === true
  }

  /** Unsets the fields whose text stands for no value. */
  clear(): void {
    if (this.#unset.length === 0) return
    const { starts, ends, bytes } = this.fields
    for (let field = 0; field < starts.length; field++) {
      const start = starts[field]!
      const length = ends[field]! - start
      if (length === 0 || length > this.#unsetLimit) continue
      for (let k = 0; k < this.#unset.length; k++) {
        const text = this.#unset[k]!
        if (text.length !== length) continue
        let i = 0
        while (i < length && bytes[start + i] === text[i]) i++
        if (i === length) this.fields.unset(field)
      }
    }
  }
}

function parserOf(rule: Exclude<FieldsRule, 'syslog'>, wanted: readonly string[]): FieldParser {
  if (typeof rule === 'string') {
    switch (rule) {
      case 'json':
        return new JsonFields(wanted)
      case 'key-value':
        return new KeyValueFields(wanted)
      case 'w3c':
        return new W3cFields(wanted)
      case 'cef':
        return new CefFields(wanted)
      case 'leef':
        return new LeefFields(wanted)
      case 'windows-event':
        return new WindowsEventFields(wanted)
    }
  }
  switch (rule.kind) {
    case 'json':
      return new JsonFields(wanted, rule)
    case 'key-value':
      return new KeyValueFields(wanted, rule)
    case 'w3c':
      return new W3cFields(wanted, rule)
    case 'csv':
      return new CsvFields(wanted, rule)
    case 'columns':
      return new ColumnsFields(wanted, rule)
    case 'text':
      return new TextFields(wanted, rule)
  }
}

/** Whether tabs part what a record holds. */
function hasTabs(rule: FieldsRule): boolean {
  if (typeof rule === 'string') return rule === 'leef'
  return (rule.kind === 'key-value' && rule.separator === '\t') || (rule.kind === 'csv' && rule.delimiter === '\t')
}

function compileRecord(rule: RecordRule, wanted: Wanted): CompiledRecord {
  const sources = (from: Parameters<typeof compileSources>[0]) => compileSources(from, wanted)
  return {
    when: compileConditions(rule.when, wanted),
    time: compileTimes(rule.time, wanted),
    end: compileTimes(rule.end, wanted),
    duration: compileDuration(rule.duration, wanted),
    isLoggedAtEnd: rule.logged === 'end',
    client: sources(rule.client),
    clientPort: sources(rule.clientPort),
    server: sources(rule.server),
    serverPort: sources(rule.serverPort),
    transport: sources(rule.transport),
    name: sources(rule.name),
    url: sources(rule.url),
    method: sources(rule.method),
    user: sources(rule.user),
    device: sources(rule.device),
    application: sources(rule.application),
    bytesUp: sources(rule.bytesUp),
    bytesDown: sources(rule.bytesDown),
    bytesTotal: sources(rule.bytesTotal),
    translated: rule.translated && compileTranslation(rule.translated, wanted),
    action: rule.action && compileAction(rule.action, wanted),
    means: rule.means,
    dns: rule.dns && compileDns(rule.dns, rule.means, wanted),
    mark: rule.mark && compileMark(rule.mark, wanted),
  }
}

function compileTimes(rules: TimeRules | undefined, wanted: Wanted): readonly TimeSource[] {
  return [rules ?? []].flat().map(({ from, after, before, as, zone, utc }) => {
    const read = as === 'unix' ? undefined : timeReader(as)
    if (as !== 'unix' && read === undefined) throw new Error(`no time looks like ${as}`)
    return {
      fields: [from].flat().map((name) => wanted.index(name)),
      part:
        after === undefined && before === undefined
          ? undefined
          : compileSources({ from: String(from), after, before }, wanted),
      read,
      zone: zone === undefined ? -1 : wanted.index(zone),
      isUtc: utc === true,
    }
  })
}

function compileDuration(rule: DurationRule | undefined, wanted: Wanted): CompiledDuration | undefined {
  return rule && { field: wanted.index(rule.from), unit: rule.unit }
}

function compileAction(rule: ActionRule, wanted: Wanted): CompiledAction {
  return {
    from: compileSources(rule.from, wanted),
    blocked: patterns(rule.blocked ?? []),
    allowed: patterns(rule.allowed ?? []),
  }
}

function compileMark(rule: MarkRule, wanted: Wanted): CompiledMark {
  const sources = (from: Parameters<typeof compileSources>[0]) => compileSources(from, wanted)
  return {
    kind: rule.kind,
    event: rule.event,
    outer: sources(rule.outer),
    inner: sources(rule.inner),
    user: sources(rule.user),
    device: sources(rule.device),
    gateway: sources(rule.gateway),
    protocol: sources(rule.protocol),
    since: compileTimes(rule.since, wanted),
    duration: compileDuration(rule.duration, wanted),
    lifetime: compileDuration(rule.lifetime, wanted),
  }
}
