import { expect, test } from 'vitest'
import { heldText } from '../../src/report/held-text.ts'
import { SubjectDesk } from '../../src/store/held-about.ts'
import { HoldDesk } from '../../src/store/holds.ts'
import { ReviewDesk } from '../../src/store/review-desk.ts'
import { StatementDesk } from '../../src/store/statements.ts'
import { labelOf } from '../../src/store/subject.ts'
import { answer, batch, client, content, DAY, mark, NOW, reading, sessionMark, temporaryStore } from './made.ts'
import { fill, seen, subjectOf } from './people.ts'

const ANNA = client('10.0.0.5')
const LABEL = labelOf({ kind: 'address', tag: Buffer.from(ANNA.tag, 'hex'), clear: null })
const ENTRY = { at: NOW, author: 'alice', text: 'It was a loan' }

test('all that is held of somebody is told in words, by what tables show or the whole pseudonym', () => {
  const store = temporaryStore()
  const facts = batch({
    marks: [mark(0), mark(1)],
    answers: [answer()],
    sessions: [sessionMark(0, { user: client('anna', 'user') })],
  })
  store.begin(reading('b.log')).complete(content('b'), facts)
  fill(store, 'a.pcap', [seen(ANNA, DAY), seen(ANNA, DAY - 1), seen(client('10.0.0.6'), DAY)])
  const finding = store.findings({ subject: subjectOf(ANNA), from: DAY })[0]!
  const [reviews, statements, holds] = [ReviewDesk, StatementDesk, HoldDesk].map((desk) => desk.open(store.file)) as [
    ReviewDesk,
    StatementDesk,
    HoldDesk,
  ]
  reviews.review([finding.id], 'note', { ...ENTRY, text: 'Asked her' })
  statements.state(finding.id.slice(0, 8), ENTRY)
  holds.add({ client: LABEL }, ENTRY)
  for (const desk of [reviews, statements, holds]) desk.close()
  const desk = SubjectDesk.open(store.file)
  const held = desk.heldAbout(LABEL)
  expect(desk.heldAbout(subjectOf(ANNA))).toEqual(held)
  expect(() => desk.heldAbout('address-00000000')).toThrow('knows nobody by it')
  desk.close()
  expect(held).toMatchObject({ pseudonym: subjectOf(ANNA), label: LABEL, suppressions: 0, messages: 0 })
  expect(held.findings.map(({ statements: said }) => said.map(({ text }) => text))).toEqual([[], ['It was a loan']])
  const text = heldText(held, (_, words) => words)
  for (const line of [
    'The store knows this address by a pseudonym only: the name or address itself is not in it.',
    '  whatsapp in office: 2 quarter-hour entries, 2026-11-20 to 2026-11-21',
    '  VPN tunnel to north: 2 quarter-hours, 2026-11-21',
    '  1 record of a lease, 2026-11-21',
    '  1 answer of DNS for whatsapp, 2026-11-21',
    '  2 findings:',
    '  2026-11-22 10:00 UTC  alice wrote to revision 1 (high)',
    '    > Asked her',
    '  2026-11-22 10:00 UTC  alice states of revision 1:',
    '    > It was a loan',
    '1 legal hold names it: number 1.',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
})

test('a statement cannot be changed, and one without words or of no finding is refused', () => {
  const store = temporaryStore()
  const [finding] = fill(store, 'a.pcap', [seen(ANNA, DAY)])
  const desk = StatementDesk.open(store.file)
  expect(() => desk.state(finding!.id, { ...ENTRY, text: ' ' })).toThrow('empty')
  expect(() => desk.state('f-0000', ENTRY)).toThrow('no such finding')
  desk.state(finding!.id, ENTRY)
  desk.close()
  expect(() =>
    store.amend('x', (database) => ({ result: database.exec('DELETE FROM statement'), details: {} })),
  ).toThrow('statements are only added to')
  expect(store.statements(finding!.id)).toHaveLength(1)
})
