import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Clients, keyCheck } from '../../src/subjects/clients.ts'
import { words } from './policy.ts'

const KEY = Buffer.alloc(32, 1)
const clients = new Clients(KEY, false)

describe('a client', () => {
  test('is a pseudonym of 128 bits under the key, the same in every run', () => {
    const tag = createHmac('sha256', KEY).update('address\0hq\x0010.1.4.77').digest('hex').slice(0, 32)
    expect(clients.address(words('10.1.4.77'), 0, 'hq')).toEqual({ kind: 'address', tag, clear: undefined })
    expect(new Clients(KEY, false).address(words('10.1.4.77'), 0, 'hq').tag).toBe(tag)
    expect(new Clients(Buffer.alloc(32, 2), false).address(words('10.1.4.77'), 0, 'hq').tag).not.toBe(tag)
  })

  test('of one private address at two sites is two, and is the same object each time', () => {
    const address = words('192.168.1.5')
    const here = clients.address(address, 0, 'a')
    expect(clients.address(address, 0, 'a')).toBe(here)
    const tags = ['a', 'b', ''].map((site) => clients.address(address, 0, site).tag)
    expect(new Set(tags).size).toBe(3)
  })

  test('of an address of the internet is one, whatever site it was seen from', () => {
    for (const text of ['198.51.100.7', '2001:db8::7'])
      expect(clients.address(words(text), 0, 'a')).toBe(clients.address(words(text), 0, ''))
    for (const text of ['10.0.0.1', '100.64.0.1', 'fd00::1', 'fe80::1'])
      expect(clients.address(words(text), 0, 'a').tag).not.toBe(clients.address(words(text), 0, '').tag)
  })

  test('of one user is one in whichever spelling, and nobody is none', () => {
    const alice = clients.user('DOMAIN\\Alice')
    expect(clients.user(' alice@domain')).toBe(alice)
    expect(clients.user('alice')).not.toBe(alice)
    for (const nobody of ['', '-', ' ']) {
      expect(clients.user(nobody)).toBeUndefined()
      expect(clients.device(nobody)).toBeUndefined()
    }
  })

  test('of a user, a device and an address of one name is three', () => {
    const tags = [clients.user('10.0.0.1'), clients.device('10.0.0.1'), clients.address(words('10.0.0.1'), 0, '')]
    expect(new Set(tags.map((client) => client!.tag)).size).toBe(3)
  })

  test('keeps its identity beside the pseudonym only where that is wanted', () => {
    const clear = new Clients(KEY, true)
    expect(clear.address(words('10.1.4.77'), 0, 'hq')).toMatchObject({ clear: '10.1.4.77 at hq' })
    expect(clear.address(words('2001:db8::1'), 0, '')).toMatchObject({ clear: '2001:db8::1' })
    expect(clear.user('D\\Bob')).toMatchObject({ clear: 'bob@d', tag: clients.user('bob@d')!.tag })
    expect(clear.device('LAPTOP-7')).toMatchObject({ clear: 'laptop-7' })
  })

  test('has the same pseudonym when more clients came between than are remembered', () => {
    const many = new Clients(KEY, false)
    const first = many.user('first')
    for (let i = 0; i < 70_000; i++) many.user(`user${i}`)
    expect(many.user('first')).toEqual(first)
  })
})

test('the key check tells whether two keys are the same, and not which', () => {
  expect(keyCheck(KEY)).toBe(keyCheck(Buffer.alloc(32, 1)))
  expect(keyCheck(KEY)).not.toBe(keyCheck(Buffer.alloc(32, 2)))
  expect(keyCheck(KEY)).toMatch(/^[0-9a-f]{16}$/)
})
