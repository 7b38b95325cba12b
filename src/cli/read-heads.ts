import { readFileSync } from 'node:fs'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { SignedHead } from '../model/audit.ts'

/** The heads that `audit sign` appended to a file. Throws `input_unreadable`. */
export async function readHeads(file: string): Promise<SignedHead[]> {
  const { parseHeads } = await import('../audit/heads.ts')
  return parseHeads(readWhole(file), file)
}

/** A text of the operator's, however long. Throws `input_unreadable`. */
export function readWhole(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new OffchannelError('input_unreadable', `${harmless(file)}: ${messageOf(thrown)}`, { cause: thrown })
  }
}
