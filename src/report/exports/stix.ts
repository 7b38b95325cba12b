import { createHash, type Hash } from 'node:crypto'
import { harmless, harmlessJson } from '../../base/text.ts'
import { formatMicros, type Micros } from '../../base/time.ts'
import type { Finding, Verdict } from '../../model/finding.ts'
import type { FindingStatement } from '../../model/retention.ts'
import type { ReviewedFinding } from '../../model/review.ts'
import { reasonOf, titleOf } from '../finding-rows.ts'
import { partsOf, stixPattern } from '../stix-pattern.ts'
import { uuid5 } from '../uuid.ts'
import type { ExportContext, FindingsFormat, Tlp } from './export-format.ts'

/** Of what offchannel itself names; that of the next line is kept for observables (STIX 2.1 §2.9). */
const NAMESPACE = 'c2d1f0b4-6a0e-5a77-9d5b-3f4f6e8e1a20'
const OBSERVABLES = '00abedb4-aa42-466c-9c01-fed23315a9b7'

/** Nobody knows when what is always so was said first. */
const ALWAYS = { created: '2026-01-01T00:00:00.000Z', modified: '2026-01-01T00:00:00.000Z' }

/** STIX 2.1 §7.2.1.4 gives them word for word. */
const MARKINGS: Readonly<Record<Tlp, string>> = {
  white: 'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9',
  green: 'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da',
  amber: 'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82',
  red: 'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed',
}

const MOST = 999_999_999

/** What `domain-name` takes (STIX 2.1 §6.4, RFC 5890 §2.3.2.1): no underscore, no `--` third but in punycode. */
const LABEL = '(?!(?!xn)..--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?'
const HOSTNAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`)

type StixObject = Readonly<Record<string, unknown>> & { readonly type: string; readonly id: string }

const OFFCHANNEL = id('identity', 'offchannel')

/**
 * One bundle. An app is `infrastructure` with its `indicator`s, a client a `user-account`; each verdict is a `sighting` of
 * the app with the `observed-data` behind it, each statement beside a finding a `note` on its sightings. Ids follow from what they name, that of the bundle, which stands at its
 * end, from all of its objects.
 */
export const stix: FindingsFormat = {
  of: 'findings',
  name: 'stix',
  title: 'findings as a bundle of STIX 2.1',
  documentation: 'https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html',
  marked: true,
  *write(findings, context) {
    const bundle = new Bundle(context)
    yield '{"type":"bundle","objects":['
    yield bundle.opening()
    for (const finding of findings) yield bundle.of(finding)
    yield `\n],"id":"${bundle.id()}"}\n`
  },
}

class Bundle {
  readonly #context: ExportContext
  readonly #marks: Readonly<Record<string, unknown>>
  /** What several findings refer to stands there once: apps, indicators, clients. */
  readonly #written = new Set<string>()
  readonly #hash: Hash = createHash('sha256')

  constructor(context: ExportContext) {
    this.#context = context
    this.#marks = context.tlp === undefined ? {} : { object_marking_refs: [MARKINGS[context.tlp]] }
  }

  opening(): string {
    const { tlp, version } = this.#context
    const name = `offchannel ${version}`.trim()
    const text = this.#text({ type: 'identity', id: OFFCHANNEL, ...ALWAYS, name, identity_class: 'system' })
    if (tlp === undefined) return text.slice(1)
    const created = '2017-01-20T00:00:00.000Z'
    const marking = { type: 'marking-definition', spec_version: '2.1', id: MARKINGS[tlp], created }
    const about = { name: `TLP:${tlp.toUpperCase()}`, definition_type: 'tlp', definition: { tlp } }
    const said = harmlessJson({ ...marking, ...about })
    this.#hash.update(said)
    return `\n${said}${text}`
  }

  of(finding: ReviewedFinding): string {
    const notes = (finding.statements ?? []).map((statement) => this.#note(finding, statement))
    return `${finding.verdicts.map((verdict) => this.#sighting(finding, verdict)).join('')}${notes.join('')}`
  }

  id(): string {
    return id('bundle', this.#hash.digest('hex'))
  }

  #sighting(finding: ReviewedFinding, verdict: Verdict): string {
    const infrastructure = id('infrastructure', finding.app)
    const account = observable('user-account', { user_id: harmless(finding.client) })
    const software = observable('software', { name: harmless(finding.appName) })
    const parts = verdict.evidence.map(({ indicator }) => partsOf(indicator))
    const names = parts.filter(({ type, value }) => type === 'exact' && HOSTNAME.test(value))
    const domains = [...new Set(names.map(({ value }) => value))].map((value) => observable('domain-name', { value }))
    const key = `${finding.id} ${verdict.route.value}`
    const own = { ...versionOf(finding, verdict), created_by_ref: OFFCHANNEL }
    const observed = {
      type: 'observed-data',
      id: id('observed-data', key),
      ...own,
      first_observed: formatMicros(verdict.first),
      last_observed: formatMicros(verdict.last),
      number_observed: within(
        1,
        verdict.evidence.reduce((sum, { count }) => sum + count, 0),
      ),
      object_refs: [account, software, ...domains].map((object) => object.id),
    }
    const sighting = {
      type: 'sighting',
      id: id('sighting', key),
      ...own,
      description: `${titleOf(finding, verdict)}. ${harmless(reasonOf(verdict))}`,
      labels: labelsOf(finding, verdict),
      external_references: [{ source_name: 'offchannel', external_id: finding.id }],
      first_seen: formatMicros(verdict.first),
      last_seen: formatMicros(verdict.last),
      count: within(0, verdict.minutes),
      sighting_of_ref: infrastructure,
      observed_data_refs: [observed.id],
      where_sighted_refs: [OFFCHANNEL],
      summary: true,
    }
    const shared = [this.#app(finding), ...this.#indicators(finding, verdict)]
    for (const object of [account, software, ...domains]) shared.push(this.#once(object))
    return `${shared.join('')}${this.#text(observed)}${this.#text(sighting)}`
  }

  /** STIX 2.1 §4.9. */
  #note(finding: Finding, { finding: of, seq, at, author, text }: FindingStatement): string {
    return this.#text({
      type: 'note',
      id: id('note', `${of} ${seq}`),
      ...{ created: millis(at), modified: millis(at), created_by_ref: OFFCHANNEL },
      abstract: `Statement beside ${finding.id}`,
      content: harmless(text),
      ...(author !== '' && { authors: [harmless(author)] }),
      object_refs: finding.verdicts.map(({ route }) => id('sighting', `${finding.id} ${route.value}`)),
    })
  }

  #app({ app, appName, category }: Finding): string {
    return this.#once({
      type: 'infrastructure',
      id: id('infrastructure', app),
      ...ALWAYS,
      created_by_ref: OFFCHANNEL,
      name: harmless(appName),
      description: `The servers of ${harmless(appName)} (${app}, ${category})`,
      infrastructure_types: [typeOf(category)],
    })
  }

  *#indicators({ app, appName, category }: Finding, { evidence }: Verdict): Generator<string, void, undefined> {
    for (const { indicator } of evidence) {
      const pattern = stixPattern(indicator)
      if (pattern === undefined) continue
      const own = { ...ALWAYS, created_by_ref: OFFCHANNEL }
      const indicatorId = id('indicator', indicator)
      yield this.#once({
        type: 'indicator',
        id: indicatorId,
        ...own,
        name: `${harmless(appName)}: ${harmless(partsOf(indicator).value)}`,
        indicator_types: [typeOf(category)],
        pattern,
        pattern_type: 'stix',
        pattern_version: '2.1',
        valid_from: '1970-01-01T00:00:00Z',
      })
      yield this.#once({
        type: 'relationship',
        id: id('relationship', indicator),
        ...own,
        relationship_type: 'indicates',
        source_ref: indicatorId,
        target_ref: id('infrastructure', app),
      })
    }
  }

  #once(object: StixObject): string {
    if (this.#written.has(object.id)) return ''
    this.#written.add(object.id)
    return this.#text(object)
  }

  #text({ type, id, ...rest }: StixObject): string {
    const text = harmlessJson({ type, spec_version: '2.1', id, ...rest, ...this.#marks })
    this.#hash.update(text)
    return `,\n${text}`
  }
}

