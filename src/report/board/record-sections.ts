import { grouped, plural } from '../../base/text.ts'
import { LAST_TIME, type Micros } from '../../base/time.ts'
import { REVIEW_STATES } from '../../model/review.ts'
import { gapsOf, wordsFor } from '../coverage-text.ts'
import { flowOutcomes, share } from '../flows-text.ts'
import { type Block, list, type Section, table, text } from './document.ts'
import type { BoardFacts } from './facts.ts'
import { dateText, dayInZone, policyDates } from './policy-dates.ts'
import { spanOf } from './span.ts'
import { bounded, columnNames, figureOfMonth, figureText, longDay, monthAfter, monthName, named } from './words.ts'

/** Rows of the lists of things that are no people. */
const ITEMS = 25

/** Who may, and who did. */
export function exemptionsSection(facts: BoardFacts): Section {
  const { policy } = facts
  const section = { id: 'exemptions', heading: 'Exemptions' }
  if (policy.exemptions.length === 0) return { ...section, blocks: [text('The policy grants no exemption.')] }
  const months = [...facts.before, ...facts.months]
  const { month } = months.at(-1)!
  const end = monthAfter(month, 1)
  const { shown, more } = bounded(policy.exemptions, ITEMS)
  const lastDay = (until: Micros) => dayInZone(until - 1, policy)
  const expired = (until: Micros) => until !== LAST_TIME && lastDay(until) < end
  const rows = shown.map(({ name, from, until, approver }) => [
    named(name),
    named(approver),
    longDay(dayInZone(from, policy)),
    until === LAST_TIME ? 'no end' : `${longDay(lastDay(until))}${expired(until) ? ' (expired)' : ''}`,
  ])
  const count = policy.exemptions.filter(({ until }) => expired(until)).length
  return {
    ...section,
    blocks: [
      text(
        `The policy grants ${plural(policy.exemptions.length, 'exemption', 'exemptions')}. ${grouped(count)} had expired by the end of ${monthName(month)}. Use under an exemption counts as use everywhere else in this report.`,
      ),
      table({
        caption: 'Exemptions of the policy',
        columns: ['Exemption', 'Granted by', 'From', 'Last day'],
        rows,
        numbers: false,
      }),
      table({
        caption: 'Exemptions, people who used them by month',
        columns: ['Exemption', ...columnNames(months)],
        rows: shown.map(({ name }) => [
          named(name),
          ...months.map(({ month, exemptions }) => {
            const used = exemptions?.find(({ key }) => key === name)
            // A table that is told names everybody's exemptions: what is not in it was not used.
            const value = used === undefined && exemptions !== null ? 0 : (used?.value ?? null)
            return figureOfMonth(value, month, facts.blindMonths)
          }),
        ]),
        numbers: true,
      }),
      ...(more === 0 ? [] : [text(`And ${more} more.`)]),
    ],
  }
}

/** How findings stand with those who work on them. */
export function findingsSection(facts: BoardFacts): Section {
  const months = [...facts.before, ...facts.months]
  return {
    id: 'findings',
    heading: 'Findings and what became of them',
    blocks: [
      text(
        'A finding is one person, one app and one day, of at least low severity. The states are those of the day on which the month was first published.',
      ),
      table({
        caption: 'Findings by state',
        columns: ['State', ...columnNames(months)],
        rows: [
          ...REVIEW_STATES.map((state) => [
            `${state.slice(0, 1).toUpperCase()}${state.slice(1)}`,
            ...months.map(({ month, states }) =>
              figureOfMonth(states?.find(({ key }) => key === state)?.value ?? null, month, facts.blindMonths),
            ),
          ]),
          ['All', ...months.map(({ month, findings }) => figureOfMonth(findings, month, facts.blindMonths))],
        ],
        numbers: true,
      }),
    ],
  }
}

/** What of the policy and the signatures changed. */
export function changesSection(facts: BoardFacts): Section {
  const span = spanOf(facts)
  const dates = bounded(policyDates(facts.policy, ...span).map(dateText), ITEMS)
  const [from, until] = span.map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)) as [string, string]
  const revised = facts.signatures.signatures.filter(({ date }) => date >= from && date <= until)
  const signatures = bounded(
    revised.map(({ name, revision, date }) => `${named(name)}: revision ${revision} of ${date}`).sort(),
    ITEMS,
  )
  const listed = (all: { readonly shown: readonly string[]; readonly more: number }, none: string): Block[] =>
    all.shown.length === 0 ? [text(none)] : [list(all.more === 0 ? all.shown : [...all.shown, `and ${all.more} more`])]
  return {
    id: 'changes',
    heading: 'What changed meanwhile',
    blocks: [
      text(
        'What began, ended or was revised in these months: in the policy, and in the signatures by which apps are recognised.',
      ),
      ...listed(dates, 'Nothing in the policy began or ended.'),
      ...listed(signatures, 'No signature was revised.'),
    ],
  }
}

