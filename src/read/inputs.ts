import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { OffchannelError } from '../base/errors.ts'
import { STANDARD_INPUT } from './source.ts'

/**
 * The inputs that the arguments name, in order and each once: files as they are, folders with every file under them
 * (hidden ones not), globs sorted. Throws `input_unreadable` for an argument that names nothing.
 */
export async function findInputs(args: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const arg of args) {
    if (arg === STANDARD_INPUT) {
      found.add(arg)
      continue
    }
    const stat = statSync(arg, { throwIfNoEntry: false })
    if (stat?.isDirectory()) {
      const files = filesUnder(arg)
      if (files.length === 0) throw new OffchannelError('input_unreadable', `${arg}: no files in this folder`)
      for (const file of files) found.add(file)
    } else if (stat !== undefined) found.add(arg)
    else if (isDynamicPattern(arg)) {
      const files = await glob(arg, { onlyFiles: true, expandDirectories: false })
      if (files.length === 0) throw new OffchannelError('input_unreadable', `${arg}: no file matches this pattern`)
      for (const file of files.sort()) found.add(file)
    } else throw new OffchannelError('input_unreadable', `${arg}: no such file or folder`)
  }
  return [...found]
}

function filesUnder(folder: string): string[] {
  const files: string[] = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    const hidden = path
      .relative(folder, file)
      .split(path.sep)
      .some((part) => part.startsWith('.'))
    if (entry.isFile() && !hidden) files.push(file)
  }
  return files.sort()
}
