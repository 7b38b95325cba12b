import { bytesText } from '../base/text.ts'
import type { Terminal } from './terminal.ts'

/** A bar of bytes over all inputs; nothing where standard error is no terminal. */
export interface Progress {
  readonly update: (input: string, delivered: number) => void
  readonly stop: () => void
}

/** @param sizes bytes of each input, 0 where unknown. */
export async function startProgress(terminal: Terminal, sizes: ReadonlyMap<string, number>): Promise<Progress> {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  if (terminal.stderr.isTTY !== true || terminal.quiet || total === 0) return { update: () => {}, stop: () => {} }
  const { default: cliProgress } = await import('cli-progress')
  const bar = new cliProgress.SingleBar(
    {
      format: '{bar} {percentage} % of {size}, {eta_formatted} left',
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      fps: 5,
      etaBuffer: 50,
    },
    cliProgress.Presets.shades_classic,
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
