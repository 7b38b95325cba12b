import { concat, dtlsHello, filler, uint16, uint24 } from '../build/index.ts'

type Bytes = ArrayLike<number>
export type Extension = readonly [type: number, body: Bytes]

export interface HelloParts {
  readonly version?: number
  readonly sessionId?: Bytes
  readonly suites?: readonly number[]
  /** No extensions at all where it is left out. */
  readonly extensions?: readonly Extension[]
}

/** A ClientHello handshake message of these parts (RFC 8446 §4.1.2), with its four header bytes. */
export function helloOf({ version = 0x0303, sessionId = [], suites = [0x1301], extensions }: HelloParts): Uint8Array {
  const list = concat(...(extensions ?? []).flatMap(([type, body]) => [uint16(type), uint16(body.length), body]))
  const body = concat(
    uint16(version),
    filler(32, 1),
    [sessionId.length],
    sessionId,
    uint16(2 * suites.length),
    ...suites.map(uint16),
    [1, 0],
    ...(extensions === undefined ? [] : [uint16(list.length), list]),
  )
  return concat([1], uint24(body.length), body)
}

/** The same as DTLS has it, with a cookie where it has come. */
export function datagramHelloOf(parts: HelloParts, cookie: Bytes = []): Uint8Array {
  return dtlsHello(helloOf({ version: 0xfefd, ...parts }), cookie)
}

/** A list of two-byte values behind its length. */
export function values16(...values: readonly number[]): Uint8Array {
  return concat(uint16(2 * values.length), ...values.map(uint16))
}

/** A list of versions (RFC 8446 §4.2.1). */
export function versionsOf(...versions: readonly number[]): Extension {
  return [43, concat([2 * versions.length], ...versions.map(uint16))]
}

/** A list of protocols (RFC 7301 §3.1), each text or bytes. */
export function alpnOf(...protocols: readonly (string | Bytes)[]): Extension {
  const list = concat(
    ...protocols.map((protocol) => {
      const bytes = typeof protocol === 'string' ? Buffer.from(protocol, 'latin1') : protocol
      return concat([bytes.length], bytes)
    }),
  )
  return [16, concat(uint16(list.length), list)]
}

/** A server_name extension (RFC 6066 §3). */
export function serverNameOf(name: string): Extension {
  const bytes = Buffer.from(name, 'latin1')
  return [0, concat(uint16(3 + bytes.length), [0], uint16(bytes.length), bytes)]
}
