import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { messageOf, OffchannelError } from '../base/errors.ts'

const KEY_BYTES = 32

/** Where the key of a store lies unless the operator says otherwise. */
export function keyFileOf(store: string): string {
  return `${store}.key`
}

/**
 * The key under which a store's pseudonyms are made: 64 hexadecimal digits in a file that only its owner may read. A
 * new store gets a new one. Throws `key_unusable` where the file is missing, readable by others, or holds something
 * else.
 */
export function loadKey(file: string, store: string): Buffer {
  if (!existsSync(file)) {
    if (existsSync(store)) {
      throw new OffchannelError(
        'key_unusable',
        `${file}: the key of ${store} is missing: put it back, or name it with --key`,
      )
    }
    return createKey(file)
  }
  let text: string
  try {
    // Windows has no such bits; there the folder's access list guards the file.
    const othersMay = statSync(file).mode & 0o077
    if (othersMay !== 0 && process.platform !== 'win32') {
      throw new OffchannelError('key_unusable', `${file}: others may read this key: chmod 600 ${file}`)
    }
    text = readFileSync(file, 'utf8').trim()
  } catch (thrown) {
    if (thrown instanceof OffchannelError) throw thrown
    throw new OffchannelError('key_unusable', `${file}: ${messageOf(thrown)}`, { cause: thrown })
  }
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new OffchannelError('key_unusable', `${file}: not a key: it must hold 64 hexadecimal digits and nothing else`)
  }
  return Buffer.from(text, 'hex')
}

function createKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES)
  try {
    // On the disk before anything is stored under it: a store whose key is lost takes nothing more.
    writeFileSync(file, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  } catch (thrown) {
    throw new OffchannelError(
      'key_unusable',
      `${file}: cannot be written (${messageOf(thrown)}): name another file with --key`,
      {
        cause: thrown,
      },
    )
  }
  return key
}
