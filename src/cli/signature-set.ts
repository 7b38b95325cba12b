import { fileURLToPath } from 'node:url'
import { OffchannelError } from '../base/errors.ts'
import { harmless, plural } from '../base/text.ts'
import type { Layer, LayeredSet } from '../classify/layers.ts'
import type { SignatureProblem } from '../classify/yaml-file.ts'
import type { SignatureCache } from './signature-cache.ts'
import type { Terminal } from './terminal.ts'

/** The signatures that come with the program. */
export const BUNDLED_SIGNATURES = fileURLToPath(new URL('../../signatures', import.meta.url))

/** The same, checked when the program was built. */
export const COMPILED_SIGNATURES = fileURLToPath(new URL('../signatures.json', import.meta.url))

/** What messages and tables call them. */
export const BUNDLED_NAME = 'offchannel'

/** Bytes of a folder from which on reading it is worth remembering. */
const LARGE_FOLDER = 256 << 10

/** Which signatures the options ask for. */
export interface SignatureChoice {
  /** Folders of the operator's own: the later goes before the earlier. */
  readonly signatures?: readonly string[]
  readonly bundledSignatures: boolean
}

/**
 * The signatures that the options ask for, as one set. The libraries that read and check them are loaded only where
 * that is needed. Throws `signatures_invalid` with a line for everything that is wrong in a folder or between them.
 *
 * @param cache of large folders that were checked before.
 */
export async function loadSignatureSet(
  { signatures = [], bundledSignatures }: SignatureChoice,
  cache?: SignatureCache,
): Promise<LayeredSet> {
  const { joinLayers } = await import('../classify/layers.ts')
  const layers: Layer[] = bundledSignatures ? [await bundledLayer()] : []
  for (const folder of signatures) layers.push(await ownLayer(folder, cache))
  if (layers.length === 0) {
    throw new OffchannelError('usage', '--no-bundled-signatures: leaves none: name a folder with --signatures')
  }
  const { set, problems } = joinLayers(layers)
  await refuseProblems(problems)
  return set
}

/** The signatures that come with offchannel, as a layer. */
export async function bundledLayer(): Promise<Layer> {
  const { loadCompiled } = await import('../classify/compiled.ts')
  const set = loadCompiled(BUNDLED_SIGNATURES, COMPILED_SIGNATURES)
  if (set === undefined) return { ...(await ownLayer(BUNDLED_SIGNATURES)), folder: BUNDLED_NAME }
  return { folder: BUNDLED_NAME, set, withdrawals: [], locate: locateFile }
}

async function ownLayer(folder: string, cache?: SignatureCache): Promise<Layer> {
  const { readFolder } = await import('../classify/folder.ts')
  const content = readFolder(folder)
  const isLarge = content.files.reduce((size, file) => size + file.content.length, 0) >= LARGE_FOLDER
  const known = isLarge ? cache?.get(content.hash) : undefined
  if (known !== undefined && content.misnamed.length === 0) return { ...known, folder, locate: locateFile }
  const { checkContent } = await import('../classify/load.ts')
  const { problems, ...own } = checkContent(folder, content)
  await refuseProblems(problems.map((problem) => ({ ...problem, file: `${folder}/${problem.file}` })))
  if (isLarge) cache?.keep(own)
  return { ...own, folder }
}

/** Where a fault of a set that was not read from its files stands: which line it is only reading them would tell. */
function locateFile(...[{ id }, { path, message }]: Parameters<Layer['locate']>): SignatureProblem {
  return { file: `${id}.yaml`, line: 0, message: `${path.join('.')}: ${message}` }
}

/** Throws `signatures_invalid` with a line for each problem, where there is any. */
export async function refuseProblems(problems: readonly SignatureProblem[]): Promise<void> {
  if (problems.length === 0) return
  const { formatProblem } = await import('../classify/load.ts')
  throw new OffchannelError('signatures_invalid', problems.map(formatProblem).join('\n'))
}

/** Says on standard error what folders of the operator's own change of what lies below them. */
export function tellLayers({ overrides, withdrawals }: LayeredSet, terminal: Terminal): void {
  for (const [folder, changed] of Map.groupBy(overrides, (override) => override.folder)) {
    const apps = changed.map(({ id, revision, instead }) => `${id} (revision ${revision} for ${instead.revision})`)
    terminal.note(harmless(`${folder}: overrides ${apps.join(', ')}`))
  }
  if (withdrawals.length > 0) terminal.note(`${plural(withdrawals.length, 'indicator')} withdrawn`)
}
