import { readFileSync } from 'node:fs'
import type { SignatureSet } from '../model/signature.ts'
import { readFolder } from './folder.ts'

/**
 * A checked set of signatures kept as JSON: reading YAML and checking it takes longer than reading a small capture
 * does. It holds only for a folder with exactly the files that it was made from; undefined for any other.
 */
export function loadCompiled(folder: string, compiled: string): SignatureSet | undefined {
  let set: SignatureSet
  try {
    set = JSON.parse(readFileSync(compiled, 'utf8')) as SignatureSet
  } catch {
    return undefined
  }
  return set.hash === readFolder(folder).hash ? set : undefined
}
