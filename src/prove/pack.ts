import type { KeyObject } from 'node:crypto'
import { sign } from 'node:crypto'
import { type Bag, makeBag, SIGNED_FILE } from './bag.ts'
import type { PackContents } from './contents.ts'
import { packPayload } from './payload.ts'
import { packReadme } from './readme.ts'
import { sshSign } from './sshsig.ts'

/** The signature as 64 bytes (RFC 8032), for `openssl pkeyutl`; a time-stamp is over this file. */
export const RAW_SIGNATURE = `signature/${SIGNED_FILE}.ed25519`

/** The same by the same key as OpenSSH writes it, for `ssh-keygen -Y verify`. */
export const SSH_SIGNATURE = `signature/${SIGNED_FILE}.sig`

/** Makes a pack without its signature: the same contents give the same files. */
export async function makePack(contents: PackContents): Promise<Bag> {
  const payload = await packPayload(contents)
  const ids = contents.findings.map(({ finding }) => finding.id)
  const info = [
    ['Source-Organization', contents.policy.organisation],
    ['External-Description', `Evidence of ${ids.join(', ')}, ${contents.level}`],
    ['Bag-Software-Agent', `offchannel ${contents.version}`],
  ] as const
  return makeBag(payload, info, (id) => packReadme(id, contents))
}

/** Adds both forms of the signature, by an Ed25519 key. */
export function signPack({ files }: Bag, key: KeyObject): void {
  const signed = files.get(SIGNED_FILE)!
  files.set(RAW_SIGNATURE, sign(null, signed, key))
  files.set(SSH_SIGNATURE, Buffer.from(sshSign(signed, key)))
}
