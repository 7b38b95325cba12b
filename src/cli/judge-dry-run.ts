import { plural } from '../base/text.ts'
import { formatDay } from '../base/time.ts'
import { mayEndElsewhere } from '../judge/gateways.ts'
import { indexSignatures } from '../judge/signature-index.ts'
import { judgeSubjectDay } from '../judge/subject-day.ts'
import type { Finding } from '../model/finding.ts'
import type { Policy } from '../model/policy.ts'
import { NO_REGISTERS } from '../model/register.ts'
import type { SignatureSet } from '../model/signature.ts'
import { SHORT_ID } from '../report/findings-table.ts'
import { SEVERITY_STYLE } from '../report/style.ts'
import { type Cell, renderTable } from '../report/table.ts'
import { changesBetween } from '../store/changes.ts'
import { Store } from '../store/store.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { checkedKeyOf, type KeyChoice } from './key-source.ts'
import type { Terminal } from './terminal.ts'
import { type PolicyUnderKey, underKey } from './under-key.ts'

/** A finding as it is and as it would be; undefined where it is or would be none. */
export interface WouldBe {
  readonly before: Finding | undefined
  readonly after: Finding | undefined
}

/** Rows of the table on the screen; the others are counted. */
const TABLE_LIMIT = 50

/** What findings a policy and signatures would give, beside those in the store; nothing is written. */
export async function dryRun(
  choice: KeyChoice,
  policy: Policy,
  signatures: SignatureSet,
): Promise<{ readonly differing: readonly WouldBe[]; readonly same: number }> {
  const store = Store.openReadOnly(choice.store)
  try {
    const judged = await policyFor(store, choice, policy)
    return compare(store, judged, signatures)
  } finally {
    store.close()
  }
}

function compare(store: StoreReader, { policy, registers }: PolicyUnderKey, signatures: SignatureSet) {
  const index = indexSignatures(signatures)
  const standing = new Map(store.findings().map((finding) => [finding.id, finding]))
  const differing: WouldBe[] = []
  let same = 0
  for (const facts of store.subjectDays('all', (server) => mayEndElsewhere(server, policy))) {
    for (const after of judgeSubjectDay(facts, policy, index, registers).findings) {
      const before = standing.get(after.id)
      standing.delete(after.id)
      if (before === undefined || changesBetween(before, after).changes.length > 0) differing.push({ before, after })
      else same++
    }
  }
  return { differing: [...differing, ...[...standing.values()].map((before) => ({ before, after: undefined }))], same }
}

/**
 * A policy for looking into a store under its key. Without groups and registers, and where pseudonyms last for ever, no
 * key is needed: then whoever may read the store may try a policy on it.
 */
export async function policyFor(store: StoreReader, choice: KeyChoice, policy: Policy): Promise<PolicyUnderKey> {
  const isOpen = policy.groups.length === 0 && policy.registers.length === 0
  if (isOpen && store.rotation === 'none') return { policy, registers: NO_REGISTERS }
  const key = await checkedKeyOf(choice, store.keyCheck)
  store.joinUnder(key)
  return underKey(policy, key)
}

/** Prints the differences, those that would appear first; as one JSON object with `json`. */
export function printDryRun(
  { differing, same }: { readonly differing: readonly WouldBe[]; readonly same: number },
  json: boolean,
  terminal: Terminal,
): void {
  const appear = differing.filter(({ before }) => before === undefined)
  const vanish = differing.filter(({ after }) => after === undefined)
  const change = differing.filter(({ before, after }) => before !== undefined && after !== undefined)
  if (json) {
    terminal.json({
      appear: appear.map(({ after }) => after),
      vanish: vanish.map(({ before }) => before),
      change: change.map(({ before, after }) => ({ before, after, ...changesBetween(before!, after!) })),
      same,
    })
    return
  }
  const style = terminal.style.bind(terminal)
  const rows = [...appear, ...vanish, ...change].slice(0, TABLE_LIMIT).map(rowOf)
  if (rows.length > 0) {
    const head = ['Finding', 'Client', 'App', 'Would', 'Now', 'Then']
    terminal.out(renderTable(head, rows, terminal.width, style, { keep: [0, 1] }))
  }
  if (differing.length > TABLE_LIMIT)
    terminal.out(`${differing.length - TABLE_LIMIT} more are not shown: --json has all`)
  const counts = `${appear.length} would appear, ${vanish.length} vanish, ${change.length} change; ${same} stay as they are`
  terminal.out(`Of ${plural(differing.length + same, 'finding')} ${counts}. Nothing was written.`)
}

function rowOf({ before, after }: WouldBe): readonly Cell[] {
  const one = (after ?? before)!
  const would = before === undefined ? 'appear' : after === undefined ? 'vanish' : 'change'
  return [
    [one.id.slice(0, SHORT_ID), { text: formatDay(one.day), style: 'dim' }],
    [one.client],
    [one.appName],
    [would],
    headOf(before),
    headOf(after),
  ]
}

function headOf(finding: Finding | undefined): Cell {
  if (finding === undefined) return ['–']
  const { severity, ruling, route } = finding.verdicts[0]!
  const style = SEVERITY_STYLE[severity.value]
  return [{ text: severity.value, style }, `${ruling.value}, ${route.value}`, { text: ruling.rule, style: 'dim' }]
}
