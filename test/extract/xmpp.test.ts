import { describe, expect, test } from 'vitest'
import type { Named } from '../../src/extract/openers/opener.ts'
import { XmppOpener } from '../../src/extract/openers/xmpp.ts'
import { ascii, concat, filler, random, XMPP, xmppHeader } from '../build/index.ts'
import { fc } from '../property.ts'
import { mutated } from '../robustness/mutate.ts'

const TO = 'jabber.example'

/** What an opener makes of the bytes, which stand in the midst of others. */
function open(bytes: Uint8Array, end = bytes.length) {
  const opener = new XmppOpener()
  const inside = concat(ascii("<a to='b'>"), bytes, ascii("'><stream:stream to='behind'>"))
  const state = opener.find(inside, 10, 10 + end)
  const names: string[] = []
  const into = {
    name: (means: string, from: Uint8Array, start: number, stop: number) => {
      names.push(`${means} ${Buffer.from(from.subarray(start, stop)).toString('latin1')}`)
    },
    count: () => {},
  }
  if (state !== 'none') opener.read(state === 'whole', into as Partial<Named> as Named)
  return { state, names, next: state === 'whole' ? opener.next - 10 : 0, awaits: opener.awaits }
}

const named = [`payload ${TO}`]

describe('a stream header', () => {
  const order = { 'xml:lang': 'en', version: '1.0', to: TO }
  test.each([
    ['as most clients send it', xmppHeader({ to: TO, version: '1.0' })],
    ['with double quotes', xmppHeader({ to: TO, version: '1.0' }, { quote: '"' })],
    ['in another order', xmppHeader(order)],
    ['that says who logs in', xmppHeader({ from: 'juliet@jabber.example', to: TO })],
    ['without a declaration', xmppHeader({ to: TO }, { declaration: '' })],
    ['with an encoding and a new line', xmppHeader({ to: TO }, { declaration: '<?xml version="1.0"?>\r\n\t ' })],
    ['with a bracket in a value', xmppHeader({ note: '>', to: TO })],
    ['with what looks like it in a value', xmppHeader({ note: ' to="other.example"', to: TO })],
    ['with names that begin or end like it', xmppHeader({ tot: 'a', 'x:to': 'b', t: 'c', ido: 'd', to: TO })],
    ['with room around', ascii(`<stream:stream\n\tto = '${TO}'\r\n  version\n=\n"1.0"  >`)],
  ])('%s names the domain of its `to`, and something opens behind it', (_, bytes) => {
    expect(open(bytes)).toEqual({ state: 'whole', names: named, next: bytes.length, awaits: true })
    expect(open(concat(bytes, filler(100, 1)))).toEqual({
      state: 'whole',
      names: named,
      next: bytes.length,
      awaits: true,
    })
  })

  test.each([
    ['of a server, whose `to` is the client', xmppHeader({ id: '4', from: TO, to: 'juliet@jabber.example' })],
    ['of a server that calls its client by its domain', xmppHeader({ to: TO, from: TO, id: '4' })],
  ])('%s names nothing, and nothing is awaited', (_, bytes) => {
    expect(open(bytes)).toEqual({ state: 'whole', names: [], next: bytes.length, awaits: false })
  })

  test.each([
    ['no `to`', xmppHeader({ version: '1.0' })],
    ['an empty one', xmppHeader({ to: '' })],
    ['an entity', xmppHeader({ to: 'jabber&#46;example' })],
    ['an account', xmppHeader({ to: 'juliet@jabber.example' })],
    ['a path', xmppHeader({ to: 'jabber.example/balcony' })],
    ['a space', xmppHeader({ to: 'jabber example' })],
    ['a control byte', xmppHeader({ to: 'jabber\u001bexample' })],
    ['a longer name than there are', xmppHeader({ to: 'x'.repeat(256) })],
  ])('with %s names nothing', (_, bytes) => {
    expect(open(bytes)).toEqual({ state: 'whole', names: [], next: bytes.length, awaits: true })
  })

  test('with a name of 255 bytes or of another alphabet names it', () => {
    expect(open(xmppHeader({ to: 'x'.repeat(255) })).names).toEqual([`payload ${'x'.repeat(255)}`])
    expect(open(xmppHeader({ to: 'j\u00c3\u00a4bber.example' })).names).toEqual(['payload j\u00c3\u00a4bber.example'])
  })

  test.each([
    ['another element', "<stream:error to='a'>"],
    ['another declared document', "<?xml version='1.0'?><html to='a'>"],
    ['an attribute without a value', '<stream:stream to>'],
    ['a value without quotes', '<stream:stream to=a>'],
    ['an attribute without a name', "<stream:stream ='a'>"],
    ['an element in a value', "<stream:stream to='<a>'>"],
    ['an empty element', "<stream:stream to='a'/>"],
    ['a name that goes on', "<stream:streams to='a'>"],
    ['the end of a stream', '</stream:stream>'],
  ])('is not %s', (_, text) => {
    expect(open(ascii(text))).toMatchObject({ state: 'none', names: [] })
  })

  test('cut anywhere is a part of one and names nothing yet', () => {
    const bytes = xmppHeader({ to: TO, version: '1.0' }, { declaration: "<?xml version='1.0'?>\n" })
    for (let end = 1; end < bytes.length; end++) {
      expect(open(bytes, end), `end ${end}`).toMatchObject({ state: 'partial', names: [] })
    }
  })

  test('is waited for no longer than 2,048 bytes', () => {
    const header = (length: number) => xmppHeader({ note: 'x'.repeat(length), to: TO })
    const room = 2048 - header(0).length
    expect(open(header(room)).names).toEqual(named)
    expect(open(header(room + 1))).toMatchObject({ state: 'none', names: [] })
    expect(open(header(room + 1), 2048)).toMatchObject({ state: 'partial' })
  })

  test('is read whatever its attributes are', () => {
    const name = fc
      .stringMatching(/^[a-z:]{1,8}$/)
      .filter((one) => !['id', 'to', 'xmlns', 'xmlns:stream'].includes(one))
    const value = fc.stringMatching(/^[ -!#-%(-;=-~]{0,20}$/)
    const scene = fc.record({
      before: fc.dictionary(name, value, { maxKeys: 4 }),
      after: fc.dictionary(name, value, { maxKeys: 4 }),
      quote: fc.constantFrom("'", '"'),
      to: fc.stringMatching(/^[a-z0-9.-]{1,40}$/),
      isServer: fc.boolean(),
    })
    fc.assert(
      fc.property(scene, ({ before, after, quote, to, isServer }) => {
        const bytes = xmppHeader({ ...before, to, ...(isServer && { id: 'x' }), ...after }, { quote })
        expect(open(bytes)).toMatchObject({
          state: 'whole',
          next: bytes.length,
          names: isServer ? [] : [`payload ${to}`],
        })
      }),
    )
  })
})

test('a request for TLS behind it is taken by itself, and TLS is awaited', () => {
  const { next, names } = open(XMPP)
  expect(names).toEqual(['payload example.org'])
  expect(open(XMPP.subarray(next))).toEqual({ state: 'whole', names: [], next: XMPP.length - next, awaits: true })
})

test('what is damaged is read the same whether bytes stand behind it or not', () => {
  const whole = xmppHeader({ to: TO, version: '1.0' })
  for (let number = 0; number < 200; number++) {
    const bytes = mutated(whole, random(number))
    for (let end = 1; end <= bytes.length; end++) {
      expect(open(bytes, end), `case ${number}, end ${end}`).toEqual(open(bytes.slice(0, end)))
    }
  }
})
