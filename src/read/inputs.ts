import { type Dirent, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { STANDARD_INPUT } from './source.ts'

/**
 * The inputs that the arguments name, in order and each once: files as they are, folders with every file under them
 * (hidden ones not, links to folders not followed), globs sorted. Throws `input_unreadable` for an argument that names
 * nothing.
 */
export async function findInputs(args: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const arg of args) for (const input of await inputsOf(arg)) found.add(input)
  return [...found]
}

async function inputsOf(arg: string): Promise<readonly string[]> {
  if (arg === STANDARD_INPUT) return [arg]
  const stat = attempt(arg, () => statSync(arg, { throwIfNoEntry: false }))
  if (stat?.isDirectory()) {
    const files = attempt(arg, () => filesUnder(arg))
    if (files.length === 0) throw unreadable(arg, 'no files in this folder')
    return files
  }
  if (stat !== undefined) return [arg]
  if (!isDynamicPattern(arg)) throw unreadable(arg, 'no such file or folder')
  const files = await glob(arg, { onlyFiles: true, expandDirectories: false, absolute: path.isAbsolute(arg) })
  if (files.length === 0) throw unreadable(arg, 'no file matches this pattern')
  return files.sort()
}

/** Folders without permission and links that lead in circles are the operator's to put right. */
function attempt<T>(arg: string, look: () => T): T {
  try {
    return look()
  } catch (thrown) {
    throw unreadable(arg, messageOf(thrown), { cause: thrown })
  }
}

function unreadable(arg: string, why: string, options?: ErrorOptions): OffchannelError {
  return new OffchannelError('input_unreadable', `${arg}: ${why}`, options)
}

/** Walked by hand: the recursion of `readdir` follows links to folders, and so in circles. */
function filesUnder(folder: string): string[] {
  const files: string[] = []
  const folders = [folder]
  for (const within of folders) {
    for (const entry of readdirSync(within, { withFileTypes: true })) {
      const file = path.join(within, entry.name)
      if (entry.name.startsWith('.')) continue
      if (entry.isDirectory()) folders.push(file)
      else if (isFile(entry, file)) files.push(file)
    }
  }
  return files.sort()
}

/** A file, or a link to one; a link that leads nowhere is taken, so that it is told as an input that cannot be read. */
function isFile(entry: Dirent, file: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile()
  try {
    return statSync(file).isFile()
  } catch {
    return true
  }
}
