import { HeadScanner } from '../audit/heads.ts'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { SignedHead } from '../model/audit.ts'

/** What receivers hold. */
export interface PublishedHeads {
  readonly heads: readonly SignedHead[]
  /** `file:line` of what was a head, and is cut off or changed. */
  readonly damaged: readonly string[]
}

const WINDOW = 1 << 16

/**
 * The heads in files of any form, also packed ones: files, folders and globs. Each file must have one; throws
 * `input_unreadable`.
 */
export async function readPublishedHeads(paths: readonly string[]): Promise<PublishedHeads> {
  if (paths.length === 0) return { heads: [], damaged: [] }
  const [{ findInputs }, { openFile }, { unpack }] = await Promise.all([
    import('../read/inputs.ts'),
    import('../read/source.ts'),
    import('../read/unpack.ts'),
  ])
  const heads: SignedHead[] = []
  const damaged: string[] = []
  const bytes = Buffer.alloc(WINDOW)
  for (const file of await findInputs(paths)) {
    const name = harmless(file)
    const scanner = new HeadScanner()
    try {
      const { stream } = await unpack(openFile(file))
      try {
        for (let count = await stream.read(bytes, 0, WINDOW); count > 0; count = await stream.read(bytes, 0, WINDOW)) {
          scanner.push(bytes.toString('latin1', 0, count), false)
        }
      } finally {
        stream.close()
      }
    } catch (thrown) {
      throw new OffchannelError('input_unreadable', `${name}: ${messageOf(thrown)}`, { cause: thrown })
    }
    scanner.push('', true)
    if (scanner.heads.length === 0 && scanner.damaged.length === 0) {
      const words = 'holds no head of an audit log: give what receivers wrote, or `audit sign` appended to'
      throw new OffchannelError('input_unreadable', `${name}: ${words}`)
    }
    heads.push(...scanner.heads)
    damaged.push(...scanner.damaged.map((line) => `${name}:${line}`))
  }
  return { heads, damaged }
}
