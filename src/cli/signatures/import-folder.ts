import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { messageOf, OffchannelError } from '../../base/errors.ts'
import { harmless } from '../../base/text.ts'
import type { Bundle } from '../../classify/bundle.ts'
import { hashFiles } from '../../classify/folder.ts'

/** Says of a folder which bundle it was unpacked from; it is no signature file. */
const MARK = 'imported.json'

interface Mark {
  readonly made: string
  readonly hash: string
}

/**
 * Unpacks a bundle into a folder: written beside it first, then renamed, so that there is all of it or nothing. In
 * place of an earlier import there is for a moment no folder; never one with some of each. Throws `usage` where the
 * folder is not one that it may replace.
 */
export async function unpackInto(folder: string, bundle: Bundle): Promise<void> {
  const target = path.resolve(folder)
  try {
    const replaced = existsSync(target)
    const fault = replaced ? faultOf(target, bundle) : ''
    if (fault !== '') throw new OffchannelError('usage', harmless(`${folder}: ${fault}`))
    mkdirSync(path.dirname(target), { recursive: true })
    const made = mkdtempSync(`${target}.new-`)
    try {
      // mkdtemp lets in nobody but its owner; signatures are no secret.
      chmodSync(made, 0o777 & ~process.umask())
      for (const { name, content } of bundle.files) writeFileSync(path.join(made, name), content, { flush: true })
      const { made: time, hash, fingerprint } = bundle
      writeFileSync(path.join(made, MARK), `${JSON.stringify({ made: time, hash, fingerprint })}\n`, { flush: true })
      if (replaced) renameSync(target, `${made}.old`)
      renameSync(made, target)
    } catch (thrown) {
      rmSync(made, { recursive: true, force: true })
      if (!existsSync(target) && existsSync(`${made}.old`)) renameSync(`${made}.old`, target)
      throw thrown
    }
    rmSync(`${made}.old`, { recursive: true, force: true })
  } catch (thrown) {
    if (thrown instanceof OffchannelError) throw thrown
    throw new OffchannelError('usage', harmless(`${folder}: cannot be written (${messageOf(thrown)})`), {
      cause: thrown,
    })
  }
}

/**
 * What keeps a folder from being replaced, in words; '' for nothing. An empty folder is replaced, and one that is still
 * what an earlier import made it, by one that is not older.
 */
function faultOf(target: string, bundle: Bundle): string {
  const names = readdirSync(target).sort()
  if (names.length === 0) return ''
  const mark = names.includes(MARK) ? markOf(path.join(target, MARK)) : undefined
  if (mark === undefined) return 'is no folder of an earlier import: name a new one'
  const others = names.filter((name) => name !== MARK)
  const foreign = others.find((name) => !name.endsWith('.yaml'))
  if (foreign !== undefined) return `holds ${foreign}, which no import put there: move it away`
  const files = others.map((name) => ({ name, content: readFileSync(path.join(target, name)) }))
  if (hashFiles(files) !== mark.hash)
    return 'was changed since it was imported: move what is your own to another folder'
  if (bundle.made >= mark.made) return ''
  return `holds a later bundle, made ${mark.made}, and this one was made ${bundle.made}: remove the folder to go back`
}

function markOf(file: string): Mark | undefined {
  try {
    const mark = JSON.parse(readFileSync(file, 'utf8')) as Partial<Mark>
    return typeof mark.made === 'string' && typeof mark.hash === 'string' ? (mark as Mark) : undefined
  } catch {
    return undefined
  }
}
