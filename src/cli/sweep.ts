import { type Command, Option } from 'commander'
import { failOnOption } from './fail-on.ts'
import {
  formatFileOption,
  formatOption,
  jsonOption,
  keyOptions,
  type LogReadingOptions,
  logReading,
  policyOption,
  rotateOption,
  signatureOptions,
  storeOption,
  timezoneOption,
  withOptions,
  yearOption,
} from './options.ts'
import type { PassOptions } from './pass.ts'
import type { Terminal } from './terminal.ts'
import { waitOption } from './wait-for-store.ts'

type SweepCommandOptions = PassOptions & LogReadingOptions

/** `offchannel sweep`: inputs into the store, findings on the screen. */
export function addSweepCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('sweep')
    .summary('read inputs into the store, judge them, and print the findings')
    .description(
      'Reads captures and logs into the store, judges what matches a signature by the policy, and prints the findings. Each content is read once: what the store knows already, under whatever name or compression, changes nothing.',
    )
    .argument('<input...>', 'files, folders, globs, or - for standard input')
    .addHelpText(
      'after',
      `
Captures (pcap, pcapng) and logs are recognised by their content, and unpacked where they are gzip or Zstandard.
Without --policy consumer apps count as prohibited, and how traffic was routed stays unknown.

Examples:
  offchannel sweep captures/ logs/ --policy policy.yaml
  offchannel sweep 'archive/**/*.pcap.gz' --policy policy.yaml --store 2026.db
  tcpdump -i eth0 -w - | offchannel sweep - --policy policy.yaml
  offchannel sweep captures/ --again         after the signatures or networks changed`,
    )
  withOptions(
    command,
    policyOption(),
    storeOption(),
    ...keyOptions(),
    new Option(
      '--identities <kind>',
      'what a new store keeps of people: pseudonyms, or their addresses and names as well, sealed or clear',
    ).choices(['pseudonym', 'sealed', 'clear']),
    new Option(
      '--recipients <file>',
      'age recipients that a new store seals identities to; repeated, one of each file must agree',
    ).argParser<readonly string[]>((file, before = []) => [...before, file]),
    rotateOption(),
    ...signatureOptions(),
    formatOption(),
    formatFileOption(),
    timezoneOption(),
    yearOption(),
    new Option('--again', 'read known contents again where signatures, networks or exclusions have changed'),
    new Option('--no-hash', 'leave out the SHA-256 of every input: contents are told apart by length and a sample'),
    new Option('--no-evidence', 'keep none of the frames and lines that prove findings'),
    failOnOption(),
    waitOption(),
    jsonOption(),
  )
  command.action((inputs: string[], options: SweepCommandOptions) => sweepCommand(inputs, options, terminal))
}

async function sweepCommand(args: readonly string[], options: SweepCommandOptions, terminal: Terminal): Promise<void> {
  const [{ findInputs }, { makePass, withoutStore }] = await Promise.all([
    import('../read/inputs.ts'),
    import('./pass.ts'),
  ])
  const inputs = withoutStore(await findInputs(args), options, terminal)
  await makePass({ inputs, ...(await logReading(options)) }, options, terminal)
}
