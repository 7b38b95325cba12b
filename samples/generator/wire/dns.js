// @ts-check
/** DNS messages (RFC 1035 §4). */
import { address, ascii, concat, filler, uint16, uint32 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

/** Record types: RFC 1035 §3.2.2, RFC 3596 §2.1, RFC 9460 §14.1. */
const TYPES = { A: 1, CNAME: 5, PTR: 12, TXT: 16, AAAA: 28, SVCB: 64, HTTPS: 65 }

/** @typedef {keyof typeof TYPES} DnsType */

/** @typedef {{ readonly name: string, readonly type: DnsType }} DnsQuestion */

/**
 * What an SVCB or HTTPS record says (RFC 9460 §2.2).
 * @typedef ServiceBinding
 * @property {number} [priority] 0 of an alias, whose parameters count for nothing
 * @property {string} [target] the alias or the endpoint; '' where it is the record's own name
 * @property {readonly string[]} [alpn]
 * @property {readonly string[]} [ipv4] addresses that are hinted at
 * @property {readonly string[]} [ipv6]
 * @property {Bytes} [ech] an ECHConfigList
 */

/**
 * @typedef DnsRecord
 * @property {string} name
 * @property {DnsType} type
 * @property {string | ServiceBinding} data an address (A, AAAA), a name (CNAME, PTR), text (TXT); of SVCB and HTTPS what
 *   they say, or an ALPN id of the own name
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
 * A list of configurations for Encrypted Client Hello (RFC 9849 §4), each with a public key that nobody has.
 * @param {readonly { id: number, publicName: string, version?: number }[]} configs
 */
export function echConfigList(configs) {
  const list = concat(
    ...configs.map(({ id, publicName, version = 0xfe0d }) => {
      const key = concat([id], uint16(0x20), uint16(32), filler(32, id), uint16(4), uint16(1), uint16(1))
      const contents = concat(key, [0, publicName.length], ascii(publicName), uint16(0))
      return concat(uint16(version), uint16(contents.length), contents)
    }),
  )
  return concat(uint16(list.length), list)
}

/**
 * @param {DnsType} type
 * @param {string | ServiceBinding} data
 * @param {Map<string, number>} names
 * @param {number} at
 */
function recordData(type, data, names, at) {
  if (typeof data !== 'string') return serviceBinding(data)
  if (type === 'A' || type === 'AAAA') return address(data)
  if (type === 'CNAME' || type === 'PTR') return dnsName(data, names, at)
  if (type === 'TXT') return concat([data.length], ascii(data))
  return serviceBinding({ alpn: [data] })
}

/** @param {ServiceBinding} binding its name is not compressed (RFC 9460 §2.2) */
function serviceBinding({ priority = 1, target = '', alpn = [], ipv4 = [], ipv6 = [], ech = [] }) {
  const name = target === '' ? [0] : dnsName(target, new Map(), 0)
  const values = [
    { key: 1, value: concat(...alpn.map((id) => concat([id.length], ascii(id)))) },
    { key: 4, value: concat(...ipv4.map(address)) },
    { key: 5, value: ech },
    { key: 6, value: concat(...ipv6.map(address)) },
  ]
  const present = values.filter(({ value }) => value.length > 0)
  const parameters = present.map(({ key, value }) => concat(uint16(key), uint16(value.length), value))
  return concat(uint16(priority), name, ...parameters)
}
