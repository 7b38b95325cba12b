import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { ObservationSink } from '../model/observation.ts'
import { type LogReadingOptions, logReading } from './options.ts'
import { tellProblems } from './problems.ts'
import type { Terminal } from './terminal.ts'

/**
 * Reads inputs one after the other without a store. What of one was not read in full is told on standard error, and
 * stops none of the others.
 */
export async function eachInput(
  inputs: readonly string[],
  options: LogReadingOptions,
  terminal: Terminal,
  observe: ObservationSink,
): Promise<void> {
  const [{ openInput }, { readInput }] = await Promise.all([import('../read/open.ts'), import('../pipeline.ts')])
  const { format: asked, times } = await logReading(options)
  const opening = { standardInput: terminal.stdin, format: asked, hashUnpacked: false }
  for (const input of inputs) {
    try {
      const { chunks, format, source, close } = await openInput(input, opening)
      try {
        if (format === undefined) continue
        const summary = await readInput(chunks, format, { observe }, { ...times, latest: source.modified })
        tellProblems(input, summary, terminal)
      } finally {
        close()
      }
    } catch (thrown) {
      // A format that does not exist is none for every other input as well.
      if (thrown instanceof OffchannelError && thrown.code === 'usage') throw thrown
      terminal.problem(harmless(`${input}: ${messageOf(thrown)}`))
    }
  }
}
