// @ts-check
/** DNS messages (RFC 1035 §4). */
import { address, ascii, concat, uint16, uint32 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

/** Record types: RFC 1035 §3.2.2, RFC 3596 §2.1, RFC 9460 §14.1. */
const TYPES = { A: 1, CNAME: 5, PTR: 12, TXT: 16, AAAA: 28, HTTPS: 65 }

/** @typedef {keyof typeof TYPES} DnsType */

/** @typedef {{ readonly name: string, readonly type: DnsType }} DnsQuestion */

/**
 * @typedef DnsRecord
 * @property {string} name
 * @property {DnsType} type
 * @property {string} data an address (A, AAAA), a name (CNAME, PTR), text (TXT), an ALPN id of the own name (HTTPS)
 * @property {number} [ttl] in seconds
 */

/**
 * @typedef DnsMessage
 * @property {number} [id]
 * @property {boolean} [response]
 * @property {number} [rcode]
 * @property {readonly DnsQuestion[]} questions
 * @property {readonly DnsRecord[]} [answers]
 */

/**
 * A message with recursion desired; names are compressed wherever they repeat (RFC 1035 §4.1.4). A name's labels are
 * cut at its dots and longer ones than 63 bytes are an error.
 * @param {DnsMessage} message
 */
export function dnsMessage({ id = 0, response = false, rcode = 0, questions, answers = [] }) {
  const flags = response ? 0x8180 | rcode : 0x0100
  const names = new Map()
  let message = concat(uint16(id), uint16(flags), uint16(questions.length), uint16(answers.length), uint32(0))
  for (const { name, type } of questions) {
    message = concat(message, dnsName(name, names, message.length), uint16(TYPES[type]), uint16(1))
  }
  for (const { name, type, data, ttl = 300 } of answers) {
    message = concat(message, dnsName(name, names, message.length), uint16(TYPES[type]), uint16(1), uint32(ttl))
    const content = recordData(type, data, names, message.length + 2)
    message = concat(message, uint16(content.length), content)
  }
  return message
}

/**
 * A query for one name.
 * @param {string} name
 * @param {DnsType} [type]
 * @param {number} [id]
 */
export function dnsQuery(name, type = 'A', id = 0) {
  return dnsMessage({ id, questions: [{ name, type }] })
}

/**
 * The response to a query for one name.
 * @param {string} name
 * @param {DnsType} type
 * @param {readonly DnsRecord[]} answers
 * @param {number} [id]
 */
export function dnsResponse(name, type, answers, id = 0) {
  return dnsMessage({ id, response: true, questions: [{ name, type }], answers })
}

/**
 * A message as it goes over TCP: its length in two bytes before it (RFC 1035 §4.2.2).
 * @param {Bytes} message
 */
export function dnsOverTcp(message) {
  return concat(uint16(message.length), message)
}

/**
 * @param {string} name
 * @param {Map<string, number>} names where in the message each ending was written
 * @param {number} at where this one will stand
 */
function dnsName(name, names, at) {
  const labels = name.split('.')
  const parts = []
  let position = at
  for (let i = 0; i < labels.length; i++) {
    const ending = labels.slice(i).join('.')
    const known = names.get(ending)
    if (known !== undefined) return concat(...parts, uint16(0xc000 | known))
    names.set(ending, position)
    const label = ascii(labels[i] ?? '')
    if (label.length === 0 || label.length > 63) throw new RangeError(`"${name}" has a label of ${label.length} bytes`)
    parts.push([label.length], label)
    position += 1 + label.length
  }
  return concat(...parts, [0])
}

/**
 * @param {DnsType} type
 * @param {string} data
 * @param {Map<string, number>} names
 * @param {number} at
 */
function recordData(type, data, names, at) {
  if (type === 'A' || type === 'AAAA') return address(data)
  if (type === 'CNAME' || type === 'PTR') return dnsName(data, names, at)
  if (type === 'TXT') return concat([data.length], ascii(data))
  // RFC 9460 §2.2: priority 1, target "." (the owner itself), and the parameter alpn (key 1).
  const alpn = concat([data.length], ascii(data))
  return concat(uint16(1), [0], uint16(1), uint16(alpn.length), alpn)
}
