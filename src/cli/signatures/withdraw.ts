import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { messageOf, OffchannelError } from '../../base/errors.ts'
import { harmless } from '../../base/text.ts'
import { indicatorKey } from '../../model/signature.ts'
import { signatureOptions, withOptions } from '../options.ts'
import { loadSignatureSet, type SignatureChoice } from '../signature-set.ts'
import type { Terminal } from '../terminal.ts'

interface WithdrawOptions extends SignatureChoice {
  readonly reason: string
}

/** `offchannel signatures withdraw`: takes an indicator back. */
export function addWithdrawCommand(parent: Command, terminal: Terminal, today: string): void {
  const command = parent
    .command('withdraw')
    .argument('<indicator...>', 'app, type and value, as `lookup` and `show` print them')
    .description('take a bad indicator back: it matches nothing any more, and what was seen of it raises nothing')
    .requiredOption('--reason <text>', 'why, for those who ask later')
    .addHelpText(
      'after',
      `
The withdrawal is written to withdrawn.yaml in the folder that --signatures names (the last, of several), which is made
where there is none. From the next \`judge\` or \`sweep\` with that folder findings that rested on the indicator are
revised or gone. To take a withdrawal back, delete its entry.

Examples:
  offchannel signatures withdraw whatsapp suffix whatsapp.net --reason 'our mail gateway uses it' --signatures own/
  offchannel judge --policy policy.yaml --signatures own/`,
    )
  withOptions(command, ...signatureOptions())
  command.action((words: string[], options: WithdrawOptions) => withdraw(words.join(' '), options, terminal, today))
}

async function withdraw(key: string, options: WithdrawOptions, terminal: Terminal, today: string): Promise<void> {
  const { addWithdrawals, readWithdrawals, WITHDRAWN_FILE } = await import('../../classify/withdrawn-file.ts')
  const folder = options.signatures?.at(-1)
  if (folder === undefined) throw new OffchannelError('usage', 'name your own folder with --signatures')
  const signatures = options.signatures!.filter((one) => one !== folder || existsSync(one))
  const set = await loadSignatureSet({ ...options, signatures })
  const known = set.signatures.flatMap(({ id, indicators }) =>
    indicators.map((indicator) => ({ key: indicatorKey(id, indicator), withdrawn: indicator.withdrawn })),
  )
  const standing = known.find((one) => one.key === key)
  if (standing === undefined) {
    const value = key.split(' ').at(-1)!
    const meant = known.filter((one) => one.key.endsWith(` ${value}`)).map((one) => `"${one.key}"`)
    const advice =
      meant.length > 0 ? `did you mean ${meant.join(' or ')}?` : '`offchannel signatures lookup` names them'
    throw new OffchannelError('usage', harmless(`"${key}" is no indicator: ${advice}`))
  }
  if (standing.withdrawn !== undefined) {
    throw new OffchannelError('usage', harmless(`"${key}" is withdrawn already: ${standing.withdrawn}`))
  }
  const file = join(folder, WITHDRAWN_FILE)
  try {
    mkdirSync(folder, { recursive: true })
    const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const text = addWithdrawals(before, [{ indicator: key, reason: options.reason, date: today }])
    const { problems } = readWithdrawals(text)
    if (problems.length > 0) throw new OffchannelError('usage', `--reason: ${problems[0]!.message}`)
    // Whoever reads the folder meanwhile finds the old file or the new one.
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
  } catch (thrown) {
    if (thrown instanceof OffchannelError) throw thrown
    throw new OffchannelError('usage', harmless(`${file}: cannot be written (${messageOf(thrown)})`), { cause: thrown })
  }
  terminal.note(
    harmless(`${key}: withdrawn in ${file}; \`offchannel judge --signatures ${folder}\` revises the findings`),
  )
}
