import { nameFromBytes } from '../../../base/name.ts'
import { isTime } from '../../../base/time.ts'
import { type Action, Observation, type Transport } from '../../../model/observation.ts'
import type { LogContext, LogSink, NameFilter, RecordReader, RecordResult } from '../../../model/reader.ts'
import { Authority } from '../authority.ts'
import { Programs } from '../fields/programs.ts'
import type { RecordFields } from '../fields/record-fields.ts'
import { Interned } from '../interned.ts'
import { fieldIs, HOST_LIMIT, readAddress, readPort } from '../values.ts'
import { BAD_CLIENT, BAD_PORT, BAD_TIME, NO_CLIENT, UNKNOWN_LAYOUT } from './bad.ts'
import { Clock } from './clock.ts'
import { type CompiledAction, CompiledLayout, type CompiledRecord } from './compile.ts'
import { fitsOne, hold } from './conditions.ts'
import { DnsReader } from './dns.ts'
import { Endpoint } from './endpoint.ts'
import type { Layout } from './mapping.ts'
import { MarkReader } from './marks.ts'
import { durationOf, readCount } from './numbers.ts'
import { quickLayout } from './quick.ts'
import { Found } from './source.ts'
import { readTranslation } from './translation.ts'

/** A device is named by a host's name, and no number is one. */
const DEVICE = /^(?=.*[a-z])[a-z0-9_][a-z0-9._-]*$/

const BRACE = 0x7b

/** Reads the log of one format from its mapping: one record after the other, by the first layout that a record has. */
export class MappedReader implements RecordReader {
  readonly #layouts: readonly CompiledLayout[]
  /** Of each layout what tells whether a record can be passed over, where that is read first. */
  readonly #quick: readonly (CompiledLayout | undefined)[]
  readonly #programs = new Programs()
  readonly #clock: Clock
  readonly #context: LogContext
  readonly #observation = new Observation()
  readonly #found = new Found()
  readonly #authority = new Authority()
  readonly #endpoint = new Endpoint()
  readonly #names = new Interned(nameFromBytes)
  readonly #dns: DnsReader
  readonly #marks: MarkReader
  /** The layout of the last record: the next is most likely of the same. */
  #last = 0

  constructor(layouts: readonly Layout[], context: LogContext) {
    this.#layouts = layouts.map((layout) => new CompiledLayout(layout, this.#programs))
    const isAlone = layouts.length === 1
    const quick = context.unmatched === undefined ? [] : layouts.map((layout) => quickLayout(layout, isAlone))
    this.#quick = quick.map((layout) => layout && new CompiledLayout(layout))
    this.#clock = new Clock(context)
    this.#context = context
    this.#dns = new DnsReader(this.#found)
    this.#marks = new MarkReader(this.#clock, this.#found, this.#endpoint)
  }

