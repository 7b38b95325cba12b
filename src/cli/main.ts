import { Command, CommanderError, Option } from 'commander'
import { OffchannelError, toldOf, traceOf } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { addAuditCommand } from './audit.ts'
import { addReportCommand } from './board-report.ts'
import { addCompletionCommand } from './completion.ts'
import { addCorrectCommand } from './correct.ts'
import { addDeliverCommand } from './deliver.ts'
import { addEraseCommand } from './erase.ts'
import { addExportCommand } from './export.ts'
import { addFindingsCommand } from './findings.ts'
import { addFormatsCommand } from './formats.ts'
import { addHoldCommand } from './hold.ts'
import { addInspectCommand } from './inspect.ts'
import { addJudgeCommand } from './judge.ts'
import { addPolicyCommand } from './policy.ts'
import { addProveCommand } from './prove.ts'
import { addPurgeCommand } from './purge.ts'
import { addRecipientsCommand } from './recipients.ts'
import { addRelabelCommand } from './relabel.ts'
import { addReviewCommand } from './review.ts'
import { addRunCommand } from './run.ts'
import { addShowCommand } from './show.ts'
import { addSignaturesCommand } from './signatures.ts'
import { addStatusCommand } from './status.ts'
import { addSubjectReportCommand } from './subject-report.ts'
import { addSuppressCommand } from './suppress.ts'
import { addSweepCommand } from './sweep.ts'
import type { ColourChoice, Terminal } from './terminal.ts'
import { addUnsealCommand } from './unseal.ts'
import { addVerifyCommand } from './verify.ts'
import { programVersion } from './version.ts'
import { addWatchCommand } from './watch.ts'

/** Builds the whole command line on one terminal. */
export function commandLine(terminal: Terminal): Command {
  const program = new Command('offchannel')
    .description('Finds consumer messaging apps in packet captures and logs, and what bypassed the government VPN.')
    .version(programVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .addOption(new Option('--color <when>', 'colour the output').choices(['auto', 'always', 'never']).default('auto'))
    .option('-q, --quiet', 'say nothing but results and problems')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(lines(text)),
      getOutHelpWidth: () => terminal.width,
    })
    .hook('preAction', (_, action) => {
      const options = action.optsWithGlobals<{ color: ColourChoice; quiet?: true }>()
      terminal.colours = options.color
      terminal.quiet = options.quiet === true
    })
    .addHelpText(
      'after',
      `
Examples:
  offchannel sweep captures/ proxy.log --policy policy.yaml
  tcpdump -w - | offchannel sweep -
  offchannel inspect --all office.pcap | jq .name

Exit status: 0 clean; 1 findings at or above --fail-on; 2 wrong usage or configuration, or an input not read in full.`,
    )
  addSweepCommand(program, terminal)
  addRunCommand(program, terminal)
  addWatchCommand(program, terminal)
  addStatusCommand(program, terminal)
  addDeliverCommand(program, terminal)
  addInspectCommand(program, terminal)
  addJudgeCommand(program, terminal)
  addFindingsCommand(program, terminal)
  addShowCommand(program, terminal)
  addReviewCommand(program, terminal)
  addSuppressCommand(program, terminal)
  addCorrectCommand(program, terminal)
  addReportCommand(program, terminal)
  addExportCommand(program, terminal)
  addProveCommand(program, terminal)
  addVerifyCommand(program, terminal)
  addAuditCommand(program, terminal)
  addPurgeCommand(program, terminal)
  addHoldCommand(program, terminal)
  addEraseCommand(program, terminal)
  addSubjectReportCommand(program, terminal)
  addUnsealCommand(program, terminal)
  addRecipientsCommand(program, terminal)
  addRelabelCommand(program, terminal)
  addSignaturesCommand(program, terminal)
  addPolicyCommand(program, terminal)
  addFormatsCommand(program, terminal)
  addCompletionCommand(program, terminal)
  return program
}

/** Runs the command line; gives the exit status. Nothing that was thrown escapes: it becomes one line. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await commandLine(terminal).parseAsync(argv)
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2
    if (thrown instanceof OffchannelError) terminal.problem(lines(thrown.message))
    else tellCrash(thrown, terminal)
  }
  return terminal.exitStatus
}

/** Tells of a failure that nobody foresaw, without what it is about: a trace goes into reports of bugs. */
export function tellCrash(thrown: unknown, terminal: Terminal): void {
  terminal.problem(`internal error: ${harmless(toldOf(thrown))}; please report it with this trace`)
  terminal.stderr.write(`${lines(traceOf(thrown))}\n`)
}

/** A message of several lines, each made harmless. */
function lines(text: string): string {
  return text.split('\n').map(harmless).join('\n')
}
