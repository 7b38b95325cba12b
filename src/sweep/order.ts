import { headOf } from '../read/fingerprint.ts'
import { type OpenInput, openInput } from '../read/open.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import { HEAD_SIZE } from '../store/growth.ts'
import { type Context, contextOf } from './context.ts'

/** What an input's turn follows from. */
interface Ranked {
  readonly index: number
  readonly input: string
  readonly givesAnswers: boolean
  /** Hash of what a file begins with, and its size; '' for one that is packed, or too short to tell. */
  readonly head: string
  readonly size: number
}

/**
 * Inputs, by index, in the order in which they are read: those that hold answers of DNS first, since what they told names
 * flows of the others; then by name, so that the order of arguments changes nothing. Of files that begin alike the
 * shorter come first: they may be older copies of the longer, which are then read on.
 */
export async function readingOrder(inputs: readonly string[], options: Context): Promise<readonly number[]> {
  const ranked: Ranked[] = []
  for (const [index, input] of inputs.entries()) {
    const looked = inputs.length > 1 ? await lookAt(input, contextOf(input, options)) : NOTHING
    ranked.push({ index, input, ...looked })
  }
  ranked.sort(
    (a, b) => Number(b.givesAnswers) - Number(a.givesAnswers) || (a.input < b.input ? -1 : a.input > b.input ? 1 : 0),
  )
  const alike = Map.groupBy(ranked, ({ head }) => head)
  for (const [head, group] of alike) if (head !== '') group.sort((a, b) => a.size - b.size)
  return ranked.map(({ head, index }) => (head === '' ? index : alike.get(head)!.shift()!.index))
}

type Looked = Pick<Ranked, 'givesAnswers' | 'head' | 'size'>

const NOTHING: Looked = { givesAnswers: false, head: '', size: 0 }

/** Recognises an input before its turn; what cannot be read says so then. */
async function lookAt(input: string, { standardInput, format, formats }: Context): Promise<Looked> {
  if (input === STANDARD_INPUT) return NOTHING
  try {
    const open = await openInput(input, { standardInput, format, hashUnpacked: false })
    try {
      if (open.format !== undefined) formats.set(input, open.format)
      const givesAnswers = open.format?.kind === 'log' && open.format.givesAnswers === true
      return { ...beginningOf(open), givesAnswers }
    } finally {
      open.close()
    }
  } catch {
    return NOTHING
  }
}

function beginningOf({ packed, source: { file, size = 0 } }: OpenInput): Pick<Looked, 'head' | 'size'> {
  if (packed || file === undefined || size < HEAD_SIZE) return NOTHING
  const bytes = Buffer.alloc(HEAD_SIZE)
  file.readAt(bytes, 0, HEAD_SIZE, 0)
  return { head: headOf(bytes, HEAD_SIZE), size }
}
