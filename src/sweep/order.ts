import { openInput } from '../read/open.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import { type Context, contextOf } from './context.ts'

/**
 * Inputs, by index, in the order in which they are read: those that hold answers of DNS first, since what they told names flows of
 * the others; then by name, so that the order of arguments changes nothing.
 */
export async function answersFirst(inputs: readonly string[], options: Context): Promise<readonly number[]> {
  const ranked: { readonly index: number; readonly input: string; readonly rank: number }[] = []
  for (const [index, input] of inputs.entries()) {
    const first = inputs.length > 1 && (await givesAnswers(input, contextOf(input, options)))
    ranked.push({ index, input, rank: first ? 0 : 1 })
  }
  ranked.sort((a, b) => a.rank - b.rank || (a.input < b.input ? -1 : a.input > b.input ? 1 : 0))
  return ranked.map(({ index }) => index)
}

/** Recognises an input before its turn; what cannot be read says so then. */
async function givesAnswers(input: string, { standardInput, format, formats }: Context): Promise<boolean> {
  if (input === STANDARD_INPUT) return false
  try {
    const open = await openInput(input, { standardInput, format, hashStandardInput: false })
    open.close()
    if (open.format !== undefined) formats.set(input, open.format)
    return open.format?.kind === 'log' && open.format.givesAnswers === true
  } catch {
    return false
  }
}
