import { Argument, type Command } from 'commander'
import { plural } from '../../base/text.ts'
import type { LayeredSet } from '../../classify/layers.ts'
import { indicatorKey, type SignatureSet } from '../../model/signature.ts'
import { bundledSignaturesOption, jsonOption, withOptions } from '../options.ts'
import { BUNDLED_SIGNATURES, bundledLayer } from '../signature-set.ts'
import type { Terminal } from '../terminal.ts'
import { summary } from './list.ts'
import { staleAfterOption } from './stale-after.ts'

interface CheckOptions {
  readonly bundledSignatures: boolean
  readonly json?: true
  readonly staleAfter: number
}

/** `offchannel signatures check`: everything that is wrong with a folder. */
export function addCheckCommand(parent: Command, terminal: Terminal, today: string): void {
  const command = parent
    .command('check')
    .addArgument(
      new Argument('[folder]', 'signatures to check').default(BUNDLED_SIGNATURES, 'those that come with offchannel'),
    )
    .description('show everything that is wrong with signature files; exit status 2 where something is')
    .addHelpText(
      'after',
      `
A folder of your own is checked by itself, then over the signatures that come with offchannel: ids that clash, and names
that another app would win. Indicators that were not verified for long, and withdrawals that name no indicator any
more, are warnings: the exit status stays 0.

Examples:
  offchannel signatures check own/
  offchannel signatures check own/ --no-bundled-signatures --stale-after 180d`,
    )
  withOptions(command, bundledSignaturesOption(), staleAfterOption(), jsonOption())
  command.action((folder: string, options: CheckOptions) => check(folder, options, terminal, today))
}

async function check(folder: string, options: CheckOptions, terminal: Terminal, today: string): Promise<void> {
  const [{ formatProblem, readSignatures }, { joinLayers }, { staleIndicators }] = await Promise.all([
    import('../../classify/load.ts'),
    import('../../classify/layers.ts'),
    import('../../classify/stale.ts'),
  ])
  const { problems: alone, ...own } = readSignatures(folder)
  const alsoBundled = options.bundledSignatures && folder !== BUNDLED_SIGNATURES && alone.length === 0
  const layers = [...(alsoBundled ? [await bundledLayer()] : []), { ...own, folder }]
  const { set, problems: together } = joinLayers(layers)
  const problems = [...alone, ...together]
  const stale = staleIndicators(own.set.signatures, today, options.staleAfter)
  const unused = alone.length > 0 ? [] : withdrawnOfNothing(set)
  if (problems.length > 0) terminal.exitStatus = 2
  if (options.json) {
    const { overrides } = set
    terminal.json({
      ...{ folder, apps: own.set.signatures.length, hash: own.set.hash },
      ...{ problems, overrides, stale, unusedWithdrawals: unused },
    })
    return
  }
  for (const problem of problems) terminal.problem(formatProblem(problem))
  for (const { indicator, since } of stale) terminal.note(`${indicator}: not verified since ${since}`)
  for (const indicator of unused) terminal.note(`${indicator}: withdrawn, and no signature has it any more`)
  for (const { id, revision, instead } of problems.length > 0 ? [] : set.overrides) {
    terminal.note(`${id}: revision ${revision} overrides revision ${instead.revision} of ${instead.folder}`)
  }
  const withdrawals = own.withdrawals.length > 0 ? `, ${plural(own.withdrawals.length, 'withdrawal')}` : ''
  if (problems.length === 0) terminal.out(`${folder}: in order: ${summary(own.set)}${withdrawals}`)
}

function withdrawnOfNothing(set: LayeredSet): readonly string[] {
  const keys = keysOf(set)
  return set.withdrawals.map(({ indicator }) => indicator).filter((indicator) => !keys.has(indicator))
}

/** The keys of all indicators of a set. */
function keysOf(set: SignatureSet): ReadonlySet<string> {
  return new Set(set.signatures.flatMap(({ id, indicators }) => indicators.map((one) => indicatorKey(id, one))))
}
