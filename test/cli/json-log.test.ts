import { expect, test } from 'vitest'
import { jsonLog } from '../../src/cli/json-log.ts'

test('a line of the log is an object with level, time and event, and never names anybody', async () => {
  const lines: string[] = []
  const log = await jsonLog((line) => lines.push(line))
  log('info', 'input', { input: 'a\u202eb.log', records: 3, client: '192.0.2.1', more: { user: 'kay', bytes: 9 } })
  log('error', 'problem', { message: 'x' })
  expect(lines[0]).toMatch(/^\{"level":"info","time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","event":"input",/)
  expect(lines[0]).toContain('"input":"a\\u202eb.log","records":3')
  expect(JSON.parse(lines[0]!)).toMatchObject({ more: { bytes: 9 } })
  expect(lines[0]).not.toMatch(/192\.0\.2\.1|kay/)
  expect(JSON.parse(lines[1]!)).toMatchObject({ level: 'error', event: 'problem', message: 'x' })
  expect(lines.every((line) => line.endsWith('}\n'))).toBe(true)
})
