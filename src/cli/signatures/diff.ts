import type { Command } from 'commander'
import { OffchannelError } from '../../base/errors.ts'
import { grouped, harmless, plural } from '../../base/text.ts'
import type { Changed, SignatureDiff } from '../../classify/diff.ts'
import type { Layer, LayeredSet } from '../../classify/layers.ts'
import type { StoreReader } from '../../store/store-reader.ts'
import { bundledSignaturesOption, jsonOption, withOptions } from '../options.ts'
import { bundledLayer, refuseProblems } from '../signature-set.ts'
import type { Terminal } from '../terminal.ts'
import { fingerprintOption, layerOf, publicKeyOption, type SignerOptions } from './source.ts'

interface DiffOptions extends SignerOptions {
  readonly bundledSignatures: boolean
  readonly store?: string
  readonly json?: true
}

/** `offchannel signatures diff`: what differs between two states, and what that does to stored facts. */
export function addDiffCommand(parent: Command, terminal: Terminal): void {
  const command = parent
    .command('diff')
    .argument('<folder...>', 'the old and the new: folders of signatures, or signed bundles')
    .description('show which apps and indicators differ between two folders, and what that does to stored facts')
    .option('--store <file>', 'say how many sightings of this store are concerned')
    .addHelpText(
      'after',
      `
Both are laid over the signatures that come with offchannel, as \`sweep --signatures\` does, unless
--no-bundled-signatures leaves these out. One folder alone is compared with those.

What new indicators would have matched in inputs that were read already is not in any store: only \`sweep --again\` tells.

Examples:
  offchannel signatures diff own/
  offchannel signatures diff own.before/ own/ --store offchannel.db
  offchannel signatures diff own/ new.bundle --public-key signer.pem --no-bundled-signatures`,
    )
  withOptions(command, bundledSignaturesOption(), publicKeyOption(), fingerprintOption(), jsonOption())
  command.action((places: string[], options: DiffOptions) => diff(places, options, terminal))
}

async function diff(places: readonly string[], options: DiffOptions, terminal: Terminal): Promise<void> {
  if (places.length > 2) throw new OffchannelError('usage', 'more than two: name the old and the new')
  const layers: Layer[] = []
  for (const place of places) layers.push(await layerOf(place, options))
  const bundled = options.bundledSignatures || layers.length === 1 ? await bundledLayer() : undefined
  const [old, now] = layers.length === 1 ? [undefined, layers[0]!] : [layers[0]!, layers[1]!]
  const below = options.bundledSignatures ? bundled : undefined
  const before = await laid(old === undefined ? bundled : below, old)
  const after = await laid(below, now)
  const { diffSignatures } = await import('../../classify/diff.ts')
  const found = diffSignatures(before.signatures, after.signatures)
  const effect = options.store === undefined ? undefined : await effectOn(options.store, found)
  if (options.json) terminal.json({ ...found, store: effect })
  else show(found, effect, terminal)
}

async function laid(below: Layer | undefined, own: Layer | undefined): Promise<LayeredSet> {
  const { joinLayers } = await import('../../classify/layers.ts')
  const { set, problems } = joinLayers([below, own].filter((layer) => layer !== undefined))
  await refuseProblems(problems)
  return set
}

/** What a change of the signatures does to what a store holds. */
interface Effect {
  /** Of indicators that are gone, withdrawn or changed, and of apps that changed; without those never seen. */
  readonly indicators: readonly {
    readonly indicator: string
    readonly becomes: 'gone' | 'withdrawn' | 'judged-anew'
    readonly sightings: number
    readonly subjectDays: number
  }[]
  /** Inputs that would have to be read again to see what new indicators match in them. */
  readonly inputs: number
}

async function effectOn(file: string, found: SignatureDiff): Promise<Effect> {
  const { Store } = await import('../../store/store.ts')
  const store = Store.openReadOnly(file)
  try {
    return { indicators: stored(store, becomesOf(found)), inputs: store.readings().length }
  } finally {
    store.close()
  }
}

type Becomes = Effect['indicators'][number]['becomes']

/** What becomes of the sightings of an indicator of an app; undefined where nothing does. */
function becomesOf({ apps, indicators }: SignatureDiff): (indicator: string, app: string) => Becomes | undefined {
  const gone = new Set(indicators.removed)
  const withdrawn = new Set(indicators.withdrawn.map(({ key }) => key))
  const anew = new Set([...indicators.changed, ...apps.changed].map(({ key }) => key))
  for (const key of indicators.added) anew.add(key)
  return (indicator, app) =>
    gone.has(indicator)
      ? 'gone'
      : withdrawn.has(indicator)
        ? 'withdrawn'
        : anew.has(indicator) || anew.has(app)
          ? 'judged-anew'
          : undefined
}

function stored(store: StoreReader, becomesOf: (indicator: string, app: string) => Becomes | undefined) {
  const sums = new Map<string, { becomes: Becomes; sightings: number; subjectDays: number }>()
  for (const { sightings } of store.subjectDays('all')) {
    const today = new Set<string>()
    for (const { indicator, app } of sightings) {
      const becomes = becomesOf(indicator, app)
      if (becomes === undefined) continue
      const sum = sums.get(indicator) ?? { becomes, sightings: 0, subjectDays: 0 }
      sum.sightings++
      if (!today.has(indicator)) sum.subjectDays++
      today.add(indicator)
      sums.set(indicator, sum)
    }
  }
  return [...sums]
    .map(([indicator, sum]) => ({ indicator, ...sum }))
    .sort((a, b) => (a.indicator < b.indicator ? -1 : 1))
}

function show({ apps, indicators }: SignatureDiff, effect: Effect | undefined, terminal: Terminal): void {
  const lines = [
    ...apps.added.map((id) => `+ app ${id}`),
    ...apps.removed.map((id) => `- app ${id}`),
    ...apps.retired.map((id) => `~ app ${id}: retired`),
    ...apps.changed.map((one) => `~ app ${changedText(one)}`),
    ...indicators.added.map((key) => `+ ${key}`),
    ...indicators.removed.map((key) => `- ${key}`),
    ...indicators.withdrawn.map(({ key, reason }) => `- ${key}: withdrawn: ${reason}`),
    ...indicators.changed.map((one) => `~ ${changedText(one)}`),
  ]
  for (const line of lines) terminal.out(harmless(line))
  if (lines.length === 0) terminal.out('No app or indicator differs.')
  if (effect === undefined) return
  for (const { indicator, becomes, sightings, subjectDays } of effect.indicators) {
    const seen = `${plural(sightings, 'stored sighting')} on ${plural(subjectDays, 'subject-day')}`
    terminal.out(harmless(`${indicator}: ${seen} ${EFFECT_WORDS[becomes]}`))
  }
  if (effect.indicators.length === 0) terminal.out('No stored sighting is concerned.')
  if (indicators.added.length > 0) {
    const again = `${grouped(effect.inputs)} ${effect.inputs === 1 ? 'input' : 'inputs'}`
    terminal.out(
      `What ${plural(indicators.added.length, 'new indicator')} would match in the ${again} read already is not stored: \`sweep --again\` tells.`,
    )
  }
}

function changedText({ key, what, from, to }: Changed): string {
  return `${key}: ${what} ${from || 'none'} becomes ${to || 'none'}`
}

const EFFECT_WORDS = {
  gone: 'will raise nothing: no signature has the indicator any more',
  withdrawn: 'will raise nothing: the indicator is withdrawn',
  'judged-anew': 'will be judged by what is said now',
} as const
