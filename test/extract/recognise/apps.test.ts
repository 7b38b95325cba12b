import { describe, expect, test } from 'vitest'
import { discord } from '../../../src/extract/recognise/discord.ts'
import { dropbox } from '../../../src/extract/recognise/dropbox.ts'
import { loco } from '../../../src/extract/recognise/loco.ts'
import { mmtls } from '../../../src/extract/recognise/mmtls.ts'
import { oicq } from '../../../src/extract/recognise/oicq.ts'
import { telegramCall } from '../../../src/extract/recognise/telegram-call.ts'
import { zoom, zoomPeer } from '../../../src/extract/recognise/zoom.ts'
import { ascii, concat, filler, reversed, udpPacket, wireguardInitiation } from '../../build/index.ts'
import { ENDS, extract, segment, syn } from '../drive.ts'
import {
  discordDiscovery,
  discordPing,
  dropboxAnnouncement,
  locoKey,
  mmtlsRecord,
  oicqMessage,
  reflectorAnswer,
  reflectorQuestion,
  tailscaleDisco,
  zoomBeginning,
  zoomPeerMessage,
} from './app-messages.ts'
import { down, opinions, up } from './candidates.ts'

describe('voice of Discord', () => {
  test('is probable by the question for one’s address, and confirmed by an answer with its source', () => {
    const question = discordDiscovery(44_259)
    expect(opinions(discord, [up(question), down(discordDiscovery(44_259, '203.0.113.7'))])).toEqual([
      'probable',
      'confirmed',
    ])
    expect(opinions(discord, [up(question), down(discordDiscovery(44_260, '203.0.113.7'))])).toEqual([
      'probable',
      'probable',
    ])
    expect(opinions(discord, [up(question), up(discordDiscovery(44_259, '203.0.113.7'))]).at(-1)).toBe('probable')
  })

  test('is confirmed by a ping that comes back, and not told by one that does not', () => {
    expect(opinions(discord, [up(discordPing(14)), down(discordPing(14))])).toEqual(['unknown', 'confirmed'])
    expect(opinions(discord, [up(discordPing(14)), down(discordPing(15)), up(discordPing(16))])).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ])
  })

  test.each([
    ['a question that holds an address', concat(discordDiscovery(1).subarray(0, 8), filler(66, 1))],
    ['an answer without one', concat([0, 2, 0, 70], discordDiscovery(1).subarray(4))],
    ['a longer question', concat(discordDiscovery(1), [0])],
    ['a shorter ping', discordPing(1).subarray(0, 7)],
  ])('is not %s', (_, bytes) => {
    expect(opinions(discord, [up(bytes)])).toEqual(['none'])
  })

  test('is observed as a call', () => {
    const { observed } = extract([udpPacket(ENDS, discordPing(3)), udpPacket(reversed(ENDS), discordPing(3))])
    expect(observed).toMatchObject([{ means: 'call', protocol: 'discord-voice', certainty: 'confirmed', frame: 2 }])
  })
})

describe('OICQ', () => {
  const ON_8000 = { serverPort: 8000 }

  test('is probable by the version that is known, and confirmed by an answer for the same account', () => {
    expect(opinions(oicq, [up(oicqMessage())], ON_8000)).toEqual(['probable'])
    const other = { version: 0x1234 }
    expect(opinions(oicq, [up(oicqMessage(other)), down(oicqMessage(other))], ON_8000)).toEqual([
      'unknown',
      'confirmed',
    ])
    const another = { ...other, number: 7 }
    expect(opinions(oicq, [up(oicqMessage(other)), down(oicqMessage(another))], ON_8000).at(-1)).toBe('unknown')
  })

  test('is not looked for on other ports, nor in what ends otherwise or has no account', () => {
    const { observed } = extract([udpPacket({ ...ENDS, destinationPort: 8001 }, oicqMessage())])
    expect(observed).toEqual([])
    expect(opinions(oicq, [up(oicqMessage({ ending: 4 }))], ON_8000)).toEqual(['none'])
    expect(opinions(oicq, [up(oicqMessage({ number: 0 }))], ON_8000)).toEqual(['none'])
    expect(opinions(oicq, [up(oicqMessage({ command: 0x4000 }))], ON_8000)).toEqual(['none'])
  })
})

describe('Zoom', () => {
  test('is confirmed where the server repeats the session', () => {
    expect(opinions(zoom, [up(zoomBeginning(1, 7)), up(zoomBeginning(1, 7)), down(zoomBeginning(2, 7))])).toEqual([
      'unknown',
      'unknown',
      'confirmed',
    ])
    expect(opinions(zoom, [up(zoomBeginning(1, 7)), down(zoomBeginning(2, 8))])).toEqual(['unknown', 'no'])
    expect(opinions(zoom, [up(zoomBeginning(1, 7)), down(zoomBeginning(1, 7))])).toEqual(['unknown', 'unknown'])
    const zeros = (side: number) => concat([side, 0, 1], new Uint8Array(40))
    expect(opinions(zoom, [up(zeros(1)), down(zeros(2))])).toEqual(['unknown', 'no'])
  })

  test('is looked for on its ports only', () => {
    const on = (destinationPort: number) => {
      const ends = { ...ENDS, destinationPort }
      return extract([udpPacket(ends, zoomBeginning(1, 7)), udpPacket(reversed(ends), zoomBeginning(2, 7))]).observed
    }
    expect(on(8801)).toMatchObject([{ means: 'call', protocol: 'zoom', certainty: 'confirmed' }])
    expect(on(8811)).toEqual([])
  })

  test('between participants is confirmed by an address and an identifier, each behind its length', () => {
    expect(opinions(zoomPeer, [up(zoomPeerMessage('192.0.2.17'))])).toEqual(['confirmed'])
    expect(opinions(zoomPeer, [up(zoomPeerMessage('2001:db8::17'))])).toEqual(['confirmed'])
    expect(opinions(zoomPeer, [up(zoomPeerMessage('192.0.2.17', filler(36, 1).join('').slice(0, 36)))])).toEqual([
      'none',
    ])
    expect(opinions(zoomPeer, [up(concat([0x1f, 2, 1], filler(82, 1)))])).toEqual(['none'])
  })
})

