// @ts-check
/** What clients do over TCP in the mix: each flow as IP packets in their order. */
import { tcpConversation } from '../../samples/generator/conversation.js'
import { concat } from '../../samples/generator/wire/bytes.js'
import { httpRequest } from '../../samples/generator/wire/http.js'
import {
  clientHelloRecords,
  RECORD_APPLICATION_DATA,
  serverFlight,
  tlsRecords,
} from '../../samples/generator/wire/tls.js'
import { reversed, tcpPacket } from '../../samples/generator/wire/transport.js'
import { completing, helloOptions, some } from './party.js'

/** @import { Turn } from '../../samples/generator/conversation.js' */
/** @import { Ends } from '../../samples/generator/wire/transport.js' */
/** @import { Completed, FlowPacket, Party } from './party.js' */

const SEGMENT = 1400

/**
 * HTTPS: a hello, and small exchanges with a larger one now and then. One in twenty hellos of two segments comes in the
 * wrong order.
 * @param {Party} party
 */
export function web({ client, server, port, name, split, next }) {
  const hello = clientHelloRecords(helloOptions(name, split, next))
  const delivery = next() % 20 === 0 ? 'reversed' : 'in-order'
  /** @type {Turn[]} */
  const turns = [
    { from: 'client', bytes: hello, delivery },
    { from: 'server', bytes: serverFlight(200, next()) },
  ]
  for (let left = 2 + (next() % 14); left > 0; left--) {
    turns.push({ from: 'client', bytes: encrypted(40 + (next() % 300), next) })
    turns.push({
      from: 'server',
      bytes: encrypted(next() % 5 === 0 ? 1000 + (next() % 6000) : 60 + (next() % 600), next),
    })
  }
  const ends = { source: client, destination: server, sourcePort: port, destinationPort: 443 }
  return conversation(ends, turns, 2 + Math.ceil(hello.length / SEGMENT), 'hellos')
}

/**
 * HTTP without TLS.
 * @param {Party} party
 */
export function plainWeb({ client, server, port, name, next }) {
  const fields = ['User-Agent: example/1.0', 'Accept: */*']
  const request = httpRequest({ host: name, target: `/status/${next() % 1000}`, fields })
  const body = some(200 + (next() % 4000), next)
  const response = httpResponse(body)
  /** @type {Turn[]} */
  const turns = [
    { from: 'client', bytes: request },
    { from: 'server', bytes: response },
  ]
  const ends = { source: client, destination: server, sourcePort: port, destinationPort: 80 }
  return conversation(ends, turns, 3, 'requests')
}

/**
 * A connection that began before the capture.
 * @param {Party} party
 * @returns {FlowPacket[]}
 */
export function midway({ client, server, port, next }) {
  const ends = { source: client, destination: server, sourcePort: port, destinationPort: 443 }
  const packets = []
  let [sequence, acknowledgement] = [next(), next()]
  for (let left = 10 + (next() % 60); left > 0; left--) {
    const payload = next() % 3 === 0 ? encrypted(SEGMENT - 5, next) : encrypted(30 + (next() % 200), next)
    packets.push({ bytes: tcpPacket(reversed(ends), { sequence, acknowledgement, payload }) })
    sequence = (sequence + payload.length) >>> 0
    packets.push({ bytes: tcpPacket(ends, { sequence: acknowledgement, acknowledgement: sequence }) })
  }
  return packets
}

/**
 * @param {Ends} ends
 * @param {readonly Turn[]} turns
 * @param {number} at the packet that completes
 * @param {Completed} completes
 */
function conversation(ends, turns, at, completes) {
  const packets = tcpConversation({ ends, time: 0, turns, segmentSize: SEGMENT })
  return completing(
    packets.map(({ bytes }) => bytes),
    at,
    completes,
  )
}

/**
 * @param {number} length
 * @param {() => number} next
 */
function encrypted(length, next) {
  return tlsRecords(RECORD_APPLICATION_DATA, some(length, next))
}

/** @param {Uint8Array} body */
function httpResponse(body) {
  const head = ['HTTP/1.1 200 OK', 'Content-Type: application/octet-stream', `Content-Length: ${body.length}`, '', '']
  return concat(Buffer.from(head.join('\r\n')), body)
}
