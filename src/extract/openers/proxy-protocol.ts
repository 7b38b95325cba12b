import { uint16 } from '../../base/bytes.ts'
import { fixed, NONE, PARTIAL } from './preamble.ts'

const V1 = Buffer.from('PROXY ')
/** A line of version 1 is never longer, its CR LF included. */
const V1_LIMIT = 107
const V2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const V2_HEADER = 16
const V2_LIMIT = 4096

/**
 * The header that a load balancer puts before a connection, versions 1 and 2
 * (https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt). The addresses in it are not read.
 */
export function proxyProtocol(bytes: Uint8Array, start: number, end: number): number {
  return bytes[start] === V2[0] ? version2(bytes, start, end) : version1(bytes, start, end)
}

function version1(bytes: Uint8Array, start: number, end: number): number {
  const at = fixed(bytes, start, end, V1)
  if (at <= 0) return at
  const last = Math.min(end, start + V1_LIMIT)
  for (let i = at; i < last; i++) {
    if (bytes[i] === 0x0a) return bytes[i - 1] === 0x0d ? i + 1 : NONE
  }
  return end - start < V1_LIMIT ? PARTIAL : NONE
}

function version2(bytes: Uint8Array, start: number, end: number): number {
  const at = fixed(bytes, start, end, V2)
  if (at <= 0) return at
  if (end - start < V2_HEADER) return PARTIAL
  const length = uint16(bytes, start + 14)
  if (bytes[at]! >> 4 !== 2 || length > V2_LIMIT) return NONE
  return start + V2_HEADER + length <= end ? start + V2_HEADER + length : PARTIAL
}
