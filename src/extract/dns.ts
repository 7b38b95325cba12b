import { MAPPED } from '../base/address.ts'
import { uint16, uint32 } from '../base/bytes.ts'
import { NAME_LIMIT, nameFromBytes } from '../base/name.ts'
import type { Oddities } from '../base/oddities.ts'
import {
  ANSWER_ADDRESS_LIMIT,
  ANSWER_ALIAS_LIMIT,
  type Observation,
  type ObservationSink,
} from '../model/observation.ts'
import type { CoverNames } from './cover-names.ts'
import { DnsName } from './dns-name.ts'
import { EchConfigs } from './ech-config.ts'
import { ServiceBinding } from './svcb.ts'

export const PORT_DNS = 53

export const DNS_HEADER = 12
const FLAG_RESPONSE = 0x8000
/** Opcode and the reserved bit: zero in what is looked for by content. */
const FLAGS_ZERO = 0x7840
/** AA, TC, RA and the response code: zero in a query. */
const FLAGS_ZERO_IN_QUERY = 0x068f
/** The most records in a section, and the highest type, of what is looked for by content. */
const SECTION_LIMIT = 255
/** Of a query: EDNS and a signature. */
const ADDITIONAL_LIMIT = 2
const TYPE_LIMIT = 260

/** https://www.iana.org/assignments/dns-parameters */
const CLASS_IN = 1
const TYPE_A = 1
const TYPE_CNAME = 5
const TYPE_AAAA = 28
const TYPE_SVCB = 64
const TYPE_HTTPS = 65

/** RFC 9460 §2.2: the priority, and the shortest name. */
const SHORTEST_BINDING = 3

/**
 * Reads DNS messages (RFC 1035 §4): one `dns-query` for each question of a query, one `dns-answer` for each question
 * of a response, with the addresses and aliases that it gave. Updates (RFC 2136) and notices (RFC 1996) name a zone
 * where queries have their question, and count like them, as in other tools.
 */
export class DnsReader {
  readonly #oddities: Oddities
  readonly #coverNames: CoverNames | undefined
  readonly #name = new DnsName()
  readonly #binding = new ServiceBinding()
  readonly #configs = new EchConfigs()

  /** @param coverNames is told which covers answers give to their clients. */
  constructor(oddities: Oddities, coverNames?: CoverNames) {
    this.#oddities = oddities
    this.#coverNames = coverNames
  }

  /** Whether the message in `bytes[start…]` is a response; for one of fewer than four bytes, no. */
  static isResponse(bytes: Uint8Array, start: number, end: number): boolean {
    return end - start >= 4 && (uint16(bytes, start + 2) & FLAG_RESPONSE) !== 0
  }

  /**
   * Reads one message; `observation` comes with time, transport, client, server and position set, and is handed to the
   * sink for each question. Of a damaged or cut message the questions before the damage count.
   */
  read(bytes: Uint8Array, start: number, end: number, observation: Observation, sink: ObservationSink): void {
    if (end - start < DNS_HEADER) {
      this.#oddities.count('dns_message_too_short')
      return
    }
    const response = DnsReader.isResponse(bytes, start, end)
    const questions = uint16(bytes, start + 4)
    observation.means = response ? 'dns-answer' : 'dns-query'
    let at = start + DNS_HEADER
    if (response && questions === 1) {
      const name = this.#name
      if (!name.read(bytes, start, at, end) || name.next + 4 > end) {
        this.#oddities.count('dns_question_damaged')
        return
      }
      observation.name = name.text
      this.#readAnswers(bytes, start, name.next + 4, end, uint16(bytes, start + 6), observation)
      sink(observation)
      return
    }
    // Each turn moves on by five bytes or more, so the message bounds the loop, not the count that it claims.
    for (let question = 0; question < questions; question++) {
      if (!this.#name.read(bytes, start, at, end)) {
        this.#oddities.count('dns_question_damaged')
        return
      }
      at = this.#name.next + 4
      if (at > end) {
        this.#oddities.count('dns_question_damaged')
        return
      }
      observation.name = this.#name.text
      sink(observation)
    }
  }

