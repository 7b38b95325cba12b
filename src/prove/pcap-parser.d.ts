/** The package has no types of its own; these are what its README says. */
declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events'
  import type { Readable } from 'node:stream'

  interface PacketHeader {
    readonly timestampSeconds: number
    readonly timestampMicroseconds: number
    readonly capturedLength: number
    readonly originalLength: number
  }

  interface Events {
    globalHeader: [header: { readonly linkLayerType: number }]
    packet: [packet: { readonly header: PacketHeader; readonly data: Buffer }]
    error: [error: Error]
    end: []
  }

  export function parse(input: Readable): EventEmitter<Events>
}
