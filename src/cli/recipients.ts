import { type Command, Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { harmless, plural } from '../base/text.ts'
import type { Micros } from '../base/time.ts'
import type { Recipients } from '../store/open.ts'
import { now } from './clock.ts'
import type { KeyChoice } from './key-source.ts'
import { openStore } from './open-store.ts'
import { jsonOption, keyOptions, storeOption, withOptions } from './options.ts'
import { authorOf, authorOption } from './reviewed.ts'
import type { OpeningOptions } from './sealing.ts'
import { sendHeads } from './send-heads.ts'
import type { Terminal } from './terminal.ts'
import { waitOption } from './wait-for-store.ts'

interface SetOptions extends KeyChoice {
  readonly recipients: readonly string[]
  readonly reason: string
  readonly author?: string
  readonly wait?: Micros
  readonly json?: true
}

const several = (file: string, before: readonly string[] = []) => [...before, file]
const reasonOption = () =>
  new Option('--reason <text>', 'why, for the audit log: name nobody in it').makeOptionMandatory()

/** `offchannel recipients`: to whom a store seals identities. */
export function addRecipientsCommand(program: Command, terminal: Terminal): void {
  const group = program
    .command('recipients')
    .summary('show and change to whom a store seals identities')
    .description(
      'Of a store that seals identities: who can unseal them. A change is for whatever is sealed from then on. What was sealed before stays with those whom it was sealed to, until somebody of them seals it anew.',
    )
    .addHelpText(
      'after',
      `
Examples:
  offchannel recipients list
  offchannel recipients set --recipients investigators.txt --recipients council.txt --reason 'New officer, 3/2026'
  offchannel recipients reseal --identity-file age-key.txt --reason 'New officer, 3/2026'
Where the group that was named last is another, and one before it as well, each takes off what is theirs:
  offchannel recipients reseal --identity-file b.txt --reason '3/2026' --step1-out step.json
  offchannel recipients reseal --continue step.json --identity-file a.txt --reason '3/2026'`,
    )
  const list = group.command('list').summary('show them').description('Shows to whom is sealed now, and to whom was.')
  withOptions(list, storeOption(), jsonOption())
  list.action((options: { store: string; json?: true }) => listRecipients(options, terminal))
  const set = group
    .command('set')
    .summary('change them')
    .description('Makes others the recipients of whatever is sealed from now on. Needs the key of the store.')
  withOptions(
    set,
    new Option('--recipients <file>', 'age recipients, a line each; again: one of each file must agree')
      .argParser(several)
      .makeOptionMandatory(),
    reasonOption(),
    authorOption(),
    storeOption(),
    ...keyOptions(),
    waitOption(),
    jsonOption(),
  )
  set.action(async (options: SetOptions) => {
    await setRecipients(options, terminal)
    await sendHeads(options.store, terminal)
  })
  const reseal = group
    .command('reseal')
    .summary('seal what was sealed before to the present recipients')
    .description(
      'Opens the data keys of earlier periods with the age key of somebody whom they are sealed to, and seals them to the present recipients. No identity is shown. Groups that are the same as before, from the first on, need not be opened; where several are others, the first hands on a file.',
    )
  withOptions(
    reseal,
    reasonOption(),
    new Option('--identity-file <file>', "a recipient's age key, as age-keygen writes it; may be repeated")
      .argParser(several)
      .makeOptionMandatory(),
    authorOption(),
    new Option('--step1-out <file>', 'what to write for the other, where two must agree'),
    new Option('--continue <file>', 'what the first wrote'),
    storeOption(),
    jsonOption(),
  )
  reseal.action(async (options: OpeningOptions) => {
    const { reseal } = await import('./reseal.ts')
    await reseal(options, terminal)
    await sendHeads(options.store, terminal)
  })
}

async function listRecipients({ store, json }: { store: string; json?: true }, terminal: Terminal): Promise<void> {
  const { ResealDesk } = await import('../store/resealing.ts')
  const desk = ResealDesk.openReadOnly(store)
  try {
    const { recipients } = desk
    const counts = desk.keyCounts()
    if (json) return terminal.json({ recipients, sealed: counts })
    if (recipients.length === 0) return terminal.out(`${harmless(store)} seals no identities.`)
    terminal.out(`Sealed from now on to:\n${groupsText(recipients)}`)
    for (const { recipients: whom, keys, identities } of counts) {
      const what = `${plural(keys, 'data key')} with ${plural(identities, 'identity', 'identities')}`
      const isSame = JSON.stringify(whom) === JSON.stringify(recipients)
      terminal.out(isSame ? `So far: ${what}.` : `Before, and still: ${what}, to:\n${groupsText(whom)}`)
    }
  } finally {
    desk.close()
  }
}

const groupsText = (recipients: Recipients) =>
  recipients
    .map((group, n) => `${n > 0 ? '  and one of\n' : ''}${group.map((one) => `  ${one}`).join('\n')}`)
    .join('\n')

async function setRecipients(options: SetOptions, terminal: Terminal): Promise<void> {
  const author = authorOf(options, terminal)
  const [{ readRecipients }, { changeRecipients }, { checkedEntry }] = await Promise.all([
    import('./sealing.ts'),
    import('../store/resealing.ts'),
    import('../store/recording.ts'),
  ])
  const { text } = checkedEntry({ at: now(), author, text: options.reason }, false)
  const { recipients: files, ...choice } = options
  const recipients = await readRecipients(files)
  const { store } = await openStore({ ...choice, author }, false, terminal, options.wait)
  try {
    if (store.identities !== 'sealed') {
      throw new OffchannelError(
        'usage',
        `${harmless(options.store)}: made with --identities ${store.identities}: it seals nothing`,
      )
    }
    const isNew = JSON.stringify(store.recipients) !== JSON.stringify(recipients)
    if (isNew) changeRecipients(store, recipients, text)
    if (options.json) return terminal.json({ changed: isNew, recipients })
    terminal.out(
      isNew ? 'Changed: whatever is sealed from now on is sealed to these.' : 'They are the recipients already.',
    )
    if (isNew)
      terminal.out('What was sealed before is not: `offchannel recipients reseal`, by somebody who can open it.')
  } finally {
    store.close()
  }
}
