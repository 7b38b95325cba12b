// @ts-check
/** Makes a large log; the same options give the same bytes. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { LOG_KINDS } from './logs-lines.js'
import { Traffic } from './logs-traffic.js'

/** @import { TrafficOptions } from './logs-traffic.js' */

/**
 * @typedef MadeLog
 * @property {string} file
 * @property {number} bytes
 * @property {number} lines
 * @property {number} messaging lines that name a host of an app
 * @property {number} messengers clients of those
 * @property {number} observations that the log gives of those lines
 */

const BUFFER_SIZE = 4 << 20
const LINE_LIMIT = 4096

/**
 * Writes so many bytes and the rest of a line, or, where it is given, so many lines.
 * @param {string} file
 * @param {string} name of a kind in LOG_KINDS
 * @param {{ mb?: number, lines?: number }} size in millions of bytes, or lines behind the header
 * @param {TrafficOptions} [options]
 * @returns {MadeLog}
 */
export function writeLog(file, name, { mb = Number.POSITIVE_INFINITY, lines = Number.POSITIVE_INFINITY }, options) {
  const kind = LOG_KINDS[name]
  if (kind === undefined) throw new RangeError(`${name} is no kind of log: ${Object.keys(LOG_KINDS).join(', ')}`)
  const traffic = new Traffic(options)
  const buffer = Buffer.alloc(BUFFER_SIZE)
  const output = openSync(file, 'w')
  let bytes = 0
  let filled = kind.header === undefined ? 0 : buffer.write(`${kind.header}\n`, 0, 'latin1')
  const flush = () => {
    for (let at = 0; at < filled; ) at += writeSync(output, buffer, at, filled - at)
    bytes += filled
    filled = 0
  }
  while (bytes + filled < mb * 1e6 && traffic.requests < lines) {
    traffic.next()
    filled += buffer.write(`${kind.line(traffic)}\n`, filled, 'latin1')
    if (filled > BUFFER_SIZE - LINE_LIMIT) flush()
  }
  flush()
  closeSync(output)
  const { requests, messaging, messengers } = traffic
  const observations = messaging * kind.observations
  return { file, bytes, lines: requests, messaging, messengers: messengers.size, observations }
}
