import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { escapePath, isDynamicPattern } from 'tinyglobby'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Job, JobInputs } from '../jobs/job-file.ts'
import { findInputs } from '../read/inputs.ts'
import type { ReadAs } from '../sweep/settings.ts'
import { logReading } from './options.ts'
import type { Terminal } from './terminal.ts'

/** The inputs of a job as they lie there now. */
export interface JobFiles {
  /** By path, absolute: the group that it is of, the first where several name it. */
  readonly groupOf: ReadonlyMap<string, JobInputs>
  /** How each group is read, by its name. */
  readonly readAs: ReadonlyMap<string, ReadAs>
}

/**
 * Finds the inputs of a job; paths are relative to this folder. What is named and not there is told as a problem, and
 * stops none of the others; that a folder is empty, or a pattern matches nothing, only where no rhythm is expected of
 * the group (there the rhythm decides) nor is it watched. Throws `format_invalid` for a mapping file with mistakes.
 */
export async function findJobFiles(job: Job, folder: string, terminal: Terminal, isWatched = false): Promise<JobFiles> {
  const groupOf = new Map<string, JobInputs>()
  const readAs = new Map<string, ReadAs>()
  for (const group of job.inputs) {
    const { name, format, formatFile, timezone, year } = group
    const reading = await logReading({
      timezone,
      ...(format !== undefined && { format }),
      ...(formatFile !== undefined && { formatFile: path.resolve(folder, formatFile) }),
      ...(year !== undefined && { year: String(year) }),
    })
    readAs.set(name, reading)
    for (const written of group.paths) {
      const input = within(folder, written)
      try {
        for (const file of await findInputs([input])) if (!groupOf.has(file)) groupOf.set(file, group)
      } catch (thrown) {
        if (!(thrown instanceof OffchannelError) || thrown.code !== 'input_unreadable') throw thrown
        const line = harmless(`input ${name}: ${thrown.message}`)
        if ((isWatched || group.every !== undefined) && mayBeEmpty(input)) terminal.note(line)
        else terminal.problem(line)
      }
    }
  }
  return { groupOf, readAs }
}

/** The path or pattern, absolute: what stands for itself in the folder's own name stays so. */
function within(folder: string, written: string): string {
  const plain = path.resolve(folder, written)
  if (path.isAbsolute(written) || existsSync(plain) || !isDynamicPattern(written)) return plain
  return `${escapePath(folder.split(path.sep).join('/'))}/${written}`
}

/** A folder that is there, or a pattern. */
function mayBeEmpty(input: string): boolean {
  return statSync(input, { throwIfNoEntry: false })?.isDirectory() ?? isDynamicPattern(input)
}
