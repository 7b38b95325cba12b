import { OffchannelError } from '../base/errors.ts'
import { harmless, plural } from '../base/text.ts'
import type { Recipients } from '../store/open.ts'
import { checkedEntry } from '../store/recording.ts'
import { ResealDesk, type Resealed } from '../store/resealing.ts'
import { openIdentity } from '../store/sealed.ts'
import { now } from './clock.ts'
import { writePrivate } from './pack-files.ts'
import { digestOfSteps, type ResealStep, readResealSteps, resealStepText } from './reseal-step.ts'
import { authorOf } from './reviewed.ts'
import {
  type AgeKeys,
  anotherMustAgree,
  isEnvelope,
  type OpeningOptions,
  readAgeKeys,
  sealTo,
  takeLayers,
} from './sealing.ts'
import type { Terminal } from './terminal.ts'

interface Outcome {
  readonly done: readonly Resealed[]
  readonly handedOn: readonly ResealStep[]
  /** Keys that none of the age keys opens. */
  readonly closed: number
}

/**
 * Seals the data keys of earlier periods to the store's present recipients, so far as the age keys that are given open
 * them: whoever of a group has left need not have. The groups that stay the same from the first on are not opened. Throws
 * `usage`, `key_unusable` and `store_unusable`: then nothing was changed.
 */
export async function reseal(options: OpeningOptions, terminal: Terminal): Promise<void> {
  const entry = checkedEntry({ at: now(), author: authorOf(options, terminal), text: options.reason }, false)
  const keys = await readAgeKeys(options.identityFile)
  const desk = ResealDesk.open(options.store)
  try {
    const recipients = desk.recipients
    if (recipients.length === 0) {
      throw new OffchannelError(
        'usage',
        `${harmless(options.store)}: seals no identities: there is nothing to seal anew`,
      )
    }
    const steps = stepsOf(desk, recipients, options.continue)
    const { done, handedOn, closed } = await eachKey(steps, recipients, keys, desk)
    if (done.length === 0 && handedOn.length === 0) {
      if (closed > 0)
        throw new OffchannelError('key_unusable', `none of these keys opens ${plural(closed, 'data key')}`)
      if (options.json) terminal.json({ resealed: 0, handedOn: 0, closed: 0 })
      else terminal.out('Everything is sealed to the present recipients already.')
      return
    }
    if (handedOn.length > 0 && options.step1Out === undefined) {
      throw anotherMustAgree()
    }
    const about = { at: entry.at, author: entry.author, action: 'reseal' }
    const resealed =
      done.length === 0 ? 0 : desk.replace(done, recipients, about, { step: 'sealed', reason: entry.text })
    if (handedOn.length > 0) {
      const text = resealStepText(handedOn)
      const details = { step: 'handed on', reason: entry.text, keys: handedOn.length, digest: digestOfSteps(text) }
      desk.enter({ ...about, details })
      writePrivate(options.step1Out!, Buffer.from(text))
    }
    tell({ resealed, handedOn: handedOn.length, closed }, options, terminal)
  } finally {
    desk.close()
  }
}

/** What is to be sealed anew: all of the store, or what the first handed on, of which the audit log must say that it was. */
function stepsOf(desk: ResealDesk, recipients: Recipients, file: string | undefined): ResealStep[] {
  const stored = desk.keysOfOthers(recipients)
  if (file === undefined) return stored.map(({ recipients: before, ...key }) => ({ ...key, before, left: before }))
  const { steps, digest } = readResealSteps(file)
  const entries = desk.entries({ action: 'reseal' })
  if (!entries.some(({ details }) => (JSON.parse(details) as { digest?: unknown }).digest === digest)) {
    const words = `the audit log of ${harmless(desk.file)} does not say that it was handed on: name that store with --store`
    throw new OffchannelError('usage', `${harmless(file)}: ${words}`)
  }
  const ids = new Set(stored.map(({ id }) => id))
  return steps.filter(({ id }) => ids.has(id))
}

async function eachKey(
  steps: readonly ResealStep[],
  to: Recipients,
  keys: AgeKeys,
  desk: ResealDesk,
): Promise<Outcome> {
  const done: Resealed[] = []
  const handedOn: ResealStep[] = []
  let closed = 0
  for (const step of steps) {
    const { id, before, left } = step
    const stays = commonGroups(left, to)
    const { content, layers } = await takeLayers(step.envelope, keys, left.length - stays)
    if (layers < left.length - stays) {
      if (layers === 0) closed++
      else handedOn.push({ id, before, left: left.slice(0, left.length - layers), envelope: content })
      continue
    }
    // What is not what it says would be lost for good under a new envelope.
    const sample = desk.sampleOf(id)
    const isSound =
      stays > 0 ? isEnvelope(content) : sample !== undefined && openIdentity(sample, content) !== undefined
    if (!isSound) throw new OffchannelError('store_unusable', `data key ${id}: what is sealed in it was changed`)
    done.push({ id, before, envelope: await sealTo(content, to.slice(stays)) })
  }
  return { done, handedOn, closed }
}

/** How many groups, from the first on, are the same. */
function commonGroups(a: Recipients, b: Recipients): number {
  let common = 0
  while (common < Math.min(a.length, b.length) && JSON.stringify(a[common]) === JSON.stringify(b[common])) common++
  return common
}

function tell(
  counts: { readonly resealed: number; readonly handedOn: number; readonly closed: number },
  { json, step1Out }: OpeningOptions,
  terminal: Terminal,
): void {
  if (json) {
    terminal.json(counts)
    return
  }
  const { resealed, handedOn, closed } = counts
  if (resealed > 0)
    terminal.out(`${plural(resealed, 'data key is', 'data keys are')} sealed to the present recipients now.`)
  if (handedOn > 0) {
    const words = 'hand it to somebody of the group before, who continues from it'
    terminal.note(`${harmless(step1Out!)}: ${plural(handedOn, 'data key')}: ${words}`)
  }
  if (closed > 0)
    terminal.note(`${plural(closed, 'data key stays', 'data keys stay')} as sealed: none of these keys opens them`)
}
