import { latin1 } from '../../base/bytes.ts'
import type { Candidate, Protocol } from './protocol.ts'

/** https://help.dropbox.com/sync/lan-sync-overview: to all of the network, every half minute. */
const PORT = 17_500
/** As much of the message as its keys stand in. */
const BEGINNING = 512
const KEYS = ['"host_int": ', '"version": [', '"port": ']

/** What an installed Dropbox tells its network: JSON with who it is (Wireshark epan/dissectors/packet-db-lsp.c). */
export const dropbox: Protocol = {
  transport: 'udp',
  first: [0x7b],
  ports: [PORT],
  canBe: isAnnouncement,
  begin: (): Candidate => ({
    means: 'payload',
    protocol: 'dropbox-lan-sync',
    take: ({ bytes, offset, end }) => (isAnnouncement(bytes, offset, end) ? 'confirmed' : 'no'),
  }),
}

function isAnnouncement(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== 0x7b || bytes[start + 1] !== 0x22 || end - start < 3) return false
  const text = latin1(bytes, start, Math.min(end, start + BEGINNING))
  return KEYS.every((key) => text.includes(key))
}
