import type { Command } from 'commander'
import { harmless, plural } from '../../base/text.ts'
import type { LayeredSet } from '../../classify/layers.ts'
import type { Signature, SignatureSet } from '../../model/signature.ts'
import { jsonOption, signatureOptions, withOptions } from '../options.ts'
import { BUNDLED_NAME, loadSignatureSet, type SignatureChoice, tellLayers } from '../signature-set.ts'
import type { Terminal } from '../terminal.ts'
import { staleAfterOption } from './stale-after.ts'
import { table } from './table.ts'

interface ListOptions extends SignatureChoice {
  readonly json?: true
  readonly staleAfter: number
}

/** `offchannel signatures list`: the apps that can be recognised. */
export function addListCommand(parent: Command, terminal: Terminal, today: string): void {
  const command = parent
    .command('list')
    .description('list the apps that can be recognised, and whose files say so')
    .addHelpText(
      'after',
      `
With folders of your own a column says which folder an app is from, and which revision it overrides.

Examples:
  offchannel signatures list
  offchannel signatures list --signatures own/ --json | jq -r 'select(.stale > 0) | .id'`,
    )
  withOptions(command, ...signatureOptions(), staleAfterOption(), jsonOption())
  command.action((options: ListOptions) => list(options, terminal, today))
}

async function list(options: ListOptions, terminal: Terminal, today: string): Promise<void> {
  const set = await loadSignatureSet(options)
  const { staleIndicators } = await import('../../classify/stale.ts')
  const stale = staleIndicators(set.signatures, today, options.staleAfter)
  const overridden = new Map(set.overrides.map(({ id, instead }) => [id, instead.revision]))
  if (options.json) {
    for (const signature of set.signatures) {
      const { id, name, vendor, category, status, retiredOn, maturity, revision, date, indicators } = signature
      terminal.json({
        ...{ id, name, vendor, category, status, retiredOn, maturity, revision, date },
        indicators: indicators.length,
        distinctive: distinctive(signature),
        withdrawn: indicators.filter(({ withdrawn }) => withdrawn !== undefined).length,
        stale: stale.filter(({ indicator }) => indicator.startsWith(`${id} `)).length,
        folder: set.folders.get(id),
        overrides: overridden.get(id),
      })
    }
    return
  }
  const layered = [...set.folders.values()].some((folder) => folder !== BUNDLED_NAME)
  const rows = set.signatures.map((signature) => [
    signature.id,
    signature.name,
    signature.category,
    signature.retiredOn ? `retired ${signature.retiredOn}` : signature.maturity,
    String(signature.indicators.length),
    String(distinctive(signature)),
    ...(layered ? [fromText(set, signature, overridden.get(signature.id))] : []),
  ])
  const head = ['App', 'Name', 'Category', 'State', 'Indicators', 'Distinctive', ...(layered ? ['From'] : [])]
  terminal.out(await table(terminal, head, rows))
  tellLayers(set, terminal)
  if (stale.length > 0) {
    const were = plural(stale.length, 'indicator was', 'indicators were')
    terminal.note(`${were} not verified for ${options.staleAfter} days: \`offchannel signatures check\` names them`)
  }
  terminal.note(`${summary(set)}; set ${set.hash.slice(0, 12)}`)
}

function fromText(set: LayeredSet, { id, revision }: Signature, overridden: number | undefined): string {
  const folder = harmless(set.folders.get(id)!)
  return overridden === undefined ? folder : `${folder}, revision ${revision} for ${overridden}`
}

function distinctive(signature: Signature): number {
  return signature.indicators.filter(({ strength }) => strength === 'distinctive').length
}

/** `67 apps, 812 indicators` */
export function summary(set: SignatureSet): string {
  const indicators = set.signatures.reduce((sum, signature) => sum + signature.indicators.length, 0)
  return `${plural(set.signatures.length, 'app')}, ${plural(indicators, 'indicator')}`
}
