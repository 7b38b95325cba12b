import { expect, test } from 'vitest'
import { Store } from '../../src/store/store.ts'
import { NOW, OPTIONS, temporaryStore } from './made.ts'

const JOB = '/etc/job.yaml'
const COUNTS = { inputs: 2, read: 1, bytes: 100, records: 3 }
const END = { ...COUNTS, ended: NOW + 5, status: 2, problems: 2, told: ['a is broken'] }
const GROUPS = [
  { name: 'proxy', every: 60 },
  { name: 'captures', every: undefined },
]

test('of each job the last run is told, the latest first, one that never ended without its end', () => {
  const store = temporaryStore()
  expect(store.lastRuns()).toEqual([])
  store.endRun(store.beginRun({ job: JOB, pid: 1, started: NOW - 9 }, []), { ...END, status: 0 })
  store.endRun(store.beginRun({ job: JOB, pid: 2, started: NOW }, []), END)
  store.beginRun({ job: '', pid: 3, started: NOW + 6 }, [])
  const none = { inputs: 0, read: 0, bytes: 0, records: 0, problems: 0, told: [], ended: undefined, status: undefined }
  expect(store.lastRuns()).toEqual([
    { job: '', pid: 3, started: NOW + 6, ...none },
    { job: JOB, pid: 2, started: NOW, ...END },
  ])
  store.close()
})

test('groups keep when they were first known and last read, whatever their rhythm becomes, until the job drops them', () => {
  const store = temporaryStore()
  store.beginRun({ job: JOB, pid: 1, started: NOW }, GROUPS)
  store.beginRun({ job: '/etc/other.yaml', pid: 1, started: NOW }, [{ name: 'proxy', every: 7 }])
  store.groupRead(JOB, 'proxy', NOW + 4)
  store.beginRun({ job: JOB, pid: 1, started: NOW + 10 }, [
    { name: 'proxy', every: 90 },
    { name: 'new', every: 5 },
  ])
  store.close()
  const reader = Store.openReadOnly(store.file)
  const own = [
    { job: JOB, name: 'new', every: 5, since: NOW + 10, lastRead: undefined },
    { job: JOB, name: 'proxy', every: 90, since: NOW, lastRead: NOW + 4 },
  ]
  expect(reader.inputGroups(JOB)).toEqual(own)
  expect(reader.inputGroups()).toEqual([
    ...own,
    { job: '/etc/other.yaml', name: 'proxy', every: 7, since: NOW, lastRead: undefined },
  ])
  reader.close()
})

test('a run that fails to be entered leaves the groups as they were', () => {
  const store = temporaryStore()
  store.beginRun({ job: JOB, pid: 1, started: NOW }, GROUPS)
  expect(() => store.beginRun({ job: JOB, pid: 1.5, started: NOW }, [])).toThrow()
  expect(store.inputGroups(JOB)).toHaveLength(2)
  store.close()
  Store.open(store.file, OPTIONS).close()
})
