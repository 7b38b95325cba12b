import { describe, expect, it } from 'vitest'
import { freeradius } from '../../../../src/read/log/formats/freeradius.ts'
import { logSample, observed, readLog } from '../drive.ts'

const TIME = 'Sat Nov 21 18:52:00 2026'
const START = ['\tAcct-Status-Type = Start', '\tUser-Name = "alice"', '\tFramed-IP-Address = 10.83.0.5']

async function read(...lines: readonly string[]) {
  return readLog(freeradius, Buffer.from(`${lines.join('\n')}\n`))
}

describe('a detail file', () => {
  it('gives a lease at the line that ends the record, by the time in front of it', async () => {
    expect(await observed(freeradius, TIME, ...START, '')).toEqual([
      {
        ...{ time: '2026-11-21T18:52:00.000000Z', mark: 'lease', event: 'start', inner: '10.83.0.5', user: 'alice' },
        ...{ input: 'sample.log', line: 5 },
      },
    ])
  })

  it('tells a tunnel from a lease by the port, and says when it began at its end', async () => {
    const stop = ['\tAcct-Status-Type = Stop', '\tNAS-Port-Type = Virtual', '\tAcct-Session-Time = 60']
    expect(await observed(freeradius, TIME, ...stop, '\tUser-Name = "bob"', '')).toMatchObject([
      { mark: 'tunnel', event: 'end', user: 'bob', since: '2026-11-21T18:51:00.000000Z' },
    ])
  })

  it('gives nothing of a record whose end is missing, and counts it where another follows', async () => {
    const { printed, oddities } = await read(TIME, ...START, TIME, ...START.slice(0, 2))
    expect(printed).toBe('')
    expect(oddities.get('record_cut')).toBe(1)
  })

  it('passes over the rest of a record that was cut in front', async () => {
    const { printed, results } = await read(...START, '', TIME, ...START, '')
    expect(printed.split('\n')).toHaveLength(2)
    expect(results.every((result) => typeof result === 'string')).toBe(true)
  })

  it('says that a record is bad whose first line is no time', async () => {
    const { results } = await read('no time at all', ...START, '')
    expect(results.at(-1)).toEqual({ bad: 'bad_time' })
  })

  it('leaves out a record of more than 64 KiB, counts it, and reads the next', async () => {
    const long = Array(40).fill(`\tReply-Message = "${'x'.repeat(2000)}"`)
    const { printed, oddities } = await read(TIME, ...START, ...long, '', TIME, ...START, '')
    expect(oddities.get('record_too_long')).toBe(1)
    expect(printed.split('\n').filter((line) => line !== '')).toHaveLength(1)
  })

  it('takes no attribute out of a value, whatever a client calls itself', async () => {
    const name = '\tUser-Name = "eve\\"\tFramed-IP-Address = 10.0.0.99\t"'
    const [lease] = await observed(freeradius, TIME, START[0]!, START[2]!, name, '')
    expect(lease).toMatchObject({ inner: '10.83.0.5', user: 'eve"\tFramed-IP-Address = 10.0.0.99\t' })
  })

  it('is claimed by its attributes, and other indented text is not', () => {
    expect(freeradius.claims(logSample(Buffer.from(`${TIME}\n${START.join('\n')}\n\n`)))).toBe(true)
    expect(freeradius.claims(logSample(Buffer.from('Sat Nov 21\n\tAcct-Session-Id = 1\n\n')))).toBe(false)
  })
})
