import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { digestOf } from '../audit/entry.ts'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Recipients } from '../store/open.ts'

/** A data key on its way from one who must agree to the next. */
export interface ResealStep {
  readonly id: number
  /** Whom the envelope in the store is for. */
  readonly before: Recipients
  /** Whom what is left of it is for: the first groups of those. */
  readonly left: Recipients
  readonly envelope: Uint8Array
}

const FORMAT = 'offchannel reseal 1'
/** A hundred thousand data keys. */
const SIZE_LIMIT = 64 << 20

const groups = z.array(z.array(z.string().max(200)).max(100)).max(16)
const file = z.strictObject({
  format: z.literal(FORMAT),
  keys: z.array(z.strictObject({ id: z.int(), before: groups, left: groups, envelope: z.base64() })),
})

/** As JSON: nothing in it can be read without the keys that are still to come. */
export function resealStepText(steps: readonly ResealStep[]): string {
  const keys = steps.map((step) => ({ ...step, envelope: Buffer.from(step.envelope).toString('base64') }))
  return `${JSON.stringify({ format: FORMAT, keys })}\n`
}

/** What the audit log knows the file by. */
export const digestOfSteps = (text: string) => digestOf([FORMAT, text])

/** The keys in a file, and its digest. Throws `usage` for what `resealStepText` did not write. */
export function readResealSteps(path: string): { readonly steps: ResealStep[]; readonly digest: string } {
  try {
    if (statSync(path).size > SIZE_LIMIT) throw new Error('it is too large')
    const text = readFileSync(path, 'utf8')
    const { keys } = file.parse(JSON.parse(text))
    const steps = keys.map((key) => ({ ...key, envelope: Buffer.from(key.envelope, 'base64') }))
    return { steps, digest: digestOfSteps(text) }
  } catch (thrown) {
    const words = `is none that \`offchannel recipients reseal --step1-out\` wrote (${messageOf(thrown).slice(0, 80)})`
    throw new OffchannelError('usage', `${harmless(path)}: ${words}`, { cause: thrown })
  }
}
