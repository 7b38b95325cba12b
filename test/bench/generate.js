// @ts-check
/**
 * Makes a large capture of an office gateway: flows that interleave, each a look-up, a handshake, a ClientHello and
 * some ninety segments of 1400 bytes, all checksums correct. The same options give the same bytes.
 *
 *   node test/bench/generate.js --mb 1000 --out FILE [--seed 1] [--clients 2000] [--split 0.3]
 *
 * `--mb` counts millions of bytes; without `--out` the capture goes to standard output; `--split` is the share of
 * ClientHellos that need two segments. What was made is told as JSON on standard error.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { pcap } from '../../samples/generator/capture/pcap.js'
import { random } from '../../samples/generator/wire/bytes.js'
import { checksumOf } from '../../samples/generator/wire/checksum.js'
import { LINKTYPE_ETHERNET } from '../../samples/generator/wire/link.js'
import { ACK, SYN } from '../../samples/generator/wire/transport.js'
import { MESSAGING, ORDINARY } from './names.js'
import { AT, answerTemplate, DATA, helloTemplates, queryTemplate, tcpTemplate } from './templates.js'

/** @import { Template } from './templates.js' */

const { values: options } = parseArgs({
  options: {
    mb: { type: 'string', default: '100' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    clients: { type: 'string', default: '2000' },
    split: { type: 'string', default: '0.3' },
  },
})

const OPEN_FLOWS = 256
const MESSAGING_SHARE = 0.02
/** 198.18.0.0/15 is set aside for benchmarks (RFC 2544 appendix C.2.2), 10.0.0.0/8 is private. */
const SERVERS = 0xc6120000
const CLIENTS = 0x0a000100
const RESOLVER = 0x0a000035
const START = Date.UTC(2026, 4, 12, 8) * 1000
const MICROS_PER_PACKET = 8

/** @typedef {'query' | 'answer' | 'syn' | 'syn-answer' | 'open' | 'hello' | 'hello-end' | 'data'} Step */

/**
 * @typedef Flow
 * @property {number} client
 * @property {number} server
 * @property {number} port
 * @property {number} name index
 * @property {boolean} split
 * @property {Step} step the next packet
 * @property {number} left data packets to come
 * @property {number} up next sequence number of the client's
 * @property {number} down next sequence number of the server's
 */

const next = random(Number(options.seed))
const chance = () => next() / 2 ** 32
const names = [...MESSAGING, ...ORDINARY]
const clients = Number(options.clients)
const split = Number(options.split)
const wanted = Number(options.mb) * 1e6

const made = { packets: 0, bytes: 0, flows: 0, queries: 0, answers: 0, hellos: 0, splitHellos: 0, messagingHellos: 0 }
const asked = new Set()
const reached = new Set()

const syn = tcpTemplate(SYN)
const synAnswer = tcpTemplate(SYN | ACK)
const bare = tcpTemplate(ACK)
const queries = remembered((name) => queryTemplate(name))
const answers = remembered((name, index) => answerTemplate(name, `198.18.${index >>> 8}.${index & 255}`))
const whole = remembered((name, index) => helloTemplates(name, false, index))
const halves = remembered((name, index) => helloTemplates(name, true, index))

const file = options.out === undefined ? 1 : openSync(options.out, 'w')
const buffer = Buffer.alloc(4 << 20)
const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
const header = pcap([], { linkType: LINKTYPE_ETHERNET })
buffer.set(header)
let filled = header.length

// The capture begins in the middle of things.
const flows = Array.from({ length: OPEN_FLOWS }, () => newFlow('data', 1 + (next() % 100)))
while (made.bytes + filled < wanted) {
  const i = next() % OPEN_FLOWS
  const flow = /** @type {Flow} */ (flows[i])
  if (flow.left === 0) flows[i] = newFlow('query', 60 + (next() % 67))
  else flow.step = advance(flow)
}
flush()
if (options.out !== undefined) closeSync(file)
console.error(JSON.stringify({ ...made, namesAsked: asked.size, namesReached: reached.size }))

/**
 * @param {Step} step
 * @param {number} left
 * @returns {Flow}
 */
function newFlow(step, left) {
  // The cube makes a few names popular and leaves a long tail.
  const ordinary = MESSAGING.length + Math.floor(ORDINARY.length * chance() ** 3)
  const name = chance() < MESSAGING_SHARE ? next() % MESSAGING.length : ordinary
  const [client, port] = [CLIENTS + (next() % clients), 32768 + (next() % 28000)]
  return { client, server: SERVERS + name, port, name, split: chance() < split, step, left, up: next(), down: 0 }
}

/**
 * Writes the next packet of a flow and says what follows it.
 * @param {Flow} flow
 * @returns {Step}
 */
function advance(flow) {
  switch (flow.step) {
    case 'query':
      made.flows++
      made.queries++
      asked.add(flow.name)
      emit(flow, queries(flow.name), true)
      return 'answer'
    case 'answer':
      made.answers++
      emit(flow, answers(flow.name), false)
      return 'syn'
    case 'syn':
      emit(flow, syn, true)
      return 'syn-answer'
    case 'syn-answer':
      flow.down = next()
      emit(flow, synAnswer, false)
      return 'open'
    case 'open':
      emit(flow, bare, true)
      return 'hello'
    case 'hello': {
      const [first = bare] = (flow.split ? halves : whole)(flow.name)
      emit(flow, first, true)
      if (flow.split) return 'hello-end'
      countHello(flow)
      return 'data'
    }
    case 'hello-end': {
      const [, second = bare] = halves(flow.name)
      emit(flow, second, true)
      countHello(flow)
      return 'data'
    }
    case 'data':
      emit(flow, DATA[next() % DATA.length] ?? bare, false)
      flow.left--
      return 'data'
  }
}

/** @param {Flow} flow */
function countHello(flow) {
  made.hellos++
  if (flow.split) made.splitHellos++
  if (flow.name < MESSAGING.length) made.messagingHellos++
  reached.add(flow.name)
}

/**
 * Copies a template behind what is in the buffer and patches it for this flow.
 * @param {Flow} flow
 * @param {Template} template
 * @param {boolean} up from the client
 */
function emit(flow, { frame, udp, ipSum, transportSum, sequenceSpace }, up) {
  if (filled + 16 + frame.length > buffer.length) flush()
  const time = START + made.packets * MICROS_PER_PACKET
  const seconds = Math.floor(time / 1e6)
  view.setUint32(filled, seconds, true)
  view.setUint32(filled + 4, time - seconds * 1e6, true)
  view.setUint32(filled + 8, frame.length, true)
  view.setUint32(filled + 12, frame.length, true)
  const at = filled + 16
  buffer.set(frame, at)

  const { client, port } = flow
  const server = udp ? RESOLVER : flow.server
  const serverPort = udp ? 53 : 443
  view.setUint32(at + AT.source, up ? client : server)
  view.setUint32(at + AT.destination, up ? server : client)
  view.setUint16(at + AT.sourcePort, up ? port : serverPort)
  view.setUint16(at + AT.destinationPort, up ? serverPort : port)
  const addresses = words(client) + words(server)
  const sum = transportSum + addresses + port + serverPort
  if (udp) {
    // The client's port serves as the message's id: it is the same in both directions.
    view.setUint16(at + AT.dnsId, port)
    view.setUint16(at + AT.udpChecksum, checksumOf(sum + port) || 0xffff)
  } else {
    const sequence = up ? flow.up : flow.down
    const acknowledgement = up ? flow.down : flow.up
    view.setUint32(at + AT.sequence, sequence)
    view.setUint32(at + AT.acknowledgement, acknowledgement)
    view.setUint16(at + AT.tcpChecksum, checksumOf(sum + words(sequence) + words(acknowledgement)))
    const following = (sequence + sequenceSpace) >>> 0
    if (up) flow.up = following
    else flow.down = following
  }
  view.setUint16(at + AT.ipChecksum, checksumOf(ipSum + addresses))
  filled = at + frame.length
  made.packets++
}

/**
 * The sum of the two 16-bit words of a 32-bit value.
 * @param {number} value
 */
function words(value) {
  return (value >>> 16) + (value & 0xffff)
}

function flush() {
  for (let at = 0; at < filled; ) at += writeSync(file, buffer, at, filled - at)
  made.bytes += filled
  filled = 0
}

/**
 * Of each name, made when it is first needed.
 * @template T
 * @param {(name: string, index: number) => T} make
 */
function remembered(make) {
  /** @type {T[]} */
  const all = []
  return (/** @type {number} */ index) => {
    all[index] ??= make(names[index] ?? '', index)
    return /** @type {T} */ (all[index])
  }
}
