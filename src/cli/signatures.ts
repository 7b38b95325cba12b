import { domainToASCII } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { Argument, type Command } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { harmless, plural } from '../base/text.ts'
import type { Candidate } from '../classify/classifier.ts'
import type { Signature, SignatureSet } from '../model/signature.ts'
import { BUNDLED_SIGNATURES, jsonOption, loadSignatureSet, signaturesOption } from './options.ts'
import type { Terminal } from './terminal.ts'

/** Adds `offchannel signatures list|lookup|check|schema`. What reads signatures is loaded when one of them runs. */
export function addSignaturesCommand(program: Command, terminal: Terminal): void {
  const signatures = program.command('signatures').description('show, query and check the signatures of apps')
  signatures
    .command('list')
    .addOption(signaturesOption())
    .addOption(jsonOption())
    .description('list the apps that can be recognised')
    .action(async (options: { signatures: string; json?: boolean }) =>
      list(terminal, await loadSignatureSet(options.signatures), options.json === true),
    )
  signatures
    .command('lookup')
    .argument('<name...>', 'host names')
    .addOption(signaturesOption())
    .addOption(jsonOption())
    .description('say which app a host name belongs to, and which rule decides')
    .action(async (names: string[], options: { signatures: string; json?: boolean }) =>
      lookup(terminal, names, await loadSignatureSet(options.signatures), options.json === true),
    )
  signatures
    .command('check')
    .addArgument(
      new Argument('[folder]', 'signatures to check').default(BUNDLED_SIGNATURES, 'those that come with offchannel'),
    )
    .addOption(jsonOption())
    .description('show everything that is wrong with signature files; exit status 2 where something is')
    .action((folder: string, options: { json?: boolean }) => check(terminal, folder, options.json === true))
  signatures
    .command('schema')
    .description('write the JSON Schema of signature files, for editors')
    .action(async () => {
      const { signatureJsonSchema } = await import('../classify/schema.ts')
      terminal.out(JSON.stringify(signatureJsonSchema(), null, 2))
    })
}

async function list(terminal: Terminal, set: SignatureSet, json: boolean): Promise<void> {
  if (json) {
    for (const signature of set.signatures) {
      const { id, name, vendor, category, status, retiredOn, maturity, revision, date, indicators } = signature
      const counts = { indicators: indicators.length, distinctive: distinctive(signature) }
      const object = { id, name, vendor, category, status, retiredOn, maturity, revision, date, ...counts }
      terminal.json(object)
    }
    return
  }
  const rows = set.signatures.map((signature) => [
    signature.id,
    signature.name,
    signature.category,
    signature.retiredOn ? `retired ${signature.retiredOn}` : signature.maturity,
    String(signature.indicators.length),
    String(distinctive(signature)),
  ])
  terminal.out(await table(terminal, ['App', 'Name', 'Category', 'State', 'Indicators', 'Distinctive'], rows))
  terminal.note(`${summary(set)}; set ${set.hash.slice(0, 12)}`)
}

async function lookup(terminal: Terminal, texts: readonly string[], set: SignatureSet, json: boolean): Promise<void> {
  const { hostNameFault } = await import('../classify/host-name.ts')
  const names = texts.map((text) => {
    const name = asTrafficShowsIt(text)
    const fault = hostNameFault(name)
    if (fault) throw new OffchannelError('usage', harmless(`"${text}" ${fault}`))
    return name
  })
  const { Classifier } = await import('../classify/classifier.ts')
  const classifier = new Classifier(set)
  for (const name of names) {
    const candidates = classifier.explain(name)
    if (json) terminal.json({ name, candidates: candidates.map(toJson) })
    else await showCandidates(terminal, name, candidates)
  }
}

/** People write names in their own script, in capitals and with the dot of the root. */
function asTrafficShowsIt(text: string): string {
  const ascii = /[^\x00-\x7f]/.test(text) ? domainToASCII(text) || text : text
  return ascii.toLowerCase().replace(/\.$/, '')
}

async function showCandidates(terminal: Terminal, name: string, candidates: readonly Candidate[]): Promise<void> {
  const apps = candidates.filter(({ wins }) => wins).map(({ signature }) => signature.name)
  terminal.out(terminal.style('bold', `${name}: ${apps.join(', ') || 'no signature names it'}`))
  if (candidates.length === 0) return
  const rows = candidates.map(({ signature, indicator, wins, rule }) => [
    signature.id,
    `${indicator.type} ${indicator.value}`,
    indicator.role,
    indicator.strength,
    wins ? terminal.style('green', 'wins') : 'loses',
    rule,
  ])
  terminal.out(await table(terminal, ['App', 'Indicator', 'Role', 'Strength', 'Result', 'Rule'], rows))
}

function toJson({ signature, indicator, wins, rule }: Candidate): object {
  return { app: signature.id, ...indicator, wins, rule }
}

async function check(terminal: Terminal, folder: string, json: boolean): Promise<void> {
  const { formatProblem, readSignatures } = await import('../classify/load.ts')
  const { set, problems } = readSignatures(folder)
  if (problems.length > 0) terminal.exitStatus = 2
  if (json) terminal.json({ folder, apps: set.signatures.length, hash: set.hash, problems })
  else if (problems.length === 0) terminal.out(`${folder}: in order: ${summary(set)}`)
  else for (const problem of problems) terminal.problem(formatProblem(problem))
}

function distinctive(signature: Signature): number {
  return signature.indicators.filter(({ strength }) => strength === 'distinctive').length
}

function summary(set: SignatureSet): string {
  const indicators = set.signatures.reduce((sum, signature) => sum + signature.indicators.length, 0)
  return `${plural(set.signatures.length, 'app')}, ${plural(indicators, 'indicator')}`
}

/** No column becomes narrower than this to make the table fit. */
const NARROWEST = 6

/** A table as wide as the terminal at most: the widest columns wrap. */
async function table(
  terminal: Terminal,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => stripVTControlCharacters(row[i]!).length)),
  )
  const frame = 3 * head.length + 1
  for (let over = widths.reduce((sum, width) => sum + width, frame) - terminal.width; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widths[widest]! <= NARROWEST) break
    widths[widest]!--
  }
  const made = new Table({
    head: [...head],
    colWidths: widths.map((width) => width + 2),
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], compact: true },
  })
  // Wrapping would cut through the escape codes of a coloured cell.
  const coloured = (cell: string) => stripVTControlCharacters(cell) !== cell
  made.push(...rows.map((row) => row.map((cell) => (coloured(cell) ? { content: cell, wordWrap: false } : cell))))
  return made.toString()
}
