import { unsealedDigest } from '../audit/concerns.ts'
import { digestOf } from '../audit/entry.ts'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { checkedEntry } from '../store/recording.ts'
import { openIdentity, SealedDesk } from '../store/sealed.ts'
import { now } from './clock.ts'
import { writePrivate } from './pack-files.ts'
import { authorOf } from './reviewed.ts'
import { anotherMustAgree, type OpeningOptions, openEnvelope } from './sealing.ts'
import type { Terminal } from './terminal.ts'
import { readStep, type UnsealStep, writeStep } from './unseal-step.ts'
import { refuseNaming } from './whose.ts'

/**
 * Shows who a client is, or writes what the next goes on from; either is in the audit log first. Throws `usage`,
 * `key_unusable` and `store_unusable`: then nothing was shown.
 */
export async function unsealClient(
  client: string | undefined,
  options: OpeningOptions,
  terminal: Terminal,
): Promise<void> {
  if ((client === undefined) === (options.continue === undefined)) {
    throw new OffchannelError('usage', 'say whom: a client as tables show it, or --continue FILE')
  }
  const entry = checkedEntry({ at: now(), author: authorOf(options, terminal), text: options.reason }, false)
  const desk = SealedDesk.open(options.store)
  try {
    const one = client === undefined ? continued(options.continue!, desk) : desk.sealedOf(client)
    const { content, isKey } = await openEnvelope(one.envelope, options.identityFile)
    const left = { ...one, envelope: content }
    if (!isKey && options.step1Out === undefined) {
      throw anotherMustAgree()
    }
    const identity = isKey ? openIdentity(left, content) : undefined
    refuseNaming(entry.text, [one.label, one.subject, ...(identity === undefined ? [] : [identity])])
    const told = isKey ? { step: 'shown' } : { step: 'handed on', digest: digestOfStep(left) }
    const details = { subject: unsealedDigest(one.subject), reason: entry.text, ...told }
    desk.enter({ at: entry.at, author: entry.author, action: 'unseal', details })
    if (isKey) show(left, identity, options, terminal)
    else {
      writePrivate(options.step1Out!, writeStep(left))
      terminal.note(`${harmless(options.step1Out!)}: hand it to somebody of the other group, who continues from it`)
    }
  } finally {
    desk.close()
  }
}

function show(one: UnsealStep, identity: string | undefined, options: OpeningOptions, terminal: Terminal): void {
  if (identity === undefined) {
    throw new OffchannelError('store_unusable', `${harmless(one.label)}: what is sealed of it was changed`)
  }
  if (options.json) terminal.json({ client: one.label, subject: one.subject, identity })
  else terminal.out(`${harmless(one.label)} is ${harmless(identity)}`)
}

/** What the first handed on; the audit log must say that it was. */
function continued(file: string, desk: SealedDesk): UnsealStep {
  const step = readStep(file)
  const digest = digestOfStep(step)
  const entries = desk.entries({ action: 'unseal' })
  if (entries.some(({ details }) => (JSON.parse(details) as { digest?: unknown }).digest === digest)) return step
  const words = `the audit log of ${harmless(desk.file)} does not say that it was handed on: name that store with --store`
  throw new OffchannelError('usage', `${harmless(file)}: ${words}`)
}

const digestOfStep = ({ subject, envelope }: UnsealStep) =>
  digestOf([subject, Buffer.from(envelope).toString('base64')])
