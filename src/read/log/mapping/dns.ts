import { nameFromBytes } from '../../../base/name.ts'
import { ANSWER_ADDRESS_LIMIT, ANSWER_ALIAS_LIMIT, type Observation } from '../../../model/observation.ts'
import type { LogSink, RecordResult } from '../../../model/reader.ts'
import { LIST_SEPARATOR, type RecordFields } from '../fields/record-fields.ts'
import { Interned } from '../interned.ts'
import { HOST_LIMIT, readAddress, readUnsigned } from '../values.ts'
import type { DnsRule } from './mapping.ts'
import { type CompiledSource, compileSources, type Found, type Wanted } from './source.ts'

const SPACE = 0x20
/** NetBIOS names, mDNS and LLMNR: they name the user's own devices, not what those reach. */
const LOCAL_PORTS = [137, 5353, 5355]
/** In answers of other types (MX, PTR) a name is no alias. */
const ADDRESS_TYPES = ['a', 'aaaa', 'cname', 'svcb', 'https', '1', '5', '28', '64', '65']
const HOST_NAME = /^[a-z0-9_][a-z0-9._-]*$/

export interface CompiledDns {
  readonly query: readonly CompiledSource[]
  readonly type: readonly CompiledSource[]
  readonly answers: readonly CompiledSource[]
  readonly separator: number
  readonly rcode: readonly CompiledSource[]
  readonly ttl: readonly CompiledSource[]
  readonly isQuery: boolean
  /** Undefined where it depends on what the record says of an answer. */
  readonly isAnswer: boolean | undefined
}

export function compileDns(rule: DnsRule, means: string | undefined, wanted: Wanted): CompiledDns {
  return {
    query: compileSources(rule.query, wanted),
    type: compileSources(rule.type, wanted),
    answers: compileSources(rule.answers, wanted),
    separator: (rule.separator ?? '\n').charCodeAt(0),
    rcode: compileSources(rule.rcode, wanted),
    ttl: compileSources(rule.ttl, wanted),
    isQuery: means !== 'dns-answer',
    isAnswer: means === undefined ? undefined : means === 'dns-answer',
  }
}

/** Gives the observations of a record of DNS; client, server and times stand in the observation already. */
export class DnsReader {
  readonly #names = new Interned(dnsName)
  readonly #address = new Uint32Array(4)
  readonly #found: Found

  constructor(found: Found) {
    this.#found = found
  }

  observe(rule: CompiledDns, fields: RecordFields, observation: Observation, sink: LogSink): RecordResult {
    const found = this.#found
    if (LOCAL_PORTS.includes(observation.serverPort)) return 'skip'
    if (!found.find(rule.query, fields)) return 'skip'
    const name = this.#names.get(found.bytes, found.start, firstEnd(found))
    if (name === '') return 'skip'
    observation.name = name
    const end = observation.end
    if (rule.isQuery) {
      observation.means = 'dns-query'
      observation.end = observation.time
      sink.observe(observation)
    }
    const hasAnswer = rule.isAnswer ?? (found.find(rule.rcode, fields) || found.find(rule.answers, fields))
    if (!hasAnswer) return 'ok'
    observation.time = end
    observation.end = end
    observation.means = 'dns-answer'
    if (found.find(rule.answers, fields)) this.#answer(rule, fields, observation)
    if (found.find(rule.ttl, fields)) observation.timeToLive = smallest(found, rule.separator)
    sink.observe(observation)
    return 'ok'
  }

  #answer(rule: CompiledDns, fields: RecordFields, observation: Observation): void {
    const found = this.#found
    const hasAliases = !found.find(rule.type, fields) || isAddressType(found)
    if (!found.find(rule.answers, fields)) return
    for (let from = found.start; from < found.end; ) {
      const to = elementEnd(found.bytes, from, found.end, rule.separator)
      this.#element(found.bytes, from, to, hasAliases, observation)
      from = to + 1
    }
  }

  /** The last word of an element: some write the type before it. */
  #element(bytes: Uint8Array, start: number, end: number, hasAliases: boolean, observation: Observation): void {
    let to = end
    while (to > start && bytes[to - 1] === SPACE) to--
    let from = to
    while (from > start && bytes[from - 1] !== SPACE) from--
    if (from === to) return
    if (readAddress(bytes, from, to, this.#address, 0)) {
      if (observation.answerCount < ANSWER_ADDRESS_LIMIT) {
        observation.answerAddresses.set(this.#address, 4 * observation.answerCount++)
      }
    } else if (hasAliases && observation.aliases.length < ANSWER_ALIAS_LIMIT) {
      const name = this.#names.get(bytes, from, to)
      if (HOST_NAME.test(name) && name.includes('.') && name !== observation.name) observation.aliases.push(name)
    }
  }
}

/** `(3)www(7)example(3)org(0)`, as Microsoft's server writes names, or plain; '' for what is longer than any name. */
function dnsName(bytes: Uint8Array, start: number, end: number): string {
  if (bytes[start] !== 0x28) return end - start > HOST_LIMIT ? '' : nameFromBytes(bytes, start, end)
  if (end - start > 2 * HOST_LIMIT) return ''
  const plain = new Uint8Array(end - start)
  let length = 0
  for (let at = start; at < end; ) {
    let close = at + 1
    while (close < end && bytes[close] !== 0x29) close++
    const count = close < end ? readUnsigned(bytes, at + 1, close) : -1
    if (bytes[at] !== 0x28 || count < 0 || close + 1 + count > end) return ''
    if (count === 0) break
    if (length > 0) plain[length++] = 0x2e
    for (at = close + 1; at <= close + count; at++) plain[length++] = bytes[at]!
  }
  return nameFromBytes(plain, 0, length)
}

function isAddressType({ bytes, start, end }: Found): boolean {
  return (
    end - start <= 5 && ADDRESS_TYPES.includes(Buffer.from(bytes.subarray(start, end)).toString('latin1').toLowerCase())
  )
}

/** Of a list of questions the first counts. */
function firstEnd({ bytes, start, end }: Found): number {
  let at = start
  while (at < end && bytes[at] !== LIST_SEPARATOR) at++
  return at
}

function elementEnd(bytes: Uint8Array, start: number, end: number, separator: number): number {
  let at = start
  while (at < end && bytes[at] !== separator && bytes[at] !== LIST_SEPARATOR) at++
  return at
}

/** Whole seconds; -1 where no element is a number. */
function smallest({ bytes, start, end }: Found, separator: number): number {
  let least = -1
  for (let from = start; from < end; ) {
    const to = elementEnd(bytes, from, end, separator)
    let first = from
    while (first < to && bytes[first] === SPACE) first++
    let last = first
    while (last < to && bytes[last]! >= 0x30 && bytes[last]! <= 0x39) last++
    const seconds = readUnsigned(bytes, first, last)
    if (seconds >= 0 && (least < 0 || seconds < least)) least = seconds
    from = to + 1
  }
  return least
}
