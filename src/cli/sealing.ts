import { randomBytes } from 'node:crypto'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Recipients } from '../store/open.ts'
import type { DataKey } from '../store/sealed.ts'
import { now } from './clock.ts'
import { readSmall } from './pack-files.ts'

/** Groups that must agree, and recipients in one: each layer costs some 200 bytes a recipient, in each data key. */
const GROUPS_LIMIT = 4
const RECIPIENTS_LIMIT = 20

/** What a command is given that opens what is sealed, in one step or handed on from group to group. */
export interface OpeningOptions {
  readonly store: string
  readonly reason: string
  readonly author?: string
  readonly identityFile: readonly string[]
  readonly step1Out?: string
  readonly continue?: string
  readonly json?: true
}

/** That a step is to be handed on, and nobody said where it is to be written. */
export function anotherMustAgree(): OffchannelError {
  const words = 'another group must agree: write what they continue from with --step1-out FILE'
  return new OffchannelError('usage', words)
}

/**
 * The recipients in files, a group each: `age1…` a line, with comments behind `#`. Throws `usage`, with the line of one that
 * is none.
 */
export async function readRecipients(files: readonly string[]): Promise<Recipients> {
  if (files.length > GROUPS_LIMIT) {
    throw new OffchannelError('usage', `--recipients: ${GROUPS_LIMIT} files at most: each is a group that must agree`)
  }
  const { Encrypter } = await import('age-encryption')
  return files.map((file) => {
    const recipients: string[] = []
    const words = `must have 1 to ${RECIPIENTS_LIMIT} age recipients, a line each, as age-keygen prints them: age1…`
    for (const [n, line] of readSmall(file).toString().split('\n').entries()) {
      const one = line.trim()
      if (one === '' || one.startsWith('#')) continue
      // What is no text at all is not shown.
      if (!/^[!-~]{1,200}$/.test(one)) throw new OffchannelError('usage', `${harmless(file)}:${n + 1}: ${words}`)
      try {
        new Encrypter().addRecipient(one)
      } catch (thrown) {
        const wrong = `${harmless(one)} is no age recipient: the file ${words}`
        throw new OffchannelError('usage', `${harmless(file)}:${n + 1}: ${wrong}`, { cause: thrown })
      }
      recipients.push(one)
    }
    if (recipients.length === 0 || recipients.length > RECIPIENTS_LIMIT) {
      throw new OffchannelError('usage', `${harmless(file)}: ${words}`)
    }
    return recipients
  })
}

/**
 * A new data key, in an envelope for one of each group (age, https://age-encryption.org/v1): recipients of one envelope are
 * alternatives, so where two must agree the envelope for the first group lies in that for the second.
 *
 * @param recipients those that `readRecipients` gave.
 */
export async function newDataKey(recipients: Recipients): Promise<DataKey> {
  const key = randomBytes(32)
  return { key, envelope: await sealTo(key, recipients), recipients, at: now() }
}

/** Puts envelopes around it, one a group, the last group's outermost. */
export async function sealTo(content: Uint8Array, groups: Recipients): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption')
  let envelope = content
  for (const group of groups) {
    const encrypter = new Encrypter()
    for (const recipient of group) encrypter.addRecipient(recipient)
    envelope = await encrypter.encrypt(envelope)
  }
  return envelope
}

/** What is left of an envelope when all that these identities open is off. */
export interface Opened {
  readonly content: Uint8Array
  /** Whether the data key is reached: else somebody else has to go on. */
  readonly isKey: boolean
}

const ENVELOPE_START = 'age-encryption.org/v1\n'

/** Whether it is what age made. */
export function isEnvelope(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(0, ENVELOPE_START.length)).toString('latin1') === ENVELOPE_START
}

/** What opens envelopes. */
export interface AgeKeys {
  /** Undefined where none of the keys fits. */
  open(envelope: Uint8Array): Promise<Uint8Array | undefined>
}

/** The keys of files (`AGE-SECRET-KEY-1…`, as age-keygen writes them). Throws `usage`. */
export async function readAgeKeys(files: readonly string[]): Promise<AgeKeys> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  for (const file of files) {
    const lines = readSmall(file).toString().split('\n')
    const found = lines.map((line) => line.trim()).filter((line) => line.startsWith('AGE-SECRET-KEY-'))
    try {
      for (const key of found) decrypter.addIdentity(key)
    } catch {
      found.length = 0
    }
    if (found.length > 0) continue
    throw new OffchannelError('usage', `${harmless(file)}: holds no age key: give what age-keygen wrote`)
  }
  return {
    open: async (envelope) => {
      try {
        return await decrypter.decrypt(envelope)
      } catch {
        return undefined
      }
    },
  }
}

/** Takes layers off an envelope, as many as are wanted and these keys open. */
export async function takeLayers(
  envelope: Uint8Array,
  keys: AgeKeys,
  wanted: number,
): Promise<{ readonly content: Uint8Array; readonly layers: number }> {
  let content = envelope
  for (let layers = 0; ; layers++) {
    const opened = layers < wanted && isEnvelope(content) ? await keys.open(content) : undefined
    if (opened === undefined) return { content, layers }
    content = opened
  }
}

/** Takes all layers off an envelope that the keys of files open. Throws `usage`, and `key_unusable` where they open none. */
export async function openEnvelope(envelope: Uint8Array, files: readonly string[]): Promise<Opened> {
  const { content, layers } = await takeLayers(envelope, await readAgeKeys(files), GROUPS_LIMIT)
  if (layers > 0 || !isEnvelope(envelope)) return { content, isKey: !isEnvelope(content) && content.length === 32 }
  throw new OffchannelError('key_unusable', 'none of these keys opens what is sealed: give that of a recipient')
}
