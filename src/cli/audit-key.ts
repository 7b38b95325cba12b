import type { KeyObject } from 'node:crypto'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { readSmall } from './pack-files.ts'

/** The public key of whoever signs heads. Throws `key_unusable` for what is no Ed25519 key. */
export async function readAuditKey(file: string): Promise<KeyObject> {
  const { parseSigner, publicKeyOf } = await import('../prove/keys.ts')
  const signer = parseSigner(readSmall(file).toString())
  if (signer !== undefined && 'key' in signer) return publicKeyOf(signer.key)
  const words = 'is no Ed25519 public key: `openssl pkey -in key.pem -pubout` writes one'
  throw new OffchannelError('key_unusable', `${harmless(file)}: ${words}`)
}
