import { readFileSync, statSync } from 'node:fs'
import { Option } from 'commander'
import { messageOf, OffchannelError } from '../../base/errors.ts'
import { harmless } from '../../base/text.ts'
import type { Bundle } from '../../classify/bundle.ts'
import type { Layer } from '../../classify/layers.ts'
import { refuseProblems } from '../signature-set.ts'

/** Who is to have signed a bundle. */
export interface SignerOptions {
  readonly publicKey?: string
  readonly fingerprint?: string
}

export const publicKeyOption = () =>
  new Option('--public-key <file>', "the signer's public key as PEM").conflicts('fingerprint')
export const fingerprintOption = () =>
  new Option('--fingerprint <digits>', "SHA-256 of the signer's public key, as `export` printed it")

/**
 * Reads a bundle and checks that this signer signed it; throws `signatures_invalid` that names the file and what is
 * wrong, and `usage` without a signer: a bundle's own word for who signed it is worth nothing.
 */
export async function readBundle(file: string, options: SignerOptions): Promise<Bundle> {
  const { BUNDLE_LIMIT, openBundle, readPublicKey } = await import('../../classify/bundle.ts')
  const { publicKey, fingerprint } = options
  if (publicKey === undefined && fingerprint === undefined) {
    throw new OffchannelError('usage', `${file}: name who signed it with --public-key or --fingerprint`)
  }
  const digits = fingerprint?.toLowerCase().replace(/[\s:]/g, '') ?? ''
  if (fingerprint !== undefined && !/^[0-9a-f]{64}$/.test(digits)) {
    throw new OffchannelError('usage', harmless(`--fingerprint ${fingerprint}: is not 64 hexadecimal digits`))
  }
  const signer = publicKey === undefined ? digits : readPublicKey(textOf(publicKey, KEY_LIMIT), publicKey)
  const text = textOf(file, BUNDLE_LIMIT)
  try {
    return openBundle(text, signer)
  } catch (thrown) {
    if (!(thrown instanceof OffchannelError)) throw thrown
    throw new OffchannelError(thrown.code, `${file}: ${thrown.message}`, { cause: thrown })
  }
}

export const KEY_LIMIT = 1 << 16

/** The text of a file; throws `usage` where it cannot be read, is larger than `limit` bytes, or is not UTF-8. */
export function textOf(file: string, limit: number): string {
  let fault: string
  try {
    const stat = statSync(file)
    if (!stat.isFile()) fault = 'is no file'
    else if (stat.size > limit) fault = `is larger than ${limit} bytes`
    else return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file))
  } catch (thrown) {
    fault = thrown instanceof TypeError ? 'is not UTF-8 text' : `cannot be read (${messageOf(thrown)})`
  }
  throw new OffchannelError('usage', harmless(`${file}: ${fault}`))
}

/** A folder of signatures, or a bundle of them, as a layer; throws with a line for everything that is wrong with it. */
export async function layerOf(place: string, options: SignerOptions): Promise<Layer> {
  const { checkFiles, readSignatures } = await import('../../classify/load.ts')
  const isBundle = statSync(place, { throwIfNoEntry: false })?.isFile() === true
  const { problems, ...layer } = isBundle ? checkFiles(await readBundle(place, options)) : readSignatures(place)
  await refuseProblems(problems.map((problem) => ({ ...problem, file: `${place}/${problem.file}` })))
  return { ...layer, folder: place }
}
