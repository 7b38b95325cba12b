import { readFileSync, statSync } from 'node:fs'
import { messageOf, OffchannelError } from '../base/errors.ts'
import type { Output } from '../model/output.ts'

/** Far above any password. */
const SIZE_LIMIT = 4096

/**
 * The secret of an output, from a file that only its owner may read or from the environment, without the line end behind
 * it. Throws `key_unusable` where there is none or others may read it; no message holds any of it.
 */
export function readSecret(output: Output, environment: Readonly<Record<string, string | undefined>>): string {
  const source = output.kind === 'webhook' ? output.secret : output.kind === 'mail' ? output.login?.secret : undefined
  if (source === undefined) throw new Error(`an output of kind ${output.kind} has no secret`)
  if ('variable' in source) {
    const value = environment[source.variable] ?? ''
    if (value.trim() !== '') return value.trim()
    throw new OffchannelError('key_unusable', `the environment has no ${source.variable}: set it, or use secret-file`)
  }
  const { file } = source
  let text: string
  try {
    const { mode, size } = statSync(file)
    // Windows has no such bits; there the folder's access list guards the file.
    if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new OffchannelError('key_unusable', `${file}: others may read this secret: chmod 600 ${file}`)
    }
    if (size > SIZE_LIMIT) throw new OffchannelError('key_unusable', `${file}: is too large to be a secret`)
    text = readFileSync(file, 'utf8').trim()
  } catch (thrown) {
    if (thrown instanceof OffchannelError) throw thrown
    throw new OffchannelError('key_unusable', `${file}: ${messageOf(thrown)}`, { cause: thrown })
  }
  if (text === '') throw new OffchannelError('key_unusable', `${file}: is empty: write the secret into it`)
  return text
}
