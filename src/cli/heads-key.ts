import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { parseSigningKey } from '../prove/keys.ts'
import type { JobOutputs } from './job-config.ts'
import { readSmall, writePrivate } from './pack-files.ts'
import type { Terminal } from './terminal.ts'

/** Makes the key that a job signs heads with, where it is one beside the store and is not there; says what to do with it. */
export function makeHeadsKey({ headsKey, makesHeadsKey }: JobOutputs, terminal: Terminal): void {
  if (!makesHeadsKey || existsSync(headsKey)) return
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const publicFile = headsKey.replace(/pem$/, 'pub')
  writePrivate(headsKey, Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8' })))
  writeFileSync(publicFile, publicKey.export({ format: 'pem', type: 'spki' }))
  const what = 'heads of the audit log are signed with this new key'
  const words = `${what}: give ${harmless(publicFile)} to whoever verifies them`
  terminal.note(`${harmless(headsKey)}: ${words}`)
}

/** The key that heads are signed with. Throws `key_unusable` where it is none, or others may read it. */
export function readHeadsKey(file: string): KeyObject {
  const text = readSmall(file).toString()
  // Windows has no such bits; there the folder's access list guards the file.
  if ((statSync(file).mode & 0o077) !== 0 && process.platform !== 'win32') {
    const name = harmless(file)
    throw new OffchannelError('key_unusable', `${name}: others may read this key: chmod 600 ${name}`)
  }
  return parseSigningKey(text, harmless(file))
}
