import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { messageOf, OffchannelError } from '../../base/errors.ts'
import { harmless } from '../../base/text.ts'
import { BUNDLED_SIGNATURES } from '../signature-set.ts'
import type { Terminal } from '../terminal.ts'

/** `offchannel signatures add`: a file to start from. */
export function addAddCommand(parent: Command, terminal: Terminal, today: string): void {
  parent
    .command('add')
    .argument('<id>', 'of the app: lower-case words joined by hyphens')
    .argument('<folder>', 'your own folder of signatures; it is made where there is none')
    .description('write a signature file to start from, explained in its comments')
    .addHelpText(
      'after',
      `
Where the id is that of an app that comes with offchannel, the file is a copy of that one with a higher revision: it
overrides it wherever the folder is used. A file that is there already is not overwritten.

Examples:
  offchannel signatures add agency-chat own/
  offchannel signatures add whatsapp own/          to change what is known of WhatsApp
  offchannel signatures check own/
  offchannel sweep captures/ --signatures own/`,
    )
    .action((id: string, folder: string) => add(id, folder, terminal, today))
}

async function add(id: string, folder: string, terminal: Terminal, today: string): Promise<void> {
  const [{ readSignatureFile }, { formatProblem }, { WITHDRAWN_FILE }] = await Promise.all([
    import('../../classify/signature-file.ts'),
    import('../../classify/load.ts'),
    import('../../classify/withdrawn-file.ts'),
  ])
  const name = `${id}.yaml`
  const isId = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)
  if (!isId || name === WITHDRAWN_FILE) {
    const fault = isId ? 'is kept for withdrawals' : 'is no id: use lower-case words joined by hyphens'
    throw new OffchannelError('usage', harmless(`"${id}" ${fault}`))
  }
  const bundled = join(BUNDLED_SIGNATURES, name)
  const overrides = existsSync(bundled)
  const text = overrides ? raised(readFileSync(bundled, 'utf8'), today) : scaffold(id, today)
  const { problems } = readSignatureFile(name, text)
  if (problems.length > 0) throw new OffchannelError('usage', problems.map(formatProblem).join('\n'))
  const file = join(folder, name)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, text, { flag: 'wx' })
  } catch (thrown) {
    const exists = (thrown as NodeJS.ErrnoException).code === 'EEXIST'
    const fault = exists ? 'is there already and is not overwritten' : `cannot be written (${messageOf(thrown)})`
    throw new OffchannelError('usage', harmless(`${file}: ${fault}`), { cause: thrown })
  }
  const what = overrides ? `a copy that overrides the ${id} that comes with offchannel` : 'a file to start from'
  terminal.note(harmless(`${file}: ${what}; change it, then run \`offchannel signatures check ${folder}\``))
}

/** The same signature as its next revision. */
function raised(text: string, today: string): string {
  return text
    .replace(/^revision: *(\d+)/m, (_, revision: string) => `revision: ${Number(revision) + 1}`)
    .replace(/^date: *\S+/m, `date: ${today}`)
}

/** Names under .example belong to nobody (RFC 2606 §2): until they are replaced the file matches nothing. */
function scaffold(id: string, today: string): string {
  return `id: ${id}
name: ${id}
vendor: unknown
category: messaging              # conferencing, collaboration, social, private-mail, file-sharing, concealment …
status: active                   # or retired, with retired-on: the last day of service
maturity: experimental           # proved once its distinctive indicators were seen on real traffic
revision: 1                      # raise it with each change
date: ${today}
description: >-
  What is known of the app, and how it was found out.
indicators:
  - type: exact                  # this name; suffix: and all under it; pattern: * within a label
    value: chat.${id}.example
    role: messaging              # call, media, registration, web-client, push, backup, marketing, shared …
    strength: supporting         # distinctive: only this app uses it; ambiguous: context, never a finding by itself
    sources:
      - where the fact comes from, such as an address
    last-verified: ${today}
  - type: suffix
    value: ${id}.example
    role: marketing
    strength: ambiguous
    sources:
      - where the fact comes from, such as an address
    last-verified: ${today}
tests:
  should-match:
    - chat.${id}.example
  should-not-match:              # look-alikes
    - not${id}.example
`
}
