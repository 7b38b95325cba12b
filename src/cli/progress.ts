import { bytesText } from '../base/text.ts'
import type { Terminal } from './terminal.ts'

/** A bar of bytes over all inputs; nothing where standard error is no terminal. */
export interface Progress {
  readonly update: (input: string, delivered: number) => void
  readonly stop: () => void
}

/** @param sizes bytes of each input, 0 where unknown. */
export async function startProgress(terminal: Terminal, sizes: ReadonlyMap<string, number>): Promise<Progress> {
  if (!isShown(terminal)) return { update: () => {}, stop: () => {} }
  return barOf(await cliProgress(), sizes, '')
}

/** The same for evidence: which inputs are gone through for it is known when it begins. */
export interface EvidenceProgress {
  readonly update: (input: string, done: number, sizes: ReadonlyMap<string, number>) => void
  readonly stop: () => void
}

export async function evidenceProgress(terminal: Terminal): Promise<EvidenceProgress> {
  if (!isShown(terminal)) return { update: () => {}, stop: () => {} }
  const library = await cliProgress()
  let bar: Progress | undefined
  let shown: ReadonlyMap<string, number> | undefined
  return {
    update: (input, done, sizes) => {
      if (sizes !== shown) {
        bar?.stop()
        bar = barOf(library, sizes, 'evidence ')
        shown = sizes
      }
      bar!.update(input, done)
    },
    stop: () => bar?.stop(),
  }
}

/** Lines of JSON and a bar do not go together. */
function isShown({ stderr, quiet, log }: Terminal): boolean {
  return stderr.isTTY === true && !quiet && log === undefined
}

async function cliProgress() {
  return (await import('cli-progress')).default
}

function barOf(
  { SingleBar, Presets }: Awaited<ReturnType<typeof cliProgress>>,
  sizes: ReadonlyMap<string, number>,
  what: string,
): Progress {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  if (total === 0) return { update: () => {}, stop: () => {} }
  const bar = new SingleBar(
    {
      format: `${what}{bar} {percentage} % of {size}, {eta_formatted} left`,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      fps: 5,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  )
  bar.start(total, 0, { size: bytesText(total) })
  let current = ''
  let before = 0
  return {
    update: (input, delivered) => {
      if (input !== current) {
        if (current !== '') before += sizes.get(current) ?? 0
        current = input
      }
      bar.update(Math.min(before + delivered, total))
    },
    stop: () => bar.stop(),
  }
}
