/** What tests build their inputs with: the samples' own builders, typed by their JSDoc, and a stream over bytes. */
import type { ByteStream } from '../../src/base/chunks.ts'

export * from '../../samples/generator/capture/pcap.js'
export * from '../../samples/generator/capture/pcapng.js'
export * from '../../samples/generator/conversation.js'
export * from '../../samples/generator/wire/bytes.js'
export * from '../../samples/generator/wire/call.js'
export * as carriers from '../../samples/generator/wire/carriers.js'
export * from '../../samples/generator/wire/certificate.js'
export * from '../../samples/generator/wire/checksum.js'
export * from '../../samples/generator/wire/dns.js'
export * from '../../samples/generator/wire/dtls.js'
export * from '../../samples/generator/wire/http.js'
export * from '../../samples/generator/wire/ip.js'
export * from '../../samples/generator/wire/ipsec.js'
export * from '../../samples/generator/wire/link.js'
export * from '../../samples/generator/wire/other.js'
export * from '../../samples/generator/wire/proxy.js'
export * from '../../samples/generator/wire/quic.js'
export * from '../../samples/generator/wire/start-tls.js'
export * from '../../samples/generator/wire/tls.js'
export * from '../../samples/generator/wire/transport.js'
export * as tunnels from '../../samples/generator/wire/tunnels.js'
export * from '../../samples/generator/wire/vpn.js'

/** A stream over `bytes` that hands out at most `step` of them at a time: whatever spans two reads is cut somewhere. */
export function bytesStream(bytes: Uint8Array, step = bytes.length): ByteStream {
  let position = 0
  return {
    read(into, at, length) {
      const part = bytes.subarray(position, position + Math.min(step, length))
      into.set(part, at)
      position += part.length
      return part.length
    },
    close() {},
  }
}
