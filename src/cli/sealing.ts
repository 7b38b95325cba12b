import { randomBytes } from 'node:crypto'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Recipients } from '../store/open.ts'
import type { DataKey } from '../store/sealed.ts'
import { now } from './clock.ts'
import { readSmall } from './pack-files.ts'

/** Groups that must agree, and recipients in one: each layer costs some 200 bytes a recipient, in each data key. */
const GROUPS_LIMIT = 4
const RECIPIENTS_LIMIT = 20

/** The recipients in files, a group each: `age1…` a line, with comments behind `#`. Throws `usage`. */
export function readRecipients(files: readonly string[]): Recipients {
  if (files.length > GROUPS_LIMIT) {
    throw new OffchannelError('usage', `--recipients: ${GROUPS_LIMIT} files at most: each is a group that must agree`)
  }
  return files.map((file) => {
    const lines = readSmall(file).toString().split('\n')
    const recipients = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
    const wrong = recipients.findIndex((one) => !/^age1[0-9a-z]+$/.test(one))
    if (recipients.length === 0 || recipients.length > RECIPIENTS_LIMIT || wrong >= 0) {
      const words = `must have 1 to ${RECIPIENTS_LIMIT} age recipients, a line each, as age-keygen prints them: age1…`
      throw new OffchannelError('usage', `${harmless(file)}: ${words}`)
    }
    return recipients
  })
}

/**
 * A new data key, in an envelope for one of each group (age, https://age-encryption.org/v1): recipients of one envelope are
 * alternatives, so where two must agree the envelope for the first group lies in that for the second. Throws `usage`.
 */
export async function newDataKey(recipients: Recipients): Promise<DataKey> {
  if (recipients.length === 0)
    throw new OffchannelError('usage', '--identities sealed: say to whom, with --recipients FILE')
  const { Encrypter } = await import('age-encryption')
  const key = randomBytes(32)
  let envelope: Uint8Array = key
  for (const group of recipients) {
    const encrypter = new Encrypter()
    for (const recipient of group) {
      try {
        encrypter.addRecipient(recipient)
      } catch (thrown) {
        const words = `--recipients: ${harmless(recipient)} is no age recipient: write those that age-keygen prints`
        throw new OffchannelError('usage', words, { cause: thrown })
      }
    }
    envelope = await encrypter.encrypt(envelope)
  }
  return { key, envelope, at: now() }
}

/** What is left of an envelope when all that these identities open is off. */
export interface Opened {
  readonly content: Uint8Array
  /** Layers that came off. */
  readonly layers: number
  /** Whether the data key is reached: else somebody else has to go on. */
  readonly isKey: boolean
}

const ENVELOPE_START = 'age-encryption.org/v1\n'

/** Takes layers off an envelope with the keys of files (`AGE-SECRET-KEY-1…`, as age-keygen writes them). Throws `usage`. */
export async function openEnvelope(envelope: Uint8Array, files: readonly string[]): Promise<Opened> {
  const { Decrypter } = await import('age-encryption')
  const keys = files.flatMap((file) => {
    const lines = readSmall(file).toString().split('\n')
    const found = lines.map((line) => line.trim()).filter((line) => line.startsWith('AGE-SECRET-KEY-'))
    if (found.length > 0) return found
    throw new OffchannelError('usage', `${harmless(file)}: holds no age key: give what age-keygen wrote`)
  })
  let content = envelope
  for (let layers = 0; layers <= GROUPS_LIMIT; layers++) {
    if (Buffer.from(content.subarray(0, ENVELOPE_START.length)).toString('latin1') !== ENVELOPE_START) {
      return { content, layers, isKey: content.length === 32 }
    }
    try {
      const decrypter = new Decrypter()
      for (const key of keys) decrypter.addIdentity(key)
      content = await decrypter.decrypt(content)
    } catch (thrown) {
      if (layers > 0) return { content, layers, isKey: false }
      const words = `none of these keys opens what is sealed (${messageOf(thrown)}): give that of a recipient`
      throw new OffchannelError('key_unusable', words)
    }
  }
  throw new OffchannelError('usage', 'what is sealed has more layers than there can be')
}
