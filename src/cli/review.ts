import type { Command } from 'commander'
import { harmless } from '../base/text.ts'
import type { ReviewAction } from '../model/review.ts'
import { now } from './clock.ts'
import { jsonOption, storeOption, withOptions } from './options.ts'
import { authorOf, authorOption } from './reviewed.ts'
import type { Terminal } from './terminal.ts'

interface ReviewOptions {
  readonly store: string
  readonly author?: string
  readonly reason?: string
  readonly text?: string
  readonly json?: true
}

interface ActionHelp {
  readonly action: ReviewAction
  readonly summary: string
  readonly description: string
  readonly option: readonly [flags: string, description: string]
  readonly required: boolean
}

const ACTIONS: readonly ActionHelp[] = [
  {
    action: 'acknowledge',
    summary: 'say that findings are being looked at',
    description: 'Records that somebody is looking at the findings. They stay in the list.',
    option: ['--reason <text>', 'what is being done'],
    required: false,
  },
  {
    action: 'note',
    summary: 'write something to findings',
    description: 'Records a note. It changes nothing of how the findings stand.',
    option: ['--text <text>', 'the note'],
    required: true,
  },
  {
    action: 'close',
    summary: 'say that findings are dealt with',
    description:
      'Records that the findings are dealt with. They leave the list and no longer count for --fail-on, unless they get worse: more severe than now, or a bypass that they are not now.',
    option: ['--reason <text>', 'how they were dealt with'],
    required: true,
  },
  {
    action: 'reopen',
    summary: 'take up findings again',
    description: 'Records that findings which were acknowledged or closed are open again.',
    option: ['--reason <text>', 'why'],
    required: true,
  },
]

/** `offchannel review`: what analysts do to findings. */
export function addReviewCommand(program: Command, terminal: Terminal): void {
  const review = program
    .command('review')
    .summary('acknowledge, annotate, close and reopen findings')
    .description(
      'Records what somebody did to findings, with author, time and reason. Nothing recorded is ever changed or lost: judging again keeps it, also while a finding is gone. It works while a sweep runs, and needs no key.',
    )
    .addHelpText(
      'after',
      `
Examples:
  export OFFCHANNEL_AUTHOR='A. Example'
  offchannel review acknowledge f-3a91c0d2 f-77b0
  offchannel review note f-3a91c0d2 --text 'Spoke with the user on Monday'
  offchannel review close f-3a91c0d2 --reason 'Ticket 4711: app removed'`,
    )
  for (const { action, summary, description, option, required } of ACTIONS) {
    const command = review
      .command(action)
      .summary(summary)
      .description(description)
      .argument('<id...>', 'ids of findings, or their beginnings: all are recorded, or none')
    if (required) command.requiredOption(...option)
    else command.option(...option)
    withOptions(command, authorOption(), storeOption(), jsonOption())
    command.action((ids: string[], options: ReviewOptions) => record(ids, action, options, terminal))
  }
}

async function record(
  ids: readonly string[],
  action: ReviewAction,
  options: ReviewOptions,
  terminal: Terminal,
): Promise<void> {
  const entry = { at: now(), author: authorOf(options, terminal), text: options.reason ?? options.text ?? '' }
  const { ReviewDesk } = await import('../store/review-desk.ts')
  const desk = ReviewDesk.open(options.store)
  try {
    for (const { finding, standing } of desk.review(ids, action, entry)) {
      const { id, client, appName } = finding
      if (options.json) terminal.json({ id, review: standing })
      else
        terminal.out(
          `${id} (${harmless(client)}, ${harmless(appName)}) is ${standing.value}: ${harmless(standing.reason)}`,
        )
    }
  } finally {
    desk.close()
  }
}
