// @ts-check
/** A capture file of Ethernet frames, written as it comes. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { pcap } from '../../samples/generator/capture/pcap.js'
import { LINKTYPE_ETHERNET } from '../../samples/generator/wire/link.js'

const RECORD_HEADER = 16
const STANDARD_OUTPUT = 1

export class Writer {
  packets = 0
  /** What was written, so that a frame can be patched after `add`, until the next. */
  view
  #bytes = 0
  #filled = 0
  #buffer = Buffer.alloc(4 << 20)
  #file
  #time
  #microsPerPacket

  /**
   * @param {string | undefined} path standard output if left out
   * @param {number} start of the first packet, microseconds since the epoch
   * @param {number} microsPerPacket
   */
  constructor(path, start, microsPerPacket) {
    this.#file = path === undefined ? STANDARD_OUTPUT : openSync(path, 'w')
    this.view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.length)
    this.#time = start
    this.#microsPerPacket = microsPerPacket
    const header = pcap([], { linkType: LINKTYPE_ETHERNET })
    this.#buffer.set(header)
    this.#filled = header.length
  }

  /** Of the file, the part that waits to be written included. */
  get bytes() {
    return this.#bytes + this.#filled
  }

  /**
   * Copies a frame behind the others and says where in `view` it stands.
   * @param {Uint8Array} frame
   */
  add(frame) {
    if (this.#filled + RECORD_HEADER + frame.length > this.#buffer.length) this.#flush()
    const { view } = this
    const seconds = Math.floor(this.#time / 1e6)
    view.setUint32(this.#filled, seconds, true)
    view.setUint32(this.#filled + 4, this.#time - seconds * 1e6, true)
    view.setUint32(this.#filled + 8, frame.length, true)
    view.setUint32(this.#filled + 12, frame.length, true)
    const at = this.#filled + RECORD_HEADER
    this.#buffer.set(frame, at)
    this.#filled = at + frame.length
    this.#time += this.#microsPerPacket
    this.packets++
    return at
  }

  close() {
    this.#flush()
    if (this.#file !== STANDARD_OUTPUT) closeSync(this.#file)
  }

  #flush() {
    for (let at = 0; at < this.#filled; ) at += writeSync(this.#file, this.#buffer, at, this.#filled - at)
    this.#bytes += this.#filled
    this.#filled = 0
  }
}