  state(): string | undefined {
    if (this.#clock.isYearless) return undefined
    return JSON.stringify([this.#programs.state, ...this.#layouts.map(({ header }) => header)])
  }

  record(bytes: Uint8Array, start: number, end: number, sink: LogSink): RecordResult {
    const layouts = this.#layouts
    const quick = this.#quick[this.#last]
    if (quick !== undefined && bytes[start] === BRACE && this.#canPass(quick, bytes, start, end)) return 'ok'
    let skipped = false
    let bad: RecordResult = UNKNOWN_LAYOUT
    for (let k = 0; k < layouts.length; k++) {
      const index = k === 0 ? this.#last : k <= this.#last ? k - 1 : k
      const layout = layouts[index]!
      const result = layout.parse(bytes, start, end)
      if (result === 'skip') skipped = true
      else if (result !== 'ok') {
        if (index === 0) bad = result
      } else if (layouts.length === 1 || layout.isOurs) {
        this.#last = index
        layout.clear()
        const said = this.#record(layout, sink)
        if (said === 'ok') layout.remember()
        else if (said !== 'skip' && !layout.isOurs && layout.isOfAnother) return 'skip'
        return said
      }
    }
    return skipped || layouts.some((layout) => layout.isOfAnother) ? 'skip' : bad
  }

  /** Whether a record is of the layout and names what can be passed over. */
  #canPass(quick: CompiledLayout, bytes: Uint8Array, start: number, end: number): boolean {
    if (quick.parse(bytes, start, end) !== 'ok') return false
    if (this.#layouts.length > 1 && !quick.isOurs) return false
    quick.clear()
    const { records, fields } = quick
    for (let i = 0; i < records.length; i++) {
      const rule = records[i]!
      if (!hold(rule.when, fields)) continue
      return rule.mark === undefined && this.#namesUnmatched(rule, fields, this.#context.unmatched!)
    }
    return false
  }

  #record({ records, fields }: CompiledLayout, sink: LogSink): RecordResult {
    for (let i = 0; i < records.length; i++) {
      const rule = records[i]!
      if (!hold(rule.when, fields)) continue
      return rule.mark === undefined
        ? this.#observe(rule, fields, sink)
        : this.#marks.tell(rule, rule.mark, fields, sink)
    }
    return 'skip'
  }

  #observe(rule: CompiledRecord, fields: RecordFields, sink: LogSink): RecordResult {
    const { unmatched } = this.#context
    if (unmatched !== undefined && this.#namesUnmatched(rule, fields, unmatched)) return 'ok'
    const observation = this.#observation
    observation.reset()
    if (!this.#times(rule, fields)) return BAD_TIME
    const who = this.#who(rule, fields)
    if (who !== undefined) return who
    if (!this.#ports(rule, fields)) return BAD_PORT
    observation.transport = this.#transport(rule, fields)
    observation.application = this.#found.text(rule.application, fields)
    if (rule.action !== undefined) observation.action = this.#action(rule.action, fields)
    if (this.#found.find(rule.bytesUp, fields)) observation.bytesUp = this.#count()
    if (this.#found.find(rule.bytesDown, fields)) observation.bytesDown = this.#count()
    if (this.#found.find(rule.bytesTotal, fields)) observation.bytesTotal = this.#count()
    if (rule.translated !== undefined) {
      readTranslation(rule.translated, fields, this.#found, this.#endpoint, observation)
    }
    if (rule.dns !== undefined) return this.#dns.observe(rule.dns, fields, observation, sink)
    const hasUrl = this.#target(rule, fields)
    if (observation.name === '') {
      if (!observation.hasServer) {
        this.#context.oddities.count('record_names_nothing')
        return 'skip'
      }
      observation.means = hasUrl ? 'http-url' : 'address'
    } else observation.means = rule.means ?? (hasUrl ? 'http-url' : 'http-host')
    if ((hasUrl || rule.means === undefined) && this.#isConnect(rule, fields)) observation.means = 'http-connect'
    sink.observe(observation)
    return 'ok'
  }

  /** Whether the name that an observation would have, or its server where it has none, can be passed over. */
  #namesUnmatched(rule: CompiledRecord, fields: RecordFields, unmatched: NameFilter): boolean {
    const { application, dns, name, server, url } = rule
    const found = this.#found
    // A program may match where the host does not.
    if (found.find(application, fields)) return false
    if (dns !== undefined) return found.find(dns.query, fields) && unmatched.has(found.bytes, found.start, found.end)
    if (found.find(name, fields)) {
      const authority = this.#authority
      if (!authority.read(found.bytes, found.start, found.end, 0)) return false
      return unmatched.has(found.bytes, authority.hostStart, authority.hostEnd)
    }
    // Where it is no address, the server's field gives the name.
    const hasServer = found.find(server, fields)
    if (hasServer && !this.#endpoint.read(found.bytes, found.start, found.end, SPARE, 0)) return false
    if (!found.find(url, fields)) return hasServer && unmatched.hasServer(SPARE, 0)
    const authority = this.#authority
    if (!authority.readUrl(found.bytes, found.start, found.end)) return false
    return unmatched.has(found.bytes, authority.hostStart, authority.hostEnd)
  }

  /** When it began and ended. */
  #times(rule: CompiledRecord, fields: RecordFields): boolean {
    const observation = this.#observation
    const time = this.#clock.read(rule.time, fields)
    if (time < 0) return false
    observation.time = time
    observation.end = time
    const duration = rule.duration === undefined ? -1 : durationOf(rule.duration, fields)
    if (duration > 0) {
      if (rule.isLoggedAtEnd) observation.time = Math.max(0, time - duration)
      else if (isTime(time + duration)) observation.end = time + duration
    }
    if (rule.end.length > 0) {
      const end = this.#clock.read(rule.end, fields)
      if (end > observation.time) observation.end = end
    }
    return true
  }

  /** The client by address, name or user; what is wrong with it, or undefined. */
  #who(rule: CompiledRecord, fields: RecordFields): RecordResult | undefined {
    const observation = this.#observation
    const found = this.#found
    observation.user = found.text(rule.user, fields)
    observation.device = found.text(rule.device, fields)
    if (found.find(rule.client, fields)) {
      const { bytes, start, end } = found
      observation.hasClient = this.#endpoint.read(bytes, start, end, observation.addresses, 0)
      if (observation.hasClient) {
        observation.clientPort = this.#endpoint.port
        return undefined
      }
      const name = end - start > HOST_LIMIT ? '' : this.#names.get(bytes, start, end)
      if (!DEVICE.test(name)) return BAD_CLIENT
      if (observation.device === '') observation.device = name
    }
    return observation.device === '' && observation.user === '' ? NO_CLIENT : undefined
  }

  #ports(rule: CompiledRecord, fields: RecordFields): boolean {
    const observation = this.#observation
    const found = this.#found
    if (found.find(rule.clientPort, fields)) observation.clientPort = readPort(found.bytes, found.start, found.end)
    if (found.find(rule.server, fields)) {
      const { bytes, start, end } = found
      observation.hasServer = this.#endpoint.read(bytes, start, end, observation.addresses, 4)
      if (observation.hasServer) observation.serverPort = this.#endpoint.port
      else this.#name(bytes, start, end)
    }
    if (found.find(rule.serverPort, fields)) {
      observation.serverPort = readPort(found.bytes, found.start, found.end)
    }
    return observation.clientPort >= 0 && observation.serverPort >= 0
  }

  /** Reads what was reached, by name and URL: whether a URL told it. */
  #target(rule: CompiledRecord, fields: RecordFields): boolean {
    const observation = this.#observation
    const found = this.#found
    if (found.find(rule.name, fields)) this.#name(found.bytes, found.start, found.end)
    if (!found.find(rule.url, fields)) return false
    const { bytes, start, end } = found
    const authority = this.#authority
    if (!authority.readUrl(bytes, start, end)) return observation.name !== ''
    if (observation.serverPort === 0) observation.serverPort = authority.port
    if (observation.name === '') this.#host(bytes, authority.hostStart, authority.hostEnd)
    return true
  }

  /** A host with or without a port. */
  #name(bytes: Uint8Array, start: number, end: number): void {
    const authority = this.#authority
    if (!authority.read(bytes, start, end, 0)) return
    if (this.#observation.serverPort === 0) this.#observation.serverPort = authority.port
    this.#host(bytes, authority.hostStart, authority.hostEnd)
  }

  /** A name, or an address, which is the server's where no other is known. */
  #host(bytes: Uint8Array, start: number, end: number): void {
    const observation = this.#observation
    if (start === end || end - start > HOST_LIMIT) return
    if (!observation.hasServer && readAddress(bytes, start, end, observation.addresses, 4)) {
      observation.hasServer = true
      return
    }
    if (readAddress(bytes, start, end, SPARE, 0)) return
    const name = this.#names.get(bytes, start, end)
    // A space or a comma is in no host's name: the field holds words.
    if (/\\032|,/.test(name)) this.#context.oddities.count('name_is_no_host')
    else if (name !== '') observation.name = name
  }

  #transport(rule: CompiledRecord, fields: RecordFields): Transport {
    const found = this.#found
    if (!found.find(rule.transport, fields)) return ''
    const { bytes, start, end } = found
    if (end - start <= 2) return fieldIs(bytes, start, end, '6') ? 'tcp' : fieldIs(bytes, start, end, '17') ? 'udp' : ''
    const a = bytes[start]! | 0x20
    const b = bytes[start + 1]! | 0x20
    const c = bytes[start + 2]! | 0x20
    if (a === 0x74 && b === 0x63 && c === 0x70) return 'tcp'
    if (a === 0x75 && b === 0x64 && c === 0x70) return 'udp'
    return a === 0x71 && b === 0x75 && c === 0x69 ? 'udp' : ''
  }

  #action(rule: CompiledAction, fields: RecordFields): Action {
    const found = this.#found
    if (!found.find(rule.from, fields)) return ''
    const { bytes, start, end } = found
    if (fitsOne(rule.blocked, bytes, start, end)) return 'blocked'
    return fitsOne(rule.allowed, bytes, start, end) ? 'allowed' : ''
  }

  #isConnect(rule: CompiledRecord, fields: RecordFields): boolean {
    const found = this.#found
    if (!found.find(rule.method, fields)) return false
    return fieldIs(found.bytes, found.start, found.end, 'CONNECT')
  }

  #count(): number {
    const { bytes, start, end } = this.#found
    return readCount(bytes, start, end)
  }
}

/** Where an address goes that is only looked at. */
const SPARE = new Uint32Array(4)
