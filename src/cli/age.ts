import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { readSmall } from './pack-files.ts'

/** Encrypts to recipients (`age1…`), https://age-encryption.org/v1. Throws `usage` for what is none. */
export async function encryptTo(recipients: readonly string[], content: Uint8Array): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch (thrown) {
      const words = `--recipient ${harmless(recipient)}: is no age recipient: write one like age1…`
      throw new OffchannelError('usage', words, { cause: thrown })
    }
  }
  return encrypter.encrypt(content)
}

/** Opens what was encrypted to one of the identities of a file (`AGE-SECRET-KEY-1…`, as age-keygen writes it). */
export async function decryptWith(file: string | undefined, sealed: Uint8Array): Promise<Buffer> {
  if (file === undefined) {
    throw new OffchannelError(
      'usage',
      'the pack is no zip: where it is encrypted, give the recipient’s key with --identity',
    )
  }
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  try {
    for (const line of readSmall(file).toString().split('\n')) {
      if (line.startsWith('AGE-SECRET-KEY-')) decrypter.addIdentity(line.trim())
    }
    return Buffer.from(await decrypter.decrypt(sealed))
  } catch (thrown) {
    throw new OffchannelError('input_unreadable', `the pack cannot be decrypted: ${messageOf(thrown)}`, {
      cause: thrown,
    })
  }
}
