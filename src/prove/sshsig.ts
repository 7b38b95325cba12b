import { createHash, type KeyObject, sign, verify } from 'node:crypto'
import { publicKeyOf, rawKeyOf } from './keys.ts'

/**
 * Signatures that `ssh-keygen -Y verify` checks:
 * https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig
 */

const MAGIC = 'SSHSIG'
const KEY_TYPE = 'ssh-ed25519'
const HASH = 'sha512'
const BEGIN = '-----BEGIN SSH SIGNATURE-----'
const END = '-----END SSH SIGNATURE-----'

/** What a signature is for (`-n`): one for something else is none for a pack. */
export const NAMESPACE = 'offchannel-evidence'

/** An armoured signature by an Ed25519 key. The same key and message give the same. */
export function sshSign(message: Uint8Array, key: KeyObject): string {
  const signature = sign(null, signedData(message), key)
  return armoured(rawKeyOf(key), signature)
}

/** The key (32 bytes) that made a signature, where it is one over this message; else undefined. */
export function sshVerify(message: Uint8Array, armour: string): Buffer | undefined {
  const body = Buffer.from(armour.replaceAll(BEGIN, '').replaceAll(END, ''), 'base64')
  // magic, version, key (type and 32 bytes), namespace, reserved, hash, signature (type and 64 bytes)
  const keyAt = MAGIC.length + 4 + 4 + 4 + KEY_TYPE.length + 4
  const key = body.subarray(keyAt, keyAt + 32)
  const signature = body.subarray(-64)
  if (body.length < keyAt + 32 + 64) return undefined
  // Written anew it must be the same, to the last byte: nothing in it is free.
  if (armoured(key, signature) !== armour) return undefined
  return verify(null, signedData(message), publicKeyOf(key), signature) ? Buffer.from(key) : undefined
}

/** `ssh-ed25519 AAAA…`, as in authorized_keys and allowed_signers. */
export function sshPublicKey(raw: Uint8Array): string {
  return `${KEY_TYPE} ${keyBlob(raw).toString('base64')}`
}

/** `SHA256:…`, as `ssh-keygen -l` shows it. */
export function sshFingerprint(raw: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(keyBlob(raw)).digest('base64').replace(/=+$/, '')}`
}

function keyBlob(raw: Uint8Array): Buffer {
  return Buffer.concat([text(KEY_TYPE), text(raw)])
}

function signedData(message: Uint8Array): Buffer {
  const hash = createHash(HASH).update(message).digest()
  return Buffer.concat([Buffer.from(MAGIC), text(NAMESPACE), text(''), text(HASH), text(hash)])
}

function armoured(key: Uint8Array, signature: Uint8Array): string {
  const version = Buffer.from([0, 0, 0, 1])
  const blob = Buffer.concat([text(KEY_TYPE), text(signature)])
  const parts = [Buffer.from(MAGIC), version, text(keyBlob(key)), text(NAMESPACE), text(''), text(HASH), text(blob)]
  const lines =
    Buffer.concat(parts)
      .toString('base64')
      .match(/.{1,70}/g) ?? []
  return `${[BEGIN, ...lines, END].join('\n')}\n`
}

/** A string of RFC 4251 §5: its length in four bytes, then it. */
function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
