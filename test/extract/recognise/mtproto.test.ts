import { expect, test } from 'vitest'
import { mtproto } from '../../../src/extract/recognise/mtproto.ts'
import { concat, filler } from '../../build/index.ts'
import { ENDS, extract, segment, syn } from '../drive.ts'
import { mtprotoRequest } from './app-messages.ts'
import { opinions, up } from './candidates.ts'

const TRANSPORTS = ['abridged', 'intermediate', 'padded'] as const

test.each(TRANSPORTS)('MTProto in the transport "%s" is confirmed by the request for a key', (transport) => {
  for (const method of [0xbe7e8ef1, 0x60469778]) {
    const bytes = mtprotoRequest(transport, method)
    const { observed } = extract([syn(), segment(bytes, 0, bytes.length)])
    expect(observed).toMatchObject([
      { means: 'payload', protocol: 'mtproto', certainty: 'confirmed', server: ENDS.destination },
    ])
  }
})

test.each(TRANSPORTS)('MTProto in the transport "%s" is nothing that differs in a word, or is cut', (transport) => {
  const whole = mtprotoRequest(transport)
  const message = transport === 'abridged' ? 2 : 8
  // The id of the key, the length and the method; the id of the message is any number.
  for (const at of [0, message, message + 4, message + 16, message + 20]) {
    const other = whole.slice()
    other[at]! ^= 0x40
    expect(opinions(mtproto, [up(other)])).toEqual(['none'])
  }
  expect(opinions(mtproto, [up(whole.subarray(0, whole.length - 1))])).toEqual(['none'])
})

test('What is obfuscated, and what begins with the bytes of a transport alone, is not told', () => {
  for (let seed = 0; seed < 200; seed++) {
    expect(opinions(mtproto, [up(concat([0xef], filler(63, seed)))])).toEqual(['none'])
    expect(opinions(mtproto, [up(concat([0xee, 0xee, 0xee, 0xee], filler(60, seed)))])).toEqual(['none'])
  }
})
