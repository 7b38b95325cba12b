// @ts-check
/** What the flows of the mix have in common: who takes part, and what they send. */
import { filler } from '../../samples/generator/wire/bytes.js'
import { EXTENSION_KEY_SHARE } from '../../samples/generator/wire/tls.js'

/**
 * What the last packet of a name completes: a question of the DNS, its answer, a ClientHello over TCP, QUIC or DTLS, an
 * HTTP request.
 * @typedef {'queries' | 'answers' | 'hellos' | 'quicHellos' | 'dtlsHellos' | 'requests'} Completed
 */

/** @typedef {{ readonly bytes: Uint8Array, readonly completes?: Completed | undefined }} FlowPacket */

/**
 * @typedef Party
 * @property {string} client
 * @property {string} server
 * @property {string} resolver
 * @property {number} port of the client
 * @property {string} name
 * @property {boolean} split the ClientHello needs two segments or datagrams
 * @property {() => number} next integers from 0 to 2^32 - 1
 */

/** Stands for whatever is encrypted; parts of it begin anywhere. */
const POOL = filler(1 << 16, 7)

/**
 * Packets of which one completes a name.
 * @param {readonly Uint8Array[]} packets
 * @param {number} at
 * @param {Completed} completes
 * @returns {FlowPacket[]}
 */
export function completing(packets, at, completes) {
  return packets.map((bytes, i) => ({ bytes, completes: i === at ? completes : undefined }))
}

/**
 * Of a ClientHello.
 * @param {string} serverName
 * @param {boolean} split with a post-quantum key share, behind which every second name stands
 * @param {() => number} next
 */
export function helloOptions(serverName, split, next) {
  const seed = next()
  return { serverName, postQuantum: split, order: seed % 2 === 0 ? [] : [EXTENSION_KEY_SHARE], seed }
}

/**
 * Bytes as of what is encrypted.
 * @param {number} length
 * @param {() => number} next
 */
export function some(length, next) {
  const from = next() % (POOL.length - length)
  return POOL.subarray(from, from + length)
}
