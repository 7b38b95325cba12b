import { createInterface } from 'node:readline/promises'
import { Option } from 'commander'
import type { Terminal } from './terminal.ts'

export const yesOption = () =>
  new Option('--yes', 'do it: without, and without an answer at a terminal, only the plan is shown')

/** Whether a plan that was shown is to be carried out: as `--yes` says, or whoever sits at the terminal. */
export async function confirmed(yes: boolean, terminal: Terminal): Promise<boolean> {
  if (yes) return true
  const { stdin, stderr } = terminal
  if ((stdin as { isTTY?: boolean }).isTTY !== true || stderr.isTTY !== true) {
    terminal.note('Nothing was changed: --yes does it.')
    return false
  }
  const lines = createInterface({ input: stdin, output: process.stderr })
  try {
    const answer = await lines.question('Do it? It cannot be taken back (yes/no): ')
    if (answer.trim().toLowerCase() === 'yes') return true
  } finally {
    lines.close()
  }
  terminal.note('Nothing was changed.')
  return false
}
