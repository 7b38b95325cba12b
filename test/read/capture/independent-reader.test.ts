import { Readable } from 'node:stream'
import { parse } from 'pcap-parser'
import { expect, test } from 'vitest'
import { pcap as format } from '../../../src/read/capture/pcap.ts'
import { LINKTYPE_ETHERNET, pcap } from '../../build/index.ts'
import { fc } from '../../property.ts'
import { hex, type ReadPacket, readCapture } from './drive.ts'

/** What the `pcap-parser` package reads of a capture that comes in pieces. */
function independently(bytes: Uint8Array, step: number): Promise<ReadPacket[]> {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += step) pieces.push(Buffer.from(bytes.subarray(at, at + step)))
  const packets: ReadPacket[] = []
  let linkType = -1
  return new Promise((resolve, reject) => {
    const parser = parse(Readable.from(pieces, { objectMode: false }))
    parser.on('globalHeader', (header) => {
      linkType = header.linkLayerType
    })
    parser.on('packet', ({ header, data }) => {
      packets.push({
        frame: packets.length + 1,
        time: header.timestampSeconds * 1e6 + header.timestampMicroseconds,
        linkType,
        wireLength: header.originalLength,
        bytes: hex(data),
      })
    })
    parser.on('error', reject)
    parser.on('end', () => resolve(packets))
  })
}

test('an independent reader finds the same packets in classic captures of both byte orders', async () => {
  const packet = fc.record({
    time: fc.integer({ min: 0, max: 2 ** 32 * 1e6 - 1 }),
    bytes: fc.uint8Array({ maxLength: 80 }),
    wireLength: fc.nat(0xffff),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(packet, { maxLength: 12 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 200 }),
      async (packets, bigEndian, step) => {
        const bytes = pcap(packets, { linkType: LINKTYPE_ETHERNET, bigEndian })
        const ours = await readCapture(format, bytes, { step })
        expect(ours.damage).toBeUndefined()
        expect(ours.packets).toHaveLength(packets.length)
        expect(ours.packets).toEqual(await independently(bytes, step))
      },
    ),
  )
})
