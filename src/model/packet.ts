/** https://www.iana.org/assignments/protocol-numbers */
export const PROTOCOL_TCP = 6
export const PROTOCOL_UDP = 17

/**
 * A cursor over one captured packet, used again for the next: a reader sets the first part, `decode` narrows
 * `offset…end` layer by layer to the transport payload and sets the second part. Every field is set once here, in one
 * order, of one type, so that the engine keeps one shape. Whoever keeps anything of it copies it.
 */
export class Packet {
  bytes: Uint8Array = new Uint8Array(0)
  /** The first byte of the part not yet decoded. */
  offset = 0
  /** One past the last captured byte that belongs to it. */
  end = 0
  /** Length on the wire; more than was captured where the snap length cut. */
  wireLength = 0
  /** Microseconds since the epoch. */
  time = 0
  /** A LINKTYPE_ value, https://www.tcpdump.org/linktypes.html */
  linkType = 0
  /** 1 for the first packet of the input, as tshark counts. */
  frame = 0

  /** The next packet that came in the same frame: `restBytes[rest…restEnd)`, cut at its end or not; 0 for none. */
  rest = 0
  restEnd = 0
  restBytes: Uint8Array = new Uint8Array(0)
  restCut = false
  /** IP protocol number of the transport: 6 or 17 after `decode` said true. */
  protocol = 0
  /** Source in words 0 to 3, destination in 4 to 7. */
  readonly addresses = new Uint32Array(8)
  sourcePort = 0
  destinationPort = 0
  /** TCP only: sequence number of the first payload byte (of SYN where it is set), and the flag byte. */
  sequence = 0
  flags = 0
  /** The snap length or a damaged length took bytes from the end of the payload. */
  cut = false
}
