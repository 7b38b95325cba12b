import type { Command } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import type { Finding } from '../model/finding.ts'
import { noSuchFinding } from '../store/findings.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { today } from './clock.ts'
import { jsonOption, storeOption, withOptions } from './options.ts'
import { reviewed } from './reviewed.ts'
import type { Terminal } from './terminal.ts'

interface ShowOptions {
  readonly store: string
  readonly history?: true
  readonly json?: true
}

/** `offchannel show`: one finding, or what became of it. */
export function addShowCommand(program: Command, terminal: Terminal): void {
  const show = program
    .command('show')
    .summary('tell one finding with its reasons and evidence')
    .description(
      'Tells what was seen, each judged quality with the rule and the reason, the frames or lines behind it, and what was done to it.',
    )
    .argument('<id>', 'the id of a finding, or its beginning')
    .option('--history', 'tell what changed from revision to revision instead; also of a finding that is gone')
    .addHelpText('after', '\nExamples:\n  offchannel show f-3a91c0d2\n  offchannel show f-3a91c0d2 --history')
  withOptions(show, storeOption(), jsonOption())
  show.action((id: string, options: ShowOptions) => showCommand(id, options, terminal))
}

async function showCommand(id: string, options: ShowOptions, terminal: Terminal): Promise<void> {
  const { Store } = await import('../store/store.ts')
  const store = Store.openReadOnly(options.store)
  try {
    if (options.history) await showHistory(store, id, options, terminal)
    else await showFinding(store, id, options, terminal)
  } finally {
    store.close()
  }
}

async function showFinding(store: StoreReader, id: string, options: ShowOptions, terminal: Terminal): Promise<void> {
  const finding = store.finding(id) ?? successorOf(store, id, options.store, terminal)
  const reviews = store.reviews(finding.id)
  const [known] = reviewed(store, [finding], today())
  const succeeds = store.succeeds(finding.id)
  const statements = store.statements(finding.id)
  if (options.json) {
    terminal.json({
      ...known,
      ...(succeeds.length > 0 && { succeeds }),
      ...(reviews.length > 0 && { reviews }),
      ...(statements.length > 0 && { statements }),
    })
    return
  }
  const [{ findingText }, { reviewText }] = await Promise.all([
    import('../report/finding-text.ts'),
    import('../report/review-text.ts'),
  ])
  const style = terminal.style.bind(terminal)
  terminal.out(findingText(finding, style))
  if (known!.review !== undefined || reviews.length > 0)
    terminal.out(`\n${reviewText(known!.review ?? store.standing(finding, today()), reviews, style)}`)
  if (statements.length > 0) {
    const { statementLines } = await import('../report/statement-text.ts')
    terminal.out(['', style('bold', 'Statements:'), ...statements.flatMap(statementLines)].join('\n'))
  }
  for (const gone of succeeds)
    terminal.out(`It has what ${gone} was about, which is gone (\`offchannel show ${gone} --history\`)`)
  if (store.identities === 'clear') terminal.out('identities are clear in this store')
}

/** The one finding that has what one was about that is gone; throws `usage` where there is none, or several. */
function successorOf(store: StoreReader, id: string, file: string, terminal: Terminal): Finding {
  const gone = store.idOf(id)
  const successors = gone === undefined ? [] : store.successors(gone)
  if (gone === undefined || successors.length === 0) throw noSuchFinding(id, file)
  if (successors.length > 1) {
    const some = successors.join(', ')
    throw new OffchannelError('usage', `${gone} is gone, and what it was about is in several: show one of ${some}`)
  }
  terminal.note(`${gone} is gone: what it was about is in ${successors[0]!}`)
  return store.finding(successors[0]!)!
}

async function showHistory(store: StoreReader, id: string, options: ShowOptions, terminal: Terminal): Promise<void> {
  const { historyText } = await import('../report/history-text.ts')
  const finding = store.finding(id)
  const whole = finding?.id ?? store.idOf(id)
  if (whole === undefined) throw noSuchFinding(id, options.store)
  const [history, reviews] = [store.history(whole), store.reviews(whole)]
  if (options.json) terminal.json({ id: whole, ...(finding && { revision: finding.revision }), history, reviews })
  else terminal.out(historyText(whole, finding?.revision, history, reviews, terminal.style.bind(terminal)))
}
