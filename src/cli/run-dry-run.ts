import { existsSync } from 'node:fs'
import { bytesText, harmless, plural } from '../base/text.ts'
import type { PlannedInput } from '../sweep/plan.ts'
import { loadRules } from './options.ts'
import type { PassInputs, PassOptions } from './pass.ts'
import type { Terminal } from './terminal.ts'

/** Says what a pass would do with each of its inputs, and changes nothing: not even a store that is not there is made. */
export async function planPass(
  read: PassInputs,
  options: PassOptions,
  groupOf: (input: string) => string,
  terminal: Terminal,
): Promise<void> {
  const [{ planInput }, { Store }, { NetworkMap }, { placesOf }] = await Promise.all([
    import('../sweep/plan.ts'),
    import('../store/store.ts'),
    import('../subjects/network-map.ts'),
    import('../judge/places.ts'),
  ])
  const { signatures, policy } = await loadRules(options, terminal)
  const places = placesOf(policy)
  const store = existsSync(options.store) ? Store.openReadOnly(options.store) : undefined
  try {
    const settings = {
      ...{ store, signatures, networks: new NetworkMap(policy), standardInput: terminal.stdin, hash: options.hash },
      siteOf: (input: string) => places.input(input)?.site ?? '',
    }
    const planned: (PlannedInput & { readonly group: string; readonly read: boolean })[] = []
    for (const input of read.inputs) {
      const plan = await planInput(input, { ...read, ...settings, ...read.readAs?.(input) })
      const willRead = isNew(plan) || (plan.status === 'changed' && options.again === true)
      planned.push({ group: groupOf(input), ...plan, read: willRead })
      if (plan.status === 'failed') terminal.problem(harmless(`${input}: ${plan.detail ?? 'not read'}`))
    }
    if (options.json === true) return terminal.json({ store: options.store, inputs: planned })
    await printPlan(planned, terminal)
  } finally {
    store?.close()
  }
}

function isNew({ status }: PlannedInput): boolean {
  return status === 'new' || status === 'grown'
}

/** What an input is, in words. */
function wordsOf({ status, added }: PlannedInput): string {
  return added === undefined ? status : `${status}: ${bytesText(added)} new`
}

async function printPlan(planned: readonly (PlannedInput & { group: string; read: boolean })[], terminal: Terminal) {
  const { renderTable } = await import('../report/table.ts')
  const rows = planned.map((plan) => {
    const { group, input, format, detail, bytes } = plan
    const words = wordsOf(plan)
    const what = detail !== undefined && detail !== input ? [words, { text: detail, style: 'dim' as const }] : [words]
    return [[group], [input], [format ?? ''], what, [bytesText(bytes)]]
  })
  if (rows.length > 0) {
    const head = ['group', 'input', 'format', 'what it is', 'size']
    terminal.out(renderTable(head, rows, terminal.width, terminal.style.bind(terminal), { wrap: 1 }))
  }
  const wanted = planned.filter(({ read }) => read)
  const bytes = wanted.reduce((sum, one) => sum + (one.added ?? one.bytes), 0)
  const rest = planned.length - wanted.length
  terminal.out(`Would read ${plural(wanted.length, 'input')}: ${bytesText(bytes)}; ${rest} would not be read.`)
}
