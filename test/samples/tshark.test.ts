import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DNS_NAME, SERVER_NAME, tshark, tsharkInstalled } from '../build/tshark.ts'

const captures = join(import.meta.dirname, '../../samples/captures')

/** Of each capture: the names asked for, and those of TLS clients' servers, each in the order of the story. */
const STORIES = {
  'guest-wifi.pcap': [
    ['www.example.org', 'g.whatsapp.net', 'mmg.whatsapp.net', 'web.telegram.org'],
    ['www.example.org', 'mmg.whatsapp.net', 'web.telegram.org'],
  ],
  'home-laptop.pcap': [
    ['www.example.org', 'chat.signal.org', 'storage.signal.org', 'web.whatsapp.com'],
    ['www.example.org', 'chat.signal.org', 'storage.signal.org', 'web.whatsapp.com'],
  ],
  'office.pcap': [
    ['www.example.com', 'www.whatsapp.com', 'g.whatsapp.net.example.com', 'maps.example.org'],
    ['www.example.com', 'www.whatsapp.com', 'g.whatsapp.net.example.com', 'maps.example.org'],
  ],
  'vpn-egress.pcapng': [
    ['www.example.com', 'w-0a.0.threema.ch', 'apip-work.threema.ch', 'www.example.net', 'maps.example.org'],
    ['www.example.com', 'apip-work.threema.ch', 'www.example.net', 'maps.example.org'],
  ],
} as const

describe.skipIf(!tsharkInstalled)('by the judgement of tshark', () => {
  test.each(Object.entries(STORIES))('%s is well formed and names what its story names', (file, [asked, reached]) => {
    const dns = tshark(join(captures, file), DNS_NAME)
    expect(dns.complaints).toEqual([])
    expect([...new Set(dns.values)]).toEqual(asked)
    expect([...new Set(tshark(join(captures, file), SERVER_NAME).values)]).toEqual(reached)
  })
})
