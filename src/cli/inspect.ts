import type { Command } from 'commander'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless, harmlessJson } from '../base/text.ts'
import type { InputSink } from '../input.ts'
import {
  formatFileOption,
  formatOption,
  loadRules,
  logReading,
  policyOption,
  signatureOptions,
  timezoneOption,
  withOptions,
  yearOption,
} from './options.ts'
import { tellProblems } from './problems.ts'
import type { SignatureChoice } from './signature-set.ts'
import type { Terminal } from './terminal.ts'

interface InspectOptions extends SignatureChoice {
  readonly all?: true
  readonly policy?: string
  readonly format?: string
  readonly formatFile?: string
  readonly timezone: string
  readonly year?: string
}

/** `offchannel inspect`: what inputs name, as NDJSON on standard output. */
export function addInspectCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('inspect')
    .summary('print what inputs name, an object a line')
    .description(
      'Prints what captures and logs name as NDJSON, without store or judgement: what matches a signature, or everything.',
    )
    .argument('<input...>', 'files, folders, globs, or - for standard input')
    .option(
      '--all',
      "print every observation: it shows everybody's names, as any packet tool does; a job file can switch it off",
    )
    .addHelpText(
      'after',
      `
Keys, in this order, absent where unknown: time means name client clientPort server serverPort transport user action
bytesUp bytesDown input frame|line, then end, firstFrame|firstLine, device, bytesTotal, translatedClient,
translatedClientPort, translatedServer, translatedServerPort, application, addresses, timeToLive, aliases, issuer,
protocol, certainty, realm, software, stunAttributes, encryptedHello, coverName, alpn, ja4, and for what matches:
app, role, strength, indicator.

Examples:
  offchannel inspect office.pcap
  offchannel inspect --all dns.log | jq -r .name | sort | uniq -c`,
    )
  withOptions(command, ...signatureOptions(), policyOption(), formatOption())
  withOptions(command, formatFileOption(), timezoneOption(), yearOption())
  command.action((inputs: string[], options: InspectOptions) => inspect(inputs, options, terminal))
}

/** Lines are written together: a write a line costs more than reading the input. */
const WRITE_SIZE = 64 * 1024

async function inspect(args: readonly string[], options: InspectOptions, terminal: Terminal): Promise<void> {
  const [
    { findInputs },
    { openInput },
    { readInput },
    { Classifier },
    { Matcher },
    { NetworkMap },
    { observationRecord },
    { formatAddress },
  ] = await Promise.all([
    import('../read/inputs.ts'),
    import('../read/open.ts'),
    import('../pipeline.ts'),
    import('../classify/classifier.ts'),
    import('../classify/matcher.ts'),
    import('../subjects/network-map.ts'),
    import('../report/observation.ts'),
    import('../base/address.ts'),
  ])
  if (options.all) {
    const { allowAll } = await import('./inspect-all.ts')
    await allowAll(terminal)
  }
  const { format: asked, times } = await logReading(options)
  const { signatures, policy } = await loadRules(options, terminal)
  const classifier = new Classifier(signatures)
  const networks = new NetworkMap(policy)
  let excluded = 0
  let pending = ''
  const flush = () => {
    if (pending !== '') terminal.stdout.write(pending)
    pending = ''
  }
  for (const input of await findInputs(args)) {
    try {
      const { chunks, format, source, close } = await openInput(input, {
        standardInput: terminal.stdin,
        format: asked,
        hashUnpacked: false,
      })
      try {
        if (format === undefined) continue
        const nameOf = (words: Uint32Array, at: number) => [formatAddress(words, at)]
        const unit = format.kind === 'capture' ? 'frame' : 'line'
        const matcher = new Matcher(classifier, nameOf, format.kind === 'capture')
        const sink: InputSink = {
          isWanted: (addresses, client, server, time) => matcher.isWanted(addresses, client, server, time),
          observe: (observation) => {
            if (networks.isExcluded(observation)) {
              excluded++
              return
            }
            const matches = matcher.match(observation)
            if (matches.length === 0) {
              if (options.all) pending += `${harmlessJson(observationRecord(observation, input, unit))}\n`
            } else {
              for (const { signature, indicator } of matches) {
                const { role, strength, type, value } = indicator
                const match = { app: signature.id, role, strength, indicator: `${type} ${value}` }
                pending += `${harmlessJson({ ...observationRecord(observation, input, unit), ...match })}\n`
              }
            }
            if (pending.length > WRITE_SIZE) flush()
          },
        }
        const summary = await readInput(chunks, format, sink, { ...times, latest: source.modified })
        flush()
        tellProblems(input, summary, terminal)
      } finally {
        close()
      }
    } catch (thrown) {
      // A format that does not exist is none for every other input as well.
      if (thrown instanceof OffchannelError && thrown.code === 'usage') throw thrown
      terminal.problem(harmless(`${input}: ${messageOf(thrown)}`))
    }
  }
  if (excluded > 0) terminal.note(`${excluded} observations of excluded networks and users left out`)
}
