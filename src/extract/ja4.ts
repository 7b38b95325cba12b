import { createHash } from 'node:crypto'
import { uint16 } from '../base/bytes.ts'
import { firstProtocolEnds } from './alpn.ts'
import type { ClientHello, HelloCarrier } from './tls.ts'
import { EXTENSION_ALPN, EXTENSION_SERVER_NAME, EXTENSION_SIGNATURE_ALGORITHMS, isGrease } from './tls-values.ts'

const CARRIERS: Readonly<Record<HelloCarrier, string>> = { tls: 't', quic: 'q', dtls: 'd' }

const VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x0002, 's2'],
  [0x0300, 's3'],
  [0x0301, '10'],
  [0x0302, '11'],
  [0x0303, '12'],
  [0x0304, '13'],
  [0xfeff, 'd1'],
  [0xfefd, 'd2'],
  [0xfefc, 'd3'],
])

const HASH_LENGTH = 12

/**
 * The JA4 fingerprint of a TLS client, of whose hello all was read: hashed, its lists sorted
 * (https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md).
 */
export function ja4Of(hello: ClientHello): string {
  const { bytes, extensionsEnd } = hello
  const suites = valuesIn(bytes, hello.suitesStart, hello.suitesEnd)
  const extensions: string[] = []
  let algorithms: string[] = []
  let count = 0
  let name = 'i'
  for (let at = hello.extensionsStart; at + 4 <= extensionsEnd; ) {
    const type = uint16(bytes, at)
    const data = at + 4
    at = data + uint16(bytes, at + 2)
    if (isGrease(type)) continue
    count++
    if (type === EXTENSION_SERVER_NAME) name = 'd'
    else if (type !== EXTENSION_ALPN) extensions.push(hexadecimal(type))
    if (type === EXTENSION_SIGNATURE_ALGORITHMS) algorithms = valuesIn(bytes, data + 2, Math.min(at, extensionsEnd))
  }
  const clear = [
    CARRIERS[hello.carrier],
    VERSIONS.get(hello.version) ?? '00',
    name,
    twoDigits(suites.length),
    twoDigits(count),
    firstProtocolEnds(hello),
  ]
  const signed = algorithms.length === 0 ? '' : `_${algorithms.join(',')}`
  return `${clear.join('')}_${hashed(suites.sort().join(','))}_${hashed(extensions.sort().join(',') + signed)}`
}

/** The values of two bytes in a list, without those that only stand to be ignored. */
function valuesIn(bytes: Uint8Array, start: number, end: number): string[] {
  const values: string[] = []
  for (let at = start; at + 2 <= end; at += 2) {
    const value = uint16(bytes, at)
    if (!isGrease(value)) values.push(hexadecimal(value))
  }
  return values
}

function hexadecimal(value: number): string {
  return value.toString(16).padStart(4, '0')
}

function twoDigits(count: number): string {
  return String(Math.min(count, 99)).padStart(2, '0')
}

/** Of nothing the hash is written as zeros. */
function hashed(text: string): string {
  if (text === '') return '0'.repeat(HASH_LENGTH)
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH)
}
