// @ts-check
/**
 * The traffic of an office gateway: flows that interleave, each a look-up, a handshake, a ClientHello and some ninety
 * segments of 1400 bytes, all checksums correct.
 */
import { checksumOf } from '../../samples/generator/wire/checksum.js'
import { ACK, SYN } from '../../samples/generator/wire/transport.js'
import { MESSAGING, NAMES, pickName } from './names.js'
import { AT, answerTemplate, DATA, helloTemplates, queryTemplate, tcpTemplate } from './templates.js'

/** @import { Template } from './templates.js' */
/** @import { Writer } from './writer.js' */

const OPEN_FLOWS = 256
/** 198.18.0.0/15 is set aside for benchmarks (RFC 2544 appendix C.2.2), 10.0.0.0/8 is private. */
const SERVERS = 0xc6120000
const CLIENTS = 0x0a000100
const RESOLVER = 0x0a000035

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

/** @typedef {{ readonly next: () => number, readonly clients: number, readonly split: number }} Settings */

const syn = tcpTemplate(SYN)
const synAnswer = tcpTemplate(SYN | ACK)
const bare = tcpTemplate(ACK)
const queries = remembered((name) => queryTemplate(name))
const answers = remembered((name, index) => answerTemplate(name, `198.18.${index >>> 8}.${index & 255}`))
const whole = remembered((name, index) => helloTemplates(name, false, index))
const halves = remembered((name, index) => helloTemplates(name, true, index))

export class Bulk {
  #writer
  #settings
  #flows
  #counts = { flows: 0, queries: 0, answers: 0, hellos: 0, splitHellos: 0, messagingHellos: 0 }
  #asked = new Set()
  #reached = new Set()

  /**
   * @param {Writer} writer
   * @param {Settings} settings
   */
  constructor(writer, settings) {
    this.#writer = writer
    this.#settings = settings
    // The capture begins in the middle of things.
    this.#flows = Array.from({ length: OPEN_FLOWS }, () => this.#newFlow('data', 1 + (settings.next() % 100)))
  }

  /** Writes one packet of some flow, or none where that begins anew. */
  packet() {
    const { next } = this.#settings
    const i = next() % OPEN_FLOWS
    const flow = /** @type {Flow} */ (this.#flows[i])
    if (flow.left === 0) this.#flows[i] = this.#newFlow('query', 60 + (next() % 67))
    else flow.step = this.#advance(flow)
  }

  made() {
    return { ...this.#counts, namesAsked: this.#asked.size, namesReached: this.#reached.size }
  }

  /**
   * @param {Step} step
   * @param {number} left
   * @returns {Flow}
   */
  #newFlow(step, left) {
    const { next, clients, split } = this.#settings
    const name = pickName(next)
    const [client, port] = [CLIENTS + (next() % clients), 32768 + (next() % 28000)]
    const isSplit = next() / 2 ** 32 < split
    return { client, server: SERVERS + name, port, name, split: isSplit, step, left, up: next(), down: 0 }
  }

  /**
   * Writes the next packet of a flow and says what follows it.
   * @param {Flow} flow
   * @returns {Step}
   */
  #advance(flow) {
    const { next } = this.#settings
    switch (flow.step) {
      case 'query':
        this.#counts.flows++
        this.#counts.queries++
        this.#asked.add(flow.name)
        this.#emit(flow, queries(flow.name), true)
        return 'answer'
      case 'answer':
        this.#counts.answers++
        this.#emit(flow, answers(flow.name), false)
        return 'syn'
      case 'syn':
        this.#emit(flow, syn, true)
        return 'syn-answer'
      case 'syn-answer':
        flow.down = next()
        this.#emit(flow, synAnswer, false)
        return 'open'
      case 'open':
        this.#emit(flow, bare, true)
        return 'hello'
      case 'hello': {
        const [first = bare] = (flow.split ? halves : whole)(flow.name)
        this.#emit(flow, first, true)
        if (flow.split) return 'hello-end'
        this.#countHello(flow)
        return 'data'
      }
      case 'hello-end': {
        const [, second = bare] = halves(flow.name)
        this.#emit(flow, second, true)
        this.#countHello(flow)
        return 'data'
      }
      case 'data':
        this.#emit(flow, DATA[next() % DATA.length] ?? bare, false)
        flow.left--
        return 'data'
    }
  }

  /** @param {Flow} flow */
  #countHello(flow) {
    this.#counts.hellos++
    if (flow.split) this.#counts.splitHellos++
    if (flow.name < MESSAGING.length) this.#counts.messagingHellos++
    this.#reached.add(flow.name)
  }

  /**
   * Writes a template and patches it for this flow.
   * @param {Flow} flow
   * @param {Template} template
   * @param {boolean} up from the client
   */
  #emit(flow, { frame, udp, ipSum, transportSum, sequenceSpace }, up) {
    const at = this.#writer.add(frame)
    const { view } = this.#writer
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
  }
}

/**
 * The sum of the two 16-bit words of a 32-bit value.
 * @param {number} value
 */
function words(value) {
  return (value >>> 16) + (value & 0xffff)
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
    all[index] ??= make(NAMES[index] ?? '', index)
    return /** @type {T} */ (all[index])
  }
}
