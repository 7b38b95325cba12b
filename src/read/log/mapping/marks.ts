import { isTime, type Micros } from '../../../base/time.ts'
import { LogMark } from '../../../model/mark.ts'
import type { LogSink, RecordResult } from '../../../model/reader.ts'
import type { RecordFields } from '../fields/record-fields.ts'
import { BAD_TIME, NO_CLIENT } from './bad.ts'
import type { Clock } from './clock.ts'
import type { CompiledMark, CompiledRecord } from './compile.ts'
import type { Endpoint } from './endpoint.ts'
import { durationOf } from './numbers.ts'
import type { CompiledSource, Found } from './source.ts'

/** Reads what records say of tunnels and leases. */
export class MarkReader {
  readonly #mark = new LogMark()
  readonly #clock: Clock
  readonly #found: Found
  readonly #endpoint: Endpoint

  constructor(clock: Clock, found: Found, endpoint: Endpoint) {
    this.#clock = clock
    this.#found = found
    this.#endpoint = endpoint
  }

  /** Hands on what a record says. */
  tell(rule: CompiledRecord, told: CompiledMark, fields: RecordFields, sink: LogSink): RecordResult {
    const mark = this.#mark
    const found = this.#found
    mark.reset()
    mark.time = this.#clock.read(rule.time, fields)
    if (mark.time < 0) return BAD_TIME
    mark.kind = told.kind
    mark.event = told.event
    mark.hasOuter = this.#address(told.outer, fields, 0)
    mark.hasInner = this.#address(told.inner, fields, 4)
    mark.user = found.text(told.user, fields)
    mark.device = found.text(told.device, fields)
    if (!mark.hasOuter && !mark.hasInner && mark.user === '' && mark.device === '') return NO_CLIENT
    mark.gateway = found.text(told.gateway, fields)
    mark.protocol = found.text(told.protocol, fields)
    mark.since = this.#since(told, fields)
    const lifetime = told.lifetime === undefined ? -1 : durationOf(told.lifetime, fields)
    if (lifetime >= 0 && isTime(mark.time + lifetime)) mark.until = mark.time + lifetime
    sink.mark(mark)
    return 'ok'
  }

  #since(told: CompiledMark, fields: RecordFields): Micros {
    const since = told.since.length > 0 ? this.#clock.read(told.since, fields) : -1
    if (since >= 0) return since
    const duration = told.duration === undefined ? -1 : durationOf(told.duration, fields)
    return duration < 0 ? -1 : Math.max(0, this.#mark.time - duration)
  }

  #address(sources: readonly CompiledSource[], fields: RecordFields, at: number): boolean {
    const found = this.#found
    if (!found.find(sources, fields)) return false
    return this.#endpoint.read(found.bytes, found.start, found.end, this.#mark.addresses, at)
  }
}
