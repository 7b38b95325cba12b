import type { JsonLog, Terminal } from './terminal.ts'

/** What a line of the log never holds, whoever hands it in. */
const IDENTITIES = ['address', 'client', 'device', 'identity', 'mac', 'subject', 'user']

/** Has what a terminal says on standard error written as JSON, one object a line, where that was asked for. */
export async function logAs(terminal: Terminal, form: 'text' | 'json'): Promise<void> {
  if (form === 'json') terminal.log = await jsonLog((line) => terminal.stderr.write(line))
}

/** Lines with `level`, `time` and `event`; identities are removed. */
export async function jsonLog(write: (line: string) => void): Promise<JsonLog> {
  const [{ pino }, { harmlessLine }] = await Promise.all([import('pino'), import('../base/text.ts')])
  const log = pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: { paths: IDENTITIES.flatMap((name) => [name, `*.${name}`]), remove: true },
    },
    { write: (line: string) => write(`${harmlessLine(line.trimEnd())}\n`) },
  )
  return (level, event, fields) => log[level]({ event, ...fields })
}
