import type { Command } from 'commander'
import { plural } from '../../base/text.ts'
import type { Candidate, Classifier } from '../../classify/classifier.ts'
import { indicatorKey, type SignatureSet } from '../../model/signature.ts'
import { jsonOption, signatureOptions, withOptions } from '../options.ts'
import { loadSignatureSet, type SignatureChoice } from '../signature-set.ts'
import type { Terminal } from '../terminal.ts'
import { table } from './table.ts'
import type { Thing } from './thing.ts'

/** An indicator that speaks of what was asked, with why it decides or does not. */
interface Row extends Candidate {
  readonly result: 'wins' | 'loses' | 'withdrawn'
}

/** What can be said of a thing, and what cannot. */
interface Answer {
  readonly rows: readonly Row[]
  readonly notes: readonly string[]
  /** Of bytes: what they are. */
  readonly recognised?: readonly object[]
}

/** `offchannel signatures lookup`: which indicator decides on a name, an address, a URL, a fingerprint or bytes. */
export function addLookupCommand(parent: Command, terminal: Terminal): void {
  const command = parent
    .command('lookup')
    .argument('<thing...>', 'host names, URLs, addresses, JA4 fingerprints, protocols, or payload bytes in hexadecimal')
    .description('say which app something belongs to, which indicator decides and why, and what cannot be matched')
    .addHelpText(
      'after',
      `
Payload bytes are taken for the first that a client sends, as a datagram and as the beginning of a TCP stream: what
they name or speak is looked up in turn. Write them as packet tools do, with 0x where they are fewer than four.

Examples:
  offchannel signatures lookup web.whatsapp.com https://t.me/somebody
  offchannel signatures lookup wireguard 192.0.2.7
  offchannel signatures lookup '01 00 00 00 1c 9d 0b 42 …' --json`,
    )
  withOptions(command, ...signatureOptions(), jsonOption())
  command.action((texts: string[], options: SignatureChoice & { readonly json?: true }) =>
    lookup(texts, options, terminal),
  )
}

async function lookup(
  texts: readonly string[],
  options: SignatureChoice & { readonly json?: true },
  terminal: Terminal,
): Promise<void> {
  const [{ thingOf }, { Classifier }] = await Promise.all([
    import('./thing.ts'),
    import('../../classify/classifier.ts'),
  ])
  const things = texts.map(thingOf)
  const set = await loadSignatureSet(options)
  const asked = {
    now: new Classifier(set),
    withdrawn: new Classifier(withdrawnOf(set)),
    reasons: new Map(set.withdrawals.map(({ indicator, reason }) => [indicator, reason])),
  }
  for (const thing of things) {
    const answer = await answerOf(thing, asked)
    if (options.json) {
      const { rows, notes, recognised } = answer
      const candidates = rows.map(({ signature, indicator, wins, rule }) => ({
        app: signature.id,
        ...indicator,
        wins,
        rule,
      }))
      terminal.json({
        [thing.kind]: thing.text,
        ...(thing.kind === 'url' ? { [thing.host.kind]: thing.host.text } : {}),
        recognised,
        candidates,
        notes: notes.length > 0 ? notes : undefined,
      })
    } else await show(thing, answer, terminal)
  }
}

interface Asked {
  readonly now: Classifier
  /** Of indicators that were withdrawn alone. */
  readonly withdrawn: Classifier
  /** By indicator key. */
  readonly reasons: ReadonlyMap<string, string>
}

/** The indicators that were withdrawn, as if they counted. */
function withdrawnOf({ signatures }: SignatureSet): Pick<SignatureSet, 'signatures'> {
  return {
    signatures: signatures.map((signature) => ({
      ...signature,
      indicators: signature.indicators
        .filter(({ withdrawn }) => withdrawn !== undefined)
        .map(({ withdrawn: _, ...indicator }) => indicator),
    })),
  }
}