describe('calls of Telegram', () => {
  const tag = filler(16, 9)

  test('are probable by a question to a reflector, and confirmed by its answer with the same tag', () => {
    expect(opinions(telegramCall, [up(reflectorQuestion(tag)), down(reflectorAnswer(tag))])).toEqual([
      'probable',
      'confirmed',
    ])
    const other = reflectorAnswer(filler(16, 10))
    expect(opinions(telegramCall, [up(reflectorQuestion(tag)), down(other)])).toEqual(['probable', 'unknown'])
    expect(opinions(telegramCall, [up(reflectorQuestion(tag)), up(reflectorAnswer(tag))])).toEqual([
      'probable',
      'unknown',
    ])
  })

  test('are not what is all ones, or says nothing that is known', () => {
    expect(opinions(telegramCall, [up(new Uint8Array(40).fill(0xff))])).toEqual(['none'])
    expect(opinions(telegramCall, [up(reflectorQuestion(new Uint8Array(16)))])).toEqual(['none'])
    expect(opinions(telegramCall, [up(concat(tag, new Uint8Array(12).fill(0xff), filler(12, 1)))])).toEqual(['none'])
  })
})

describe('mmtls', () => {
  test('is probable where both sides send records, indicative where one sends two', () => {
    const hello = mmtlsRecord(0x16, 208)
    expect(opinions(mmtls, [up(hello), down(mmtlsRecord(0x16, 90))])).toEqual(['unknown', 'probable'])
    expect(opinions(mmtls, [up(concat(mmtlsRecord(0x19, 150), mmtlsRecord(0x17, 60)))])).toEqual(['indicative'])
    expect(opinions(mmtls, [up(hello), down(filler(90, 1))])).toEqual(['unknown', 'no'])
  })

  test('goes on where a record goes on in the next segment', () => {
    const records = concat(mmtlsRecord(0x19, 150, 4), mmtlsRecord(0x17, 60, 4))
    const parts = [records.subarray(0, 100), records.subarray(100)]
    expect(opinions(mmtls, parts.map(up))).toEqual(['unknown', 'indicative'])
  })

  test('is not TLS, nor a record of no length', () => {
    expect(opinions(mmtls, [up(concat([0x16, 3, 3, 0, 90], filler(90, 1)))])).toEqual(['none'])
    expect(opinions(mmtls, [up(mmtlsRecord(0x16, 0))])).toEqual(['none'])
  })
})

describe('LOCO', () => {
  test('is confirmed by the key of a client, and by nothing that differs', () => {
    expect(opinions(loco, [up(locoKey())])).toEqual(['confirmed'])
    expect(opinions(loco, [down(locoKey())])).toEqual(['no'])
    for (const other of [{ length: 260 }, { kind: 1 }, { cipher: 9 }]) {
      expect(opinions(loco, [up(locoKey(other))])).not.toContain('confirmed')
    }
    expect(opinions(loco, [up(locoKey().subarray(0, 100))])).toEqual(['none'])
  })

  test('is observed where its segment was cut by the snap length', () => {
    const key = locoKey()
    const whole = segment(key, 0, key.length)
    const extraction = extract([syn()]).packet({ bytes: whole.subarray(0, 96), wireLength: whole.length })
    expect(extraction.observed).toMatchObject([{ means: 'payload', protocol: 'loco' }])
  })
})

describe('Dropbox', () => {
  test('is confirmed by what it tells its network, on its port only', () => {
    const everybody = { ...ENDS, sourcePort: 17_500, destinationPort: 17_500, destination: '255.255.255.255' }
    const { observed } = extract([udpPacket(everybody, dropboxAnnouncement())])
    expect(observed).toMatchObject([{ client: ENDS.source, protocol: 'dropbox-lan-sync', certainty: 'confirmed' }])
    expect(extract([udpPacket({ ...ENDS, destinationPort: 5000 }, dropboxAnnouncement())]).observed).toEqual([])
    expect(opinions(dropbox, [up(ascii('{"version": [2, 0], "port": 17500}'))])).toEqual(['none'])
  })
})

describe('Tailscale', () => {
  test('is told by what finds the way for its WireGuard, and confirmed where both sides send it', () => {
    const packets = [udpPacket(ENDS, tailscaleDisco()), udpPacket(reversed(ENDS), tailscaleDisco())]
    const { observed } = extract([...packets, udpPacket(ENDS, wireguardInitiation(7))])
    expect(observed.map(({ means, protocol, certainty }) => [means, protocol, certainty])).toEqual([
      ['vpn', 'tailscale', 'probable'],
      ['vpn', 'tailscale', 'confirmed'],
    ])
    expect(extract([udpPacket(ENDS, tailscaleDisco().subarray(0, 70))]).observed).toEqual([])
  })
})