  #readAnswers(
    bytes: Uint8Array,
    message: number,
    start: number,
    end: number,
    count: number,
    observation: Observation,
  ): void {
    let at = start
    for (let i = 0; i < count; i++) {
      if (!this.#name.skip(bytes, at, end)) break
      const fixed = this.#name.next
      if (fixed + 10 > end) break
      const type = uint16(bytes, fixed)
      const data = fixed + 10
      const length = uint16(bytes, fixed + 8)
      if (data + length > end) break
      at = data + length
      if (uint16(bytes, fixed + 2) !== CLASS_IN) continue
      if (type === TYPE_CNAME) this.#addAlias(bytes, message, data, at, observation)
      else {
        const timeToLive = uint32(bytes, fixed + 4)
        if (type === TYPE_A && length === 4) addAddresses(bytes, data, at, 4, timeToLive, observation)
        else if (type === TYPE_AAAA && length === 16) addAddresses(bytes, data, at, 16, timeToLive, observation)
        else if (type === TYPE_HTTPS || type === TYPE_SVCB) {
          const fits = this.#readBinding(bytes, message, data, at, timeToLive, observation)
          if (!fits) this.#oddities.count('dns_service_binding_damaged')
        }
      }
    }
  }

  #addAlias(bytes: Uint8Array, message: number, start: number, end: number, observation: Observation): void {
    if (observation.aliases.length >= ANSWER_ALIAS_LIMIT || !this.#name.read(bytes, message, start, end)) return
    if (this.#name.text !== '') observation.aliases.push(this.#name.text)
  }

  /**
   * The data of an SVCB or HTTPS record (RFC 9460 §2.2): a priority, which is 0 of an alias, the name of the alias or
   * endpoint ('.' where it is the record's own), and parameters.
   */
  #readBinding(
    bytes: Uint8Array,
    message: number,
    start: number,
    end: number,
    timeToLive: number,
    observation: Observation,
  ): boolean {
    if (end - start < SHORTEST_BINDING || !this.#name.skip(bytes, start + 2, end)) return false
    const parameters = this.#name.next
    if (uint16(bytes, start) > 0) {
      const binding = this.#binding
      if (!binding.read(bytes, parameters, end)) return false
      if (binding.echEnd > binding.echStart) {
        if (!this.#readConfigs(bytes, binding.echStart, binding.echEnd, observation)) return false
      }
      addAddresses(bytes, binding.ipv4Start, binding.ipv4End, 4, timeToLive, observation)
      addAddresses(bytes, binding.ipv6Start, binding.ipv6End, 16, timeToLive, observation)
    }
    this.#addAlias(bytes, message, start + 2, parameters, observation)
    return true
  }

  #readConfigs(bytes: Uint8Array, start: number, end: number, observation: Observation): boolean {
    const configs = this.#configs
    if (!configs.begin(bytes, start, end)) return false
    observation.encryptedHello = true
    if (this.#coverNames === undefined) return true
    while (configs.next()) {
      const publicName = nameFromBytes(bytes, configs.nameStart, configs.nameEnd)
      this.#coverNames.remember(observation.addresses, 0, configs.configId, publicName)
    }
    return true
  }
}

/** Adds addresses of 4 or 16 bytes, as many as an observation has room for. */
function addAddresses(
  bytes: Uint8Array,
  start: number,
  end: number,
  size: 4 | 16,
  timeToLive: number,
  observation: Observation,
): void {
  const words = observation.answerAddresses
  for (let at = start; at < end && observation.answerCount < ANSWER_ADDRESS_LIMIT; at += size) {
    const word = 4 * observation.answerCount++
    if (observation.timeToLive < 0 || timeToLive < observation.timeToLive) observation.timeToLive = timeToLive
    if (size === 4) {
      words[word] = 0
      words[word + 1] = 0
      words[word + 2] = MAPPED
      words[word + 3] = uint32(bytes, at)
    } else for (let w = 0; w < 4; w++) words[word + w] = uint32(bytes, at + 4 * w)
  }
}

/**
 * Whether what is there of a header in `bytes[start…end)` can be that of a message of `length` bytes with one
 * question, on a port that is not DNS's.
 */
export function canBeDnsHeader(bytes: Uint8Array, start: number, end: number, length: number): boolean {
  const there = end - start
  if (length < DNS_HEADER + 7) return false
  if (there < 4) return true
  const flags = uint16(bytes, start + 2)
  const response = (flags & FLAG_RESPONSE) !== 0
  if ((flags & (response ? FLAGS_ZERO : FLAGS_ZERO | FLAGS_ZERO_IN_QUERY)) !== 0) return false
  if (there >= 6 && uint16(bytes, start + 4) !== 1) return false
  const records = response ? SECTION_LIMIT : 0
  if (there >= 8 && uint16(bytes, start + 6) > records) return false
  if (there >= 10 && uint16(bytes, start + 8) > records) return false
  return there < DNS_HEADER || uint16(bytes, start + 10) <= (response ? SECTION_LIMIT : ADDITIONAL_LIMIT)
}

/**
 * Whether `bytes[start…end)` is a DNS message beyond doubt, on whatever port: one question for a name of letters,
 * digits, hyphens and underscores in the class Internet, a header that fits, and nothing behind a question that stands
 * alone.
 */
export function looksLikeDns(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < DNS_HEADER || !canBeDnsHeader(bytes, start, end, end - start)) return false
  let at = start + DNS_HEADER
  while (at < end && bytes[at] !== 0) {
    const labelEnd = at + 1 + bytes[at]!
    if (bytes[at]! > 63 || labelEnd >= end) return false
    for (let i = at + 1; i < labelEnd; i++) if (!isPlain(bytes[i]!)) return false
    at = labelEnd
  }
  const length = at - start - DNS_HEADER
  if (length === 0 || length >= NAME_LIMIT || at + 5 > end) return false
  const type = uint16(bytes, at + 1)
  if (type === 0 || type > TYPE_LIMIT || uint16(bytes, at + 3) !== CLASS_IN) return false
  const alone = uint16(bytes, start + 6) + uint16(bytes, start + 8) + uint16(bytes, start + 10) === 0
  return !alone || at + 5 === end
}

function isPlain(byte: number): boolean {
  const letter = byte | 0x20
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x5f
}
