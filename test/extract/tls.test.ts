import { describe, expect, test } from 'vitest'
import { ClientHello, HELLO_LIMIT } from '../../src/extract/tls.ts'
import {
  applicationData,
  ascii,
  clientHello,
  clientHelloRecords,
  concat,
  EXTENSION_KEY_SHARE,
  filler,
  serverFlight,
  tlsRecords,
  uint16,
  uint24,
} from '../build/index.ts'

const NAME = 'web.whatsapp.com'
const HANDSHAKE = 22

/** What is read of the ClientHello in `bytes`, which stand in the midst of others. */
function read(bytes: Uint8Array) {
  const hello = new ClientHello()
  const inside = concat([0x16, 3, 1], bytes, new Uint8Array(100).fill(0x16))
  const state = hello.find(inside, 3, 3 + bytes.length)
  if (state === 'none') return { state }
  const fits = hello.read()
  const name = Buffer.from(hello.bytes.subarray(hello.nameStart, hello.nameEnd)).toString('latin1')
  return { state, fits, name, encrypted: hello.encrypted }
}

type Extension = readonly [type: number, body: ArrayLike<number>]

/** A handshake message whose extensions are as given. */
function messageWith(...extensions: readonly Extension[]): Uint8Array {
  const all = concat(...extensions.flatMap(([type, body]) => [uint16(type), uint16(body.length), body]))
  const body = concat(uint16(0x0303), filler(32, 1), [0], uint16(2), [0x13, 1], [1, 0], uint16(all.length), all)
  return concat([1], uint24(body.length), body)
}

function helloWith(...extensions: readonly Extension[]): Uint8Array {
  return tlsRecords(HANDSHAKE, messageWith(...extensions))
}

/** A server_name extension's list (RFC 6066 §3). */
function nameList(...names: readonly (readonly [type: number, name: string])[]): Uint8Array {
  const list = concat(...names.flatMap(([type, name]) => [[type], uint16(name.length), ascii(name)]))
  return concat(uint16(list.length), list)
}

describe('a ClientHello', () => {
  test.each([
    ['as browsers send it', {}],
    ['without a post-quantum share', { postQuantum: false }],
    ['with its name behind a post-quantum key share', { order: [EXTENSION_KEY_SHARE] }],
    ['over three records', { recordSizes: [40, 900] }],
    ['over a record for each byte', { recordSizes: Array(2000).fill(1) }],
    ['in records that cut its header', { recordSizes: [1, 2, 600] }],
  ])('%s is whole, and names its server', (_, options) => {
    const bytes = clientHelloRecords({ serverName: NAME, ...options })
    expect(read(bytes)).toEqual({ state: 'whole', fits: true, name: NAME, encrypted: false })
  })

  test.each([
    ['in one record', {}],
    ['over three records', { recordSizes: [40, 900] }],
  ])('cut anywhere is partial, and names its server once the name is there (%s)', (_, options) => {
    const bytes = clientHelloRecords({ serverName: NAME, ...options })
    let named = false
    for (let length = 1; length < bytes.length; length++) {
      const { state, name } = read(bytes.subarray(0, length))
      expect({ length, state }).toEqual({ length, state: 'partial' })
      if (named) expect(name).toBe(NAME)
      else expect(['', NAME]).toContain(name)
      named = name === NAME
    }
    expect(named).toBe(true)
  })

  test('without a server name has none', () => {
    expect(read(clientHelloRecords())).toEqual({ state: 'whole', fits: true, name: '', encrypted: false })
  })

  test('that offers Encrypted Client Hello says so beside its outer name', () => {
    expect(read(clientHelloRecords({ serverName: NAME, encryptedHello: true }))).toMatchObject({
      name: NAME,
      encrypted: true,
    })
  })

  test('without extensions, as TLS 1.0 allows, is whole', () => {
    const body = concat(uint16(0x0301), filler(32, 1), [0], uint16(2), [0, 0x2f], [1, 0])
    const bytes = tlsRecords(HANDSHAKE, concat([1], uint24(body.length), body))
    expect(read(bytes)).toEqual({ state: 'whole', fits: true, name: '', encrypted: false })
  })

  test.each<[string, Uint8Array, string]>([
    ['behind one of another type', nameList([1, 'other'], [0, NAME]), NAME],
    ['behind an empty one', nameList([0, ''], [0, NAME]), NAME],
    ['the first of two', nameList([0, NAME], [0, 'b.example']), NAME],
    ['in a list that claims to be empty', concat([0, 0], nameList([0, NAME]).subarray(2)), NAME],
    ['that claims more than its extension holds', concat(uint16(90), [0], uint16(90), ascii(NAME)), ''],
    ['in an empty extension', new Uint8Array(0), ''],
    ['in an extension of one byte', new Uint8Array(1), ''],
  ])('has the name %s', (_, list, name) => {
    expect(read(helloWith([0, list], [43, [2, 3, 4]]))).toMatchObject({ state: 'whole', fits: true, name })
  })

  test('whose lengths do not fit into each other is damaged, and what was read before stands', () => {
    const bytes = helloWith([0, nameList([0, NAME])], [16, [0]])
    bytes[bytes.length - 2] = 200
    expect(read(bytes)).toMatchObject({ state: 'whole', fits: false, name: NAME })
    const early = helloWith([0, nameList([0, NAME])])
    early[5 + 4 + 34] = 255
    expect(read(early)).toMatchObject({ state: 'whole', fits: false, name: '' })
  })
})

describe('no ClientHello', () => {
  const hello = clientHelloRecords({ serverName: NAME })
  const changed = (at: number, ...values: readonly number[]) => {
    const bytes = hello.slice()
    bytes.set(values, at)
    return bytes
  }
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ["a server's answer", serverFlight(100)],
    ['encrypted data', applicationData(500, 1)],
    ['HTTP', ascii('GET / HTTP/1.1\r\n')],
    ['another handshake message', changed(5, 2)],
    ['another major version', changed(1, 2)],
    ['a minor version that does not exist', changed(2, 5)],
    ['an empty record', changed(3, 0, 0)],
    ['a record above the limit', changed(3, 0xff, 0xff)],
    ['a message of over 64 KiB', changed(6, 1, 0, 1)],
    [
      'a second record of another type',
      concat(tlsRecords(HANDSHAKE, clientHello().subarray(0, 50)), applicationData(50, 1)),
    ],
    ['a second record that is empty', concat(tlsRecords(HANDSHAKE, clientHello().subarray(0, 50)), [22, 3, 1, 0, 0])],
  ])('is found in %s', (_, bytes) => {
    expect(read(bytes)).toEqual({ state: 'none' })
  })

  test('is found in records that hold more than 64 KiB of one message', () => {
    const body = filler(HELLO_LIMIT + 1, 1)
    const bytes = tlsRecords(HANDSHAKE, concat([1], uint24(body.length), body), Array(5).fill(2))
    expect(read(bytes)).toEqual({ state: 'none' })
  })
})

test('the longest ClientHello that is waited for is read, and a longer one is not', () => {
  const list = nameList([0, NAME])
  const read64K = (length: number) => {
    const message = messageWith([21, filler(length - 43 - 4 - 4 - list.length, 1)], [0, list])
    expect(message.length).toBe(4 + length)
    return read(tlsRecords(HANDSHAKE, message, Array(4).fill(16384)))
  }
  expect(read64K(HELLO_LIMIT)).toEqual({ state: 'whole', fits: true, name: NAME, encrypted: false })
  expect(read64K(HELLO_LIMIT + 1)).toEqual({ state: 'none' })
})
