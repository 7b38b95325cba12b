import { expect, test } from 'vitest'
import { MICROS_PER_DAY } from '../../src/base/time.ts'
import { Clients } from '../../src/subjects/clients.ts'
import { RotatingClients } from '../../src/subjects/rotating-clients.ts'
import { fc } from '../property.ts'

const KEY = Buffer.alloc(32, 1)
const NEW_YEAR = Date.UTC(2027, 0, 1) * 1000
const tagAt = (clients: RotatingClients, time: number) => clients.at(time).user('alice')!.tag

test('without rotation the pseudonyms are those that they always were, at any time', () => {
  const clients = new RotatingClients(KEY, false, 'none')
  const lasting = new Clients(KEY, false).user('alice')
  for (const time of [0, NEW_YEAR, Number.MAX_SAFE_INTEGER]) expect(clients.at(time).user('alice')).toEqual(lasting)
  expect(clients.across(NEW_YEAR, 7)).toBeUndefined()
})

test('a pseudonym ends with its period, whatever the identity is written like, and the identity stays the same', () => {
  const clients = new RotatingClients(KEY, true, 'quarter')
  expect(tagAt(clients, NEW_YEAR)).not.toBe(tagAt(clients, NEW_YEAR - 1))
  expect(clients.at(NEW_YEAR).user('EXAMPLE\\Alice')?.tag).toBe(clients.at(NEW_YEAR + 1).user('alice@example')?.tag)
  expect(clients.at(NEW_YEAR).user('alice')?.clear).toBe(clients.at(NEW_YEAR - 1).user('alice')?.clear)
  expect(clients.at(NEW_YEAR).device('alice')?.tag).not.toBe(tagAt(clients, NEW_YEAR))
})

test('the other side of an end is that of the period beside it, and asking for it changes nothing', () => {
  const clients = new RotatingClients(KEY, false, 'month')
  const day = MICROS_PER_DAY
  expect(clients.across(NEW_YEAR + 6 * day, 7)?.user('alice')?.tag).toBe(tagAt(clients, NEW_YEAR - 1))
  expect(clients.across(NEW_YEAR - day, 7)?.user('alice')?.tag).toBe(tagAt(clients, NEW_YEAR))
  expect(clients.across(NEW_YEAR + 8 * day, 7)).toBeUndefined()
  const now = tagAt(clients, NEW_YEAR)
  clients.across(NEW_YEAR, 7)
  expect(tagAt(clients, NEW_YEAR)).toBe(now)
})

test('a pseudonym follows from the time alone, in whatever order times come', () => {
  const times = fc.array(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(times, (given) => {
      const clients = new RotatingClients(KEY, false, 'month')
      for (const time of given) expect(tagAt(clients, time)).toBe(tagAt(new RotatingClients(KEY, false, 'month'), time))
    }),
  )
})
