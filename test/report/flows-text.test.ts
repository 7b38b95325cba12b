import { expect, test } from 'vitest'
import { flowsTable, isFlowOutcome } from '../../src/report/flows-text.ts'
import type { Style } from '../../src/report/style.ts'

const plain: Style = (_, text) => text

function lines(counts: Record<string, number>) {
  return Object.entries(counts).map(([reason, count]) => ({ reason, count, inputs: 1 }))
}

test('flows are told by what became of them, with shares that round to neither end, and their sum last', () => {
  const counts = { flows: 2000, flows_named: 1999, flows_tunnel: 1, packets: 9000, ipv4_header_damaged: 3 }
  expect(flowsTable(lines(counts), 80, plain).split('\n')).toEqual([
    '┌───────┬────────┬───────────────────────────────────────────────────────┐',
    '│ Flows │ Share  │ What became of them                                   │',
    '├───────┼────────┼───────────────────────────────────────────────────────┤',
    '│ 1,999 │ > 99 % │ named: by DNS, a server name, a certificate or a host │',
    '├───────┼────────┼───────────────────────────────────────────────────────┤',
    '│ 1     │ < 1 %  │ tunnels: what goes on inside cannot be seen           │',
    '├───────┼────────┼───────────────────────────────────────────────────────┤',
    '│ 2,000 │ 100 %  │ flows in all                                          │',
    '└───────┴────────┴───────────────────────────────────────────────────────┘',
  ])
})

test('an input without flows, as a log is, has no such table', () => {
  expect(flowsTable(lines({ records: 5, bytes: 100 }), 80, plain)).toBe('')
})

test('what became of a flow is not told again among what could not be read', () => {
  expect(['flows', 'flows_named', 'flows_one_direction'].every(isFlowOutcome)).toBe(true)
  expect(['flows_ended_early', 'packets', 'toString'].some(isFlowOutcome)).toBe(false)
})