/** What could not be seen, with numbers. */
export function ledgerSection({ coverage, inputs, undatedInputs }: BoardFacts): Section {
  const { all, rows } = flowOutcomes(coverage)
  // What is left out of the traffic of those who are excluded, as of a staff council, may be one person's.
  const isExcluded = ({ reason }: { readonly reason: string }) => reason.startsWith('excluded_')
  const met = gapsOf(coverage)
  const gaps = bounded([...met.filter((one) => !isExcluded(one)), ...met.filter(isExcluded)], ITEMS)
  const blocks: Block[] = [
    text(
      `${plural(inputs, 'capture or log tells', 'captures and logs tell')} of these days. ${grouped(undatedInputs)} more in the store named no such app and no tunnel, so nothing says which days they are of. What tells of other days as well counts here with all of it.`,
    ),
  ]
  if (all > 0) {
    blocks.push(
      table({
        caption: 'What became of every connection in the captures',
        columns: ['What became of it', 'Connections', 'Share'],
        rows: rows.map(({ count, words }) => [words, grouped(count), share(count, all)]),
        numbers: true,
      }),
    )
  }
  if (gaps.shown.length > 0) {
    blocks.push(
      table({
        caption: 'What could not be read or seen',
        columns: ['What', 'Count', 'Inputs'],
        rows: gaps.shown.map((gap) => [
          wordsFor(gap.reason.toWellFormed()),
          isExcluded(gap) ? figureText(null) : grouped(gap.count),
          grouped(gap.inputs),
        ]),
        numbers: true,
      }),
      ...(gaps.more === 0 ? [] : [text(`And ${gaps.more} more kinds.`)]),
    )
  } else blocks.push(text('Nothing was met that could not be read.'))
  return { id: 'ledger', heading: 'What could not be seen', blocks }
}

/** Subjects by pseudonym; nothing where they were not asked for. */
export function subjectsSection({ subjects, signatures }: BoardFacts): Section[] {
  if (subjects === undefined) return []
  const names = new Map(signatures.signatures.map(({ id, name }) => [id, name]))
  return [
    {
      id: 'subjects',
      heading: 'Subjects',
      blocks: [
        text(
          'People, devices and addresses by their pseudonyms. This is what was found, not what was done wrong: an exemption, or the time before the rule, counts as well. Small numbers are not held back here: keep this edition to those who may know.',
        ),
        table({
          caption: 'Subjects, those with most days past the VPN first',
          columns: ['Pseudonym', 'Apps', 'Days', 'Of these, past the VPN'],
          rows: subjects.list.map(({ pseudonym, apps, days, bypassDays }) => [
            pseudonym,
            apps.map((app) => named(names.get(app) ?? app)).join(', '),
            grouped(days),
            grouped(bypassDays),
          ]),
          numbers: false,
        }),
        ...(subjects.more ? [text('And more, which this table has no room for.')] : []),
      ],
    },
  ]
}

/** What the words mean. */
export function notesSection({ months, policy, rotation }: BoardFacts): Section {
  const { least } = months.at(-1)!
  return {
    id: 'notes',
    heading: 'How to read this report',
    blocks: [
      list([
        'A person is a user by name. Where no log names one, a device or an address counts as a person.',
        ...(rotation === 'none'
          ? []
          : [
              `A person has another pseudonym in each calendar ${rotation}, and nothing here joins the two: people are counted within one of them only. Of a week in which one ends, the larger of its two parts is told.`,
            ]),
        'Use means that an app which a rule prohibits to anybody was contacted, and not blocked: also before the rule came into force, and also under an exemption. A mere visit to its public site does not count.',
        `Numbers of fewer than ${least} people are held back, and others beside them from which they could be worked out. "Held back" does not say how many there were. Where a whole table is held back, it does not say that there were any.`,
        'A month that was published once is told with the same numbers in every later report. What was found or corrected later is not in them.',
        `Months, weeks and days begin and end at midnight UTC; the dates of the policy are of its own time zone, ${named(policy.timezone)}.`,
      ]),
    ],
  }
}
