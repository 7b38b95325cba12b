import { z } from 'zod'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { SealedIdentity } from '../store/sealed.ts'
import { readSmall } from './pack-files.ts'

/** A sealed identity on its way from one who must agree to the next: its envelope has the layers that are left. */
export type UnsealStep = SealedIdentity

const FORMAT = 'offchannel unseal 1'

const file = z.strictObject({
  format: z.literal(FORMAT),
  client: z.string().max(200),
  subject: z.string().regex(/^(address|user|device)-[0-9a-f]{32}$/),
  sealed: z.base64(),
  envelope: z.base64(),
})

/** As JSON: nothing in it can be read without the keys that are still to come. */
export function writeStep({ label, subject, sealed, envelope }: UnsealStep): Buffer {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  const content = { format: FORMAT, client: label, subject, sealed: base64(sealed), envelope: base64(envelope) }
  return Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`)
}

/** Throws `usage` for what `writeStep` did not write. */
export function readStep(path: string): UnsealStep {
  try {
    const { client, subject, sealed, envelope } = file.parse(JSON.parse(readSmall(path).toString()))
    return { label: client, subject, sealed: Buffer.from(sealed, 'base64'), envelope: Buffer.from(envelope, 'base64') }
  } catch (thrown) {
    if (thrown instanceof OffchannelError) throw thrown
    const words = `is none that \`offchannel unseal --step1-out\` wrote (${messageOf(thrown).slice(0, 80)})`
    throw new OffchannelError('usage', `${harmless(path)}: ${words}`, { cause: thrown })
  }
}
