// @ts-check
/** What the log of an office tells: who reached which host, a few of them of apps that it should not use. */
import { random } from '../../samples/generator/wire/bytes.js'
import { MESSAGING, ORDINARY } from './names.js'

/**
 * @typedef TrafficOptions
 * @property {number} [seed]
 * @property {number} [clients]
 * @property {number} [hosts] ordinary ones
 * @property {number} [share] of requests that reach a host of an app
 * @property {boolean} [even] each client and each host as often as any other, one after the other
 */

const START = Date.UTC(2026, 4, 12, 8)
const MILLISECONDS_PER_REQUEST = 4

/** One object, moved from request to request; the same options give the same requests. */
export class Traffic {
  requests = 0
  /** Of the requests so far, those to hosts of apps. */
  messaging = 0
  /** Who made those. */
  messengers = new Set()
  /** Since the epoch, in milliseconds. */
  time = START
  client = ''
  user = ''
  host = ''
  isMessaging = false
  /** Of the host. */
  server = ''
  /** Numbers from 0 to 2^32 - 1, for whatever else a record says. */
  a = 0
  b = 0
  #next
  #clients
  #hosts
  #share
  #even
  /** @type {string[]} */
  #addresses = []

  /** @param {TrafficOptions} [options] */
  constructor({ seed = 1, clients = 5000, hosts = 40_000, share = 0.005, even = false } = {}) {
    this.#next = random(seed)
    this.#clients = clients
    this.#hosts = hosts
    this.#share = share
    this.#even = even
  }

  next() {
    const next = this.#next
    const n = this.requests++
    this.time += MILLISECONDS_PER_REQUEST
    this.a = next()
    this.b = next()
    const client = this.#even ? n % this.#clients : next() % this.#clients
    this.isMessaging = next() / 2 ** 32 < this.#share
    if (this.isMessaging) {
      this.host = /** @type {string} */ (MESSAGING[next() % MESSAGING.length])
      this.messaging++
      this.messengers.add(client)
    } else this.host = ordinaryHost(this.#even ? n % this.#hosts : popular(next(), this.#hosts))
    this.client = this.#addresses[client] ??= `10.${client >>> 16}.${(client >>> 8) & 255}.${client & 255}`
    this.user = this.a % 10 < 3 ? `user${client}` : '-'
    this.server = `203.0.113.${this.b & 255}`
  }
}

/**
 * Of a number of hosts, a few popular and most not.
 * @param {number} number from 0 to 2^32 - 1
 * @param {number} hosts
 */
function popular(number, hosts) {
  return Math.floor(hosts * (number / 2 ** 32) ** 3)
}

/** @param {number} index */
function ordinaryHost(index) {
  const name = ORDINARY[index % ORDINARY.length]
  return index < ORDINARY.length ? `${name}` : `r${Math.floor(index / ORDINARY.length)}.${name}`
}
