import { describe, expect, it } from 'vitest'
import { azureNsgFlow } from '../../../../src/read/log/formats/azure-nsg-flow.ts'
import { readLog } from '../drive.ts'

async function read(...tuples: readonly string[]) {
  const record = { properties: { Version: 2, flows: [{ rule: 'r', flows: [{ mac: '0', flowTuples: tuples }] }] } }
  return readLog(azureNsgFlow, Buffer.from(JSON.stringify({ records: [record] })))
}

async function readNetwork(...tuples: readonly string[]) {
  const record = { flowRecords: { flows: [{ flowGroups: [{ rule: 'r', flowTuples: tuples }] }] } }
  return readLog(azureNsgFlow, Buffer.from(JSON.stringify({ records: [record] })))
}

function objects(printed: string): Record<string, unknown>[] {
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

const ENDS = '10.40.0.5,203.0.113.10,51234,443'

describe('a tuple', () => {
  it('has its bytes by direction, in seconds or milliseconds, of either log', async () => {
    const expected = {
      ...{ time: '2026-11-21T18:52:00.000000Z', client: '10.40.0.5', clientPort: 51234, server: '203.0.113.10' },
      ...{ serverPort: 443, transport: 'tcp', action: 'allowed', bytesUp: 4811, bytesDown: 90233 },
    }
    const group = await read(`1795287120,${ENDS},T,O,A,E,12,4811,31,90233`)
    expect(objects(group.printed)).toMatchObject([expected])
    const network = await readNetwork(`1795287120000,${ENDS},6,O,E,NX,12,4811,31,90233`)
    expect(objects(network.printed)).toMatchObject([expected])
  })

  it.each([
    ['D', 'blocked'],
    ['A', 'allowed'],
    ['?', undefined],
  ])('with the decision %s is %s', async (decision, action) => {
    const { printed } = await read(`1795287120,${ENDS},T,O,${decision},B,,,,`)
    expect(objects(printed)[0]?.action).toBe(action)
  })

  it.each([
    '',
    ',,,,,,,,,,,,',
    `1795287120,${ENDS},T,O`,
    `x,${ENDS},T,O,A`,
    `-1,${ENDS},T,O,A`,
    `99999999999999999999,${ENDS},T,O,A`,
    '1795287120,10.40.0.555,203.0.113.10,51234,443,T,O,A',
    '1795287120,10.40.0.5,example.org,51234,443,T,O,A',
    '1795287120,10.40.0.5,203.0.113.10,70000,443,T,O,A',
    '1795287120,10.40.0.5,203.0.113.10,51234,x,T,O,A',
  ])('that is none is counted beside good ones, and makes the record bad alone: %j', async (tuple) => {
    const alone = await read(tuple)
    expect(alone.printed).toBe('')
    expect(alone.results).toEqual([tuple === '' ? 'skip' : { bad: 'bad_tuple' }])
    const beside = await read(tuple, `1795287120,${ENDS},T,O,A`)
    expect(objects(beside.printed)).toHaveLength(1)
    expect(beside.oddities.get('flow_tuple_bad')).toBe(tuple === '' ? 0 : 1)
  })

  it('beyond what one record may hold is counted', async () => {
    const { printed, oddities } = await read(...Array(4200).fill('1795287120,10.40.0.5,203.0.113.1,1,443,T,O,A'))
    expect(objects(printed)).toHaveLength(4096)
    expect(oddities.get('flow_tuple_dropped')).toBe(104)
  })
})

it('a record that is cut gives nothing, and is counted', async () => {
  const text = `{"records":[{"properties":{"flows":[{"flows":[{"flowTuples":["1795287120,${ENDS},T,O,A","17952`
  const { printed, oddities } = await readLog(azureNsgFlow, Buffer.from(text))
  expect(printed).toBe('')
  expect(oddities.get('json_cut')).toBe(1)
})
