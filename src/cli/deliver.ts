import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Micros } from '../base/time.ts'
import { parseDuration } from '../jobs/duration.ts'
import { logAs } from './json-log.ts'
import { withOptions } from './options.ts'
import { OUTPUT_COLUMNS, outputRow } from './output-table.ts'
import type { Terminal } from './terminal.ts'
import { waitOption } from './wait-for-store.ts'

interface DeliverCommandOptions {
  readonly config: string
  readonly limit: Micros
  readonly wait?: Micros
  readonly logFormat: 'text' | 'json'
}

/** `offchannel deliver`: sends what waits for the receivers of a job file. */
export function addDeliverCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('deliver')
    .summary('send what waits for the receivers of a job file')
    .description(
      'Sends the messages that wait in the store to the receivers that a job file names, as `run` does when it has judged, and tries at once those that failed before. It reads no input and judges nothing. docs/outputs.md describes receivers and messages.',
    )
    .addHelpText(
      'after',
      '\nExit status: 0 nothing failed; 2 a receiver that has not got what waits for it, or a mistake.',
    )
  withOptions(
    command,
    new Option('--config <file>', 'job file').default('offchannel.yaml'),
    new Option('--limit <time>', 'the longest to go on, as 90s or 10m')
      .argParser(durationOf)
      .default(300_000_000, '5m'),
    waitOption(),
    new Option('--log-format <form>', 'of what standard error says').choices(['text', 'json']).default('text'),
  )
  command.action((options: DeliverCommandOptions) => deliverCommand(options, terminal))
}

async function deliverCommand(options: DeliverCommandOptions, terminal: Terminal): Promise<void> {
  await logAs(terminal, options.logFormat)
  const [
    { keyChoiceOf, outputsOf, readJob },
    { openStore },
    { deliverOutputs, registerOutputs },
    { renderTable },
    { outputStatus },
  ] = await Promise.all([
    import('./job-config.ts'),
    import('./open-store.ts'),
    import('./deliver-outputs.ts'),
    import('../report/table.ts'),
    import('./job-status.ts'),
  ])
  const config = await readJob(options.config)
  const { store } = await openStore(keyChoiceOf(config), false, terminal, options.wait)
  try {
    const outputs = outputsOf(config)
    registerOutputs(store, outputs, terminal)
    await deliverOutputs(store, outputs, { limit: options.limit, always: true }, terminal)
    const own = store
      .outputs()
      .filter(({ job }) => job === outputs.job)
      .map(outputStatus)
    if (own.length === 0) terminal.note('The job file names no receiver: docs/outputs.md shows how it does.')
    else terminal.out(renderTable(OUTPUT_COLUMNS, own.map(outputRow), terminal.width, terminal.style.bind(terminal)))
  } finally {
    store.close()
  }
}

function durationOf(text: string): Micros {
  const duration = parseDuration(text)
  if (duration === undefined) throw new InvalidArgumentError('write a time such as 90s, 10m or 1h.')
  return duration
}
