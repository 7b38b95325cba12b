import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Day } from '../../src/base/time.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Client, Sighting } from '../../src/model/sighting.ts'
import type { Store } from '../../src/store/store.ts'
import { batch, content, DAY, finding, reading, sighting } from './made.ts'

export function subjectOf({ kind, tag }: Client): string {
  return `${kind}-${tag}`
}

/** A sighting of a client on a day. */
export function seen(client: Client, day: Day, given: Partial<Sighting> = {}): Sighting {
  return sighting(0, { client, quarter: day * 96 + 40, ...given })
}

/** Reads sightings as one input, and judges each of these subjects to have one finding a day. */
export function fill(store: Store, input: string, sightings: readonly Sighting[]): Finding[] {
  store.begin(reading(input)).complete(content(input), batch({ sightings }))
  return judge(store)
}

/** Judges every subject-day with sightings to be one finding of WhatsApp. */
export function judge(store: Store): Finding[] {
  const made: Finding[] = []
  store.judging(`basis ${store.judgedOn().length}`, () => {
    for (const { day, subject, sightings } of store.subjectDays('all')) {
      const found = sightings.length > 0 ? [finding(subject, 'whatsapp', { day })] : []
      store.replaceFindings(day, subject, found)
      made.push(...found)
    }
  })
  return made
}

/** The files beside a store that hold these bytes, the store's own among them. */
export function filesWith(file: string, needle: Buffer | string): string[] {
  const folder = dirname(file)
  return readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(needle))
}

export const OLD: Day = DAY - 500