function id(type: string, name: string): string {
  return `${type}--${uuid5(NAMESPACE, `${type} ${name}`)}`
}

/** Its id is made from the properties that STIX 2.1 §2.9 and §6 name for its type: here all that it has. */
function observable(type: string, properties: Readonly<Record<string, string>>): StixObject {
  return { type, id: `${type}--${uuid5(OBSERVABLES, JSON.stringify(properties))}`, ...properties }
}

/** A finding that was revised is a later version: a millisecond for each revision, as the time is not known. */
function versionOf({ revision }: Finding, { last }: Verdict): { readonly created: string; readonly modified: string } {
  return { created: millis(last), modified: millis(last + (revision - 1) * 1000) }
}

/** STIX 2.1 §3.2: to the millisecond. */
function millis(time: Micros): string {
  return `${formatMicros(time).slice(0, 23)}Z`
}

function labelsOf(finding: ReviewedFinding, { route, bypass, ruling, grade, activity, severity }: Verdict): string[] {
  return [
    `severity:${severity.value}`,
    `route:${route.value}`,
    `ruling:${ruling.value}`,
    `grade:${grade.value}`,
    `activity:${activity.value}`,
    `state:${finding.review?.value ?? 'open'}`,
    ...(bypass ? ['bypass'] : []),
  ]
}

/** In the vocabularies of indicators and of infrastructure alike (STIX 2.1 §10.5, §10.8): to be used is no crime. */
function typeOf(category: Finding['category']): string {
  return category === 'concealment' ? 'anonymization' : 'unknown'
}

function within(least: number, value: number): number {
  return Math.min(MOST, Math.max(least, value))
}
