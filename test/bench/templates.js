// @ts-check
/** Frames made once, copied and patched for each packet; their checksums are finished from sums taken once. */
import { wordSum } from '../../samples/generator/wire/checksum.js'
import { dnsQuery, dnsResponse } from '../../samples/generator/wire/dns.js'
import { ethernet } from '../../samples/generator/wire/link.js'
import { applicationData, clientHelloRecords, EXTENSION_KEY_SHARE } from '../../samples/generator/wire/tls.js'
import { ACK, PSH, SYN, SYN_OPTIONS, tcpPacket, udpPacket } from '../../samples/generator/wire/transport.js'

/** @import { Bytes } from '../../samples/generator/wire/bytes.js' */

/** Bytes of payload in a full segment. */
const SEGMENT = 1400

/** Where in a frame without tags and IP options these stand. */
export const AT = /** @type {const} */ ({
  ipChecksum: 24,
  source: 26,
  destination: 30,
  sourcePort: 34,
  destinationPort: 36,
  sequence: 38,
  acknowledgement: 42,
  tcpChecksum: 50,
  udpChecksum: 40,
  dnsId: 42,
})

const NOBODY = { source: '0.0.0.0', destination: '0.0.0.0', sourcePort: 0, destinationPort: 0 }

/**
 * @typedef Template all that is patched is zero in `frame`, and so are its checksums
 * @property {Uint8Array} frame
 * @property {boolean} udp
 * @property {number} ipSum word sum of the IP header
 * @property {number} transportSum word sum of pseudo-header and segment
 * @property {number} sequenceSpace of a TCP segment: its payload, and one for SYN (RFC 9293 §3.4)
 */

/**
 * @param {number} flags
 * @param {Bytes} [payload]
 */
export function tcpTemplate(flags, payload = []) {
  const options = flags & SYN ? SYN_OPTIONS : []
  const sequenceSpace = payload.length + (flags & SYN ? 1 : 0)
  return template(tcpPacket(NOBODY, { flags, payload, options }), false, sequenceSpace)
}

/** Full segments of encrypted data, all different. */
export const DATA = Array.from({ length: 32 }, (_, i) => tcpTemplate(ACK, applicationData(SEGMENT - 5, 100 + i)))

/** @param {string} name */
export function queryTemplate(name) {
  return template(udpPacket(NOBODY, dnsQuery(name)), true, 0)
}

/**
 * @param {string} name
 * @param {string} address
 */
export function answerTemplate(name, address) {
  return template(udpPacket(NOBODY, dnsResponse(name, 'A', [{ name, type: 'A', data: address }])), true, 0)
}

/**
 * A ClientHello in one segment, or in two with a post-quantum key share, behind which every second name stands.
 * @param {string} name
 * @param {boolean} split
 * @param {number} seed
 */
export function helloTemplates(name, split, seed) {
  const order = seed % 2 === 0 ? [] : [EXTENSION_KEY_SHARE]
  const records = clientHelloRecords({ serverName: name, postQuantum: split, order, seed })
  if (!split) return [tcpTemplate(ACK | PSH, records)]
  return [tcpTemplate(ACK, records.subarray(0, SEGMENT)), tcpTemplate(ACK | PSH, records.subarray(SEGMENT))]
}

/**
 * @param {Uint8Array} packet
 * @param {boolean} udp
 * @param {number} sequenceSpace
 * @returns {Template}
 */
function template(packet, udp, sequenceSpace) {
  const frame = ethernet(packet)
  frame.fill(0, AT.ipChecksum, AT.ipChecksum + 2)
  const checksum = udp ? AT.udpChecksum : AT.tcpChecksum
  frame.fill(0, checksum, checksum + 2)
  const segment = frame.subarray(AT.sourcePort, 14 + packet.length)
  const transportSum = (udp ? 17 : 6) + segment.length + wordSum(segment)
  return { frame, udp, ipSum: wordSum(frame.subarray(14, AT.sourcePort)), transportSum, sequenceSpace }
}
