// @ts-check
/**
 * Small packets of many protocols in many carriers, as they come together where networks meet: web, look-ups, calls,
 * over IPv4 and IPv6, in VLANs, on labels, through tunnels and in fragments. All checksums are correct.
 */
import { concat } from '../../samples/generator/wire/bytes.js'
import { ethernet, TAG_SERVICE } from '../../samples/generator/wire/link.js'
import { gre, gtpU, mpls, PROTOCOL_GRE, pppoe, tunnelIp, tunnelUdp } from '../../samples/generator/wire/tunnels.js'
import { midway, plainWeb, web } from './connections.js'
import { call, fragmentedLookup, lookup, ownNetwork, ping, quic } from './datagrams.js'
import { NAMES, pickName } from './names.js'

/** @import { FlowPacket, Party } from './party.js' */
/** @import { Settings } from './bulk.js' */
/** @import { Writer } from './writer.js' */

const OPEN_FLOWS = 256
const PORT_GTP = 2152
const ETHERTYPE_PPPOE = 0x8864
const ETHERTYPE_MPLS = 0x8847
const PPP_IPV4 = [0, 0x21]
const PPP_IPV6 = [0, 0x57]

/**
 * @typedef Flow
 * @property {readonly FlowPacket[]} packets
 * @property {number} at the next of them
 * @property {(packet: Uint8Array) => Uint8Array} carry
 */

/** What flows are, each with how many of a thousand. */
const FLOWS = weighted([
  [330, (/** @type {Party} */ party) => [...(party.next() % 2 ? lookup(party) : []), ...web(party)]],
  [90, lookup],
  [120, (/** @type {Party} */ party) => [...lookup(party), ...plainWeb(party)]],
  [80, (/** @type {Party} */ party) => [...lookup(party), ...quic(party)]],
  [15, call],
  [180, midway],
  [140, ownNetwork],
  [15, fragmentedLookup],
  [30, ping],
])

/** What flows are carried in, from the packet to the frame. */
const CARRIERS = weighted([
  [820, (/** @type {Uint8Array} */ packet) => ethernet(packet)],
  [80, (/** @type {Uint8Array} */ packet) => ethernet(packet, { vlans: [{ id: 20 }] })],
  [
    20,
    (/** @type {Uint8Array} */ packet) => ethernet(packet, { vlans: [{ id: 7, protocol: TAG_SERVICE }, { id: 20 }] }),
  ],
  [30, (/** @type {Uint8Array} */ packet) => ethernet(tunnelUdp(PORT_GTP, gtpU(packet)))],
  [20, (/** @type {Uint8Array} */ packet) => ethernet(tunnelIp(PROTOCOL_GRE, gre(packet)))],
  [15, (/** @type {Uint8Array} */ packet) => ethernet(mpls([16, 17], packet), { etherType: ETHERTYPE_MPLS })],
  [15, overPpp],
])

export class Mix {
  #writer
  #settings
  /** @type {Flow[]} */
  #flows
  #counts = { flows: 0, queries: 0, answers: 0, hellos: 0, quicHellos: 0, dtlsHellos: 0, requests: 0 }

  /**
   * @param {Writer} writer
   * @param {Settings} settings
   */
  constructor(writer, settings) {
    this.#writer = writer
    this.#settings = settings
    // The capture begins in the middle of things.
    this.#flows = Array.from({ length: OPEN_FLOWS }, () => {
      const flow = this.#newFlow(midway)
      return { ...flow, at: settings.next() % flow.packets.length }
    })
  }

  /** Writes one packet of some flow, or none where that begins anew. */
  packet() {
    const i = this.#settings.next() % OPEN_FLOWS
    const flow = this.#flows[i]
    const packet = flow?.packets[flow.at]
    if (flow === undefined || packet === undefined) {
      this.#flows[i] = this.#newFlow()
      return
    }
    flow.at++
    this.#writer.add(flow.carry(packet.bytes))
    if (packet.completes !== undefined) this.#counts[packet.completes]++
  }

  made() {
    return this.#counts
  }

  /**
   * @param {(party: Party) => FlowPacket[]} [kind]
   * @returns {Flow}
   */
  #newFlow(kind = FLOWS(this.#settings.next)) {
    const { next, clients, split } = this.#settings
    const name = pickName(next)
    const client = next() % clients
    const newer = next() % 6 === 0
    const place = `${name >>> 8}.${name & 255}`
    const party = {
      client: newer ? `fd00::${(client + 1).toString(16)}` : `10.0.${1 + (client >>> 8)}.${client & 255}`,
      server: newer ? `2001:db8::${(name + 1).toString(16)}` : `198.18.${place}`,
      resolver: newer ? 'fd00:53::1' : '10.0.0.53',
      port: 32768 + (next() % 28000),
      name: NAMES[name] ?? '',
      split: next() / 2 ** 32 < split,
      next,
    }
    this.#counts.flows++
    return { packets: kind(party), at: 0, carry: CARRIERS(next) }
  }
}

/** @param {Uint8Array} packet */
function overPpp(packet) {
  const protocol = (packet[0] ?? 0) >> 4 === 6 ? PPP_IPV6 : PPP_IPV4
  return ethernet(pppoe(concat(protocol, packet)), { etherType: ETHERTYPE_PPPOE })
}

/**
 * Gives one of the choices, as often as its weight says.
 * @template T
 * @param {readonly (readonly [number, T])[]} choices
 * @returns {(next: () => number) => T}
 */
function weighted(choices) {
  const all = choices.flatMap(([weight, choice]) => Array(weight).fill(choice))
  return (next) => all[next() % all.length]
}
