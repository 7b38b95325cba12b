import { createHash } from 'node:crypto'
import type { Signature, SignatureSet } from '../model/signature.ts'
import { conflicts, type Locate } from './conflicts.ts'
import type { SignatureFolder } from './load.ts'
import { type Withdrawal, withdraw } from './withdrawal.ts'
import type { SignatureProblem } from './yaml-file.ts'

/** A folder of signatures that is used together with others: what it has goes before what those below it have. */
export interface Layer extends Pick<SignatureFolder, 'set' | 'withdrawals' | 'locate'> {
  /** What messages call it. */
  readonly folder: string
}

/** An app that a folder says something else of than one below it. */
export interface Override {
  readonly id: string
  readonly folder: string
  readonly revision: number
  /** Revision and folder of the one that counts no more. */
  readonly instead: { readonly folder: string; readonly revision: number }
}

/** Several folders as one set. */
export interface LayeredSet extends SignatureSet {
  /** By app id: the folder whose file counts. */
  readonly folders: ReadonlyMap<string, string>
  readonly overrides: readonly Override[]
  readonly withdrawals: readonly Withdrawal[]
}

/**
 * Lays folders over one another, the lowest first. A file with the id of one below it overrides that one where its
 * revision is higher; where it is not, and the files differ, that is a clash, and one of the problems. Withdrawals
 * count whichever folder they stand in. The hash covers all folders and their order; that of a single one is its own.
 */
export function joinLayers(layers: readonly Layer[]): {
  readonly set: LayeredSet
  readonly problems: readonly SignatureProblem[]
} {
  const known = new Map<string, { readonly signature: Signature; readonly layer: Layer }>()
  const overrides: Override[] = []
  const problems: SignatureProblem[] = []
  for (const layer of layers) {
    for (const signature of layer.set.signatures) {
      const below = known.get(signature.id)
      // The same in both, as in a copy of a folder: nothing is overridden.
      if (below !== undefined && JSON.stringify(below.signature) === JSON.stringify(signature)) continue
      known.set(signature.id, { signature, layer })
      if (below === undefined) continue
      const { id, revision } = signature
      const instead = { folder: below.layer.folder, revision: below.signature.revision }
      overrides.push({ id, folder: layer.folder, revision, instead })
      if (revision > instead.revision) continue
      const message = `"${id}" is the id of an app of ${instead.folder} with revision ${instead.revision}: to override it raise the revision above that, for another app choose another id`
      problems.push(locateIn(layer, signature, { path: ['revision'], message }))
    }
  }
  const entries = [...known.values()].sort((a, b) => (a.signature.id < b.signature.id ? -1 : 1))
  const signatures = entries.map(({ signature }) => signature)
  if (layers.length > 1) {
    const layerOf = new Map(entries.map(({ signature, layer }) => [signature, layer]))
    problems.push(...conflicts(signatures, (signature, fault) => locateIn(layerOf.get(signature)!, signature, fault)))
  }
  const withdrawals = [...new Map(layers.flatMap((layer) => layer.withdrawals.map((one) => [one.indicator, one])))]
    .map(([, withdrawal]) => withdrawal)
    .sort((a, b) => (a.indicator < b.indicator ? -1 : 1))
  const set = {
    signatures: withdraw(signatures, withdrawals),
    hash: hashOf(layers),
    folders: new Map(entries.map(({ signature, layer }) => [signature.id, layer.folder])),
    overrides,
    withdrawals,
  }
  return { set, problems }
}

function hashOf(layers: readonly Layer[]): string {
  if (layers.length === 1) return layers[0]!.set.hash
  return createHash('sha256')
    .update(layers.map(({ set }) => set.hash).join('\n'))
    .digest('hex')
}

function locateIn({ folder, locate }: Layer, ...place: Parameters<Locate>): SignatureProblem {
  const problem = locate(...place)
  return { ...problem, file: `${folder}/${problem.file}` }
}