async function answerOf(thing: Thing, asked: Asked): Promise<Answer> {
  switch (thing.kind) {
    case 'name':
    case 'protocol':
      return { rows: rowsOf(thing.text, asked), notes: [] }
    case 'url': {
      const { rows, notes } = await answerOf(thing.host, asked)
      return {
        rows,
        notes: ['Of a URL the host alone is matched: path, query and port are in no indicator.', ...notes],
      }
    }
    case 'address': {
      const rows = withReasons(asked, (classifier) => classifier.explainAddress(thing.words))
      const note =
        rows.length > 0
          ? 'This counts where a flow names nothing, and its client was told no name for the address.'
          : 'No network of a signature holds this address.'
      return { rows, notes: [note] }
    }
    case 'ja4': {
      const rows = rowsOf(thing.text, asked)
      const note =
        rows.length > 0
          ? 'Other programs may have the same fingerprint: it supports what else is seen, and decides nothing.'
          : 'No indicator names this fingerprint. `offchannel inspect` shows those of an input.'
      return { rows, notes: [note] }
    }
    case 'bytes':
      return answerOfBytes(thing.bytes, asked)
  }
}

async function answerOfBytes(bytes: Uint8Array, asked: Asked): Promise<Answer> {
  const { possibilities, recognise } = await import('./first-bytes.ts')
  const recognised = recognise(bytes)
  const notes = recognised.map(({ transport, port, means, name, protocol, certainty }) => {
    const as = `As the first ${transport === 'udp' ? 'datagram' : 'data of a TCP connection'}`
    const where = port === undefined ? '' : ` on port ${port}`
    const said = name === '' ? `${protocol} (${certainty})` : `${means} ${name}`
    return `${as}${where}: ${said}.`
  })
  const told = new Set(recognised.map(({ transport, protocol }) => `${transport} ${protocol}`))
  const open = possibilities(bytes).filter(({ transport, protocol }) => !told.has(`${transport} ${protocol}`))
  for (const { transport, protocol, ports } of open) {
    const over = `${transport.toUpperCase()}${ports.length > 0 ? ` on port ${ports.join(' or ')}` : ''}`
    notes.push(`${protocol} over ${over} can begin so: the first bytes alone do not tell.`)
  }
  if (notes.length === 0) notes.push('Nothing that is recognised begins with these bytes.')
  const texts = new Set(recognised.flatMap(({ name, protocol }) => [name, protocol]).filter((text) => text !== ''))
  return { rows: [...texts].flatMap((text) => rowsOf(text, asked)), notes, recognised }
}

function rowsOf(text: string, asked: Asked): Row[] {
  return withReasons(asked, (classifier) => classifier.explain(text))
}

/** What a classifier explains, and of what was withdrawn why. */
function withReasons(
  { now, withdrawn, reasons }: Asked,
  explain: (classifier: Classifier) => readonly Candidate[],
): Row[] {
  const rows = explain(now).map((one): Row => ({ ...one, result: one.wins ? 'wins' : 'loses' }))
  const gone = explain(withdrawn).map(({ signature, indicator }): Row => {
    const rule = reasons.get(indicatorKey(signature.id, indicator))!
    return { signature, indicator: { ...indicator, withdrawn: rule }, wins: false, result: 'withdrawn', rule }
  })
  return [...rows, ...gone]
}

async function show(thing: Thing, { rows, notes }: Answer, terminal: Terminal): Promise<void> {
  const apps = [...new Set(rows.filter(({ wins }) => wins).map(({ signature }) => signature.name))]
  const text = thing.kind === 'bytes' ? plural(thing.bytes.length, 'byte') : thing.text
  terminal.out(terminal.style('bold', `${text}: ${apps.join(', ') || 'no signature names it'}`))
  for (const note of notes) terminal.out(`  ${note}`)
  if (rows.length === 0) return
  const cells = rows.map(({ signature, indicator, result, rule }) => [
    signature.id,
    `${indicator.type} ${indicator.value}`,
    indicator.role,
    indicator.strength,
    result === 'wins' ? terminal.style('green', result) : result,
    rule,
  ])
  terminal.out(await table(terminal, ['App', 'Indicator', 'Role', 'Strength', 'Result', 'Rule'], cells))
}
