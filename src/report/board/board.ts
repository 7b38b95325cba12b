import { answersOf } from './answers.ts'
import type { BoardDocument } from './document.ts'
import type { BoardFacts } from './facts.ts'
import {
  changesSection,
  exemptionsSection,
  findingsSection,
  ledgerSection,
  notesSection,
  subjectsSection,
} from './record-sections.ts'
import { activitySection, appsSection, placesSection, routesSection, trendSection } from './use-sections.ts'
import { longDay, monthName, named } from './words.ts'

/** The report for a board, without a form yet. The same facts give the same words, numbers and drawings. */
export function boardDocument(facts: BoardFacts): BoardDocument {
  const [first, last] = [monthName(facts.months[0]!.month), monthName(facts.months.at(-1)!.month)]
  const period = first === last ? first : `${first} to ${last}`
  const against =
    facts.before.length === 0
      ? ''
      : `, beside the ${facts.before.length === 1 ? 'month' : `${facts.before.length} months`} before`
  const marks = [
    ...(facts.draft
      ? ['Draft: not to be passed on. Its numbers are not remembered, so later ones may give small ones away.']
      : []),
    ...(facts.subjects === undefined ? [] : ['Confidential: with subjects.']),
  ]
  return {
    title: 'Messaging apps on our networks',
    organisation: named(facts.policy.organisation),
    period: `${period}${against}`,
    date: longDay(facts.day),
    day: facts.day,
    mark: marks.join(' '),
    answers: answersOf(facts),
    sections: [
      trendSection(facts),
      routesSection(facts),
      appsSection(facts),
      activitySection(facts),
      placesSection(facts),
      exemptionsSection(facts),
      findingsSection(facts),
      changesSection(facts),
      ledgerSection(facts),
      ...subjectsSection(facts),
      notesSection(facts),
    ],
  }
}
