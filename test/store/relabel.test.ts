import { expect, test } from 'vitest'
import { relabel, storedAddresses } from '../../src/store/relabel.ts'
import type { Store } from '../../src/store/store.ts'
import { batch, client, content, DAY, reading, sighting, temporaryStore } from './made.ts'
import { fill, seen } from './people.ts'

const [ANNA, BERT] = [client('10.0.0.5'), client('10.0.0.6')]

function networks(store: Store): string[] {
  return [...store.subjectDays('all')].flatMap(({ sightings }) =>
    sightings.map(({ client: who, network, count, mask }) => {
      return `${who === `address-${ANNA.tag}` ? 'anna' : 'bert'} ${network} ${count} ${mask}`
    }),
  )
}

function idOf(store: Store, { tag }: { tag: string }): number {
  return storedAddresses(store).find(({ tags }) => tags[0] === tag)!.id
}

test('addresses are in the network that is told, the others where they were', () => {
  const store = temporaryStore()
  fill(store, 'a.pcap', [seen(ANNA, DAY), seen(BERT, DAY)])
  const result = relabel(store, new Map([[idOf(store, ANNA), 'lab']]), { known: 1, unknown: 1 }, {})
  expect(result).toEqual({ known: 1, changed: 1, unknown: 1 })
  expect(networks(store).sort()).toEqual(['anna lab 1 1', 'bert office 1 1'])
  const again = relabel(store, new Map([[idOf(store, ANNA), 'lab']]), { known: 1, unknown: 1 }, {})
  expect(again.changed).toBe(0)
})

test('what was judged is judged anew by the same policy where an address is in another network, and only then', () => {
  const store = temporaryStore()
  fill(store, 'a.pcap', [seen(ANNA, DAY)])
  store.judging('p1', () => {})
  const counts = { known: 1, unknown: 0 }
  relabel(store, new Map([[idOf(store, ANNA), 'office']]), counts, {})
  expect(store.judgedOn()).toBe('p1')
  relabel(store, new Map([[idOf(store, ANNA), 'lab']]), counts, {})
  expect(store.judgedOn()).toBe('')
})

test.each(['lab', 'office', 'third'])(
  'what was seen of one address in two networks is one once both are %s',
  (name) => {
    const store = temporaryStore()
    const twice = ['office', 'lab'].map((network, n) =>
      sighting(4, { client: ANNA, network, mask: 1 + n, bytesUp: 10 * n - 1 }),
    )
    store.begin(reading('a.pcap')).complete(content('a'), batch({ sightings: twice }))
    relabel(store, new Map([[idOf(store, ANNA), name]]), { known: 1, unknown: 0 }, {})
    expect(networks(store)).toEqual([`anna ${name} 2 3`])
    const [day] = [...store.subjectDays('all')]
    expect(day!.sightings[0]).toMatchObject({ bytesUp: 9, bytesDown: -1 })
    expect(store.status().sightings).toBe(1)
  },
)

test('an address that is in no network any more is in none', () => {
  const store = temporaryStore()
  fill(store, 'a.pcap', [seen(ANNA, DAY)])
  relabel(store, new Map([[idOf(store, ANNA), '']]), { known: 1, unknown: 0 }, {})
  expect(networks(store)).toEqual(['anna  1 1'])
})
