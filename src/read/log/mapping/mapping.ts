import type { Means } from '../../../model/observation.ts'
import type { LogAttributes } from '../../../model/reader.ts'
import type { ColumnsOptions } from '../fields/columns.ts'
import type { CsvOptions } from '../fields/csv.ts'
import type { JsonOptions } from '../fields/json.ts'
import type { KeyValueOptions } from '../fields/key-value.ts'
import type { TextOptions } from '../fields/text.ts'
import type { W3cOptions } from '../fields/w3c.ts'

/** How a record is cut into fields; the same words are used by a file of the user's own. */
export type FieldsRule =
  | 'json'
  | 'key-value'
  | 'w3c'
  | 'cef'
  | 'leef'
  /** An event of Windows as XML. */
  | 'windows-event'
  /** Only what the syslog header and its structured data say. */
  | 'syslog'
  /** `under`: the keys that lead to the list of records, where the input is one object around it. */
  | ({ readonly kind: 'json'; readonly under?: readonly string[] | undefined } & JsonOptions)
  | ({ readonly kind: 'key-value' } & KeyValueOptions)
  | ({ readonly kind: 'csv' } & CsvOptions)
  | ({ readonly kind: 'w3c' } & W3cOptions)
  | ({ readonly kind: 'columns' } & ColumnsOptions)
  | ({ readonly kind: 'text' } & TextOptions)

/** What a field must be: one of these texts (without regard to case; `*` at an end stands for anything), or: */
export type Condition =
  | string
  | readonly string[]
  | { readonly not: string | readonly string[] }
  /** Whether it has a value at all. */
  | { readonly set: boolean }
  /** What it looks like: `name` is a host's name or address, `url` has a scheme, `time` is ISO 8601. */
  | { readonly like: Look }

export const LOOKS = ['address', 'number', 'name', 'url', 'time'] as const
export type Look = (typeof LOOKS)[number]

/** Every one must hold. */
export type Conditions = Readonly<Record<string, Condition>>

/** Where a value stands: a field, or a part of one. */
export type Source =
  | string
  | {
      readonly from: string
      /** Only what stands behind the first of this text; without it this source has no value. */
      readonly after?: string | undefined
      /** Only what stands before the first of this text; all of it where there is none. */
      readonly before?: string | undefined
      /** The same of the last of this text: the port behind an IPv6 address, and the address. */
      readonly afterLast?: string | undefined
      readonly beforeLast?: string | undefined
      /** `%20` is undone. */
      readonly decode?: 'percent' | undefined
    }
  /** The same for every record. */
  | { readonly value: string }

/** The first that has a value. */
export type Sources = Source | readonly Source[]

export interface TimeRule {
  /** Texts of several fields are joined by a space. */
  readonly from: string | readonly string[]
  /** Only a part of the field, as in `Source`. */
  readonly after?: string | undefined
  readonly before?: string | undefined
  /** `unix` (the unit is told by the size), `iso`, `syslog`, `httpd`, or a pattern: `time-pattern.ts` has its letters. */
  readonly as: string
  /** The field that names the zone of a local time: `+0100`, `UTC`, `Europe/Paris`. */
  readonly zone?: string | undefined
  /** A time without a zone is UTC, whatever the operator says of local times. */
  readonly utc?: boolean | undefined
}
export type TimeRules = TimeRule | readonly TimeRule[]

export const UNITS = { h: 3_600_000_000, min: 60_000_000, s: 1_000_000, ms: 1000, us: 1, ns: 0.001 } as const
export interface DurationRule {
  readonly from: string
  /** Decimals are allowed. `clock` is `1:02:03`, `words` is `1d 2h:03m:04s`. */
  readonly unit: keyof typeof UNITS | 'clock' | 'words'
}

export interface ActionRule {
  readonly from: Sources
  /** Texts as in conditions; what is in neither list says nothing. */
  readonly blocked?: readonly string[] | undefined
  readonly allowed?: readonly string[] | undefined
}

/** A record that holds a DNS query, its answer, or both: `means` says which; without it both, where there is an answer. */
export interface DnsRule {
  readonly query: Sources
  /** `A` or `1`: in answers of other types a name is no alias. */
  readonly type?: Sources | undefined
  /** A list: addresses, and names as aliases. Separated by `separator`, spaces around them left off. */
  readonly answers?: Sources | undefined
  readonly separator?: string | undefined
  readonly rcode?: Sources | undefined
  /** A list of seconds, of which the smallest counts. */
  readonly ttl?: Sources | undefined
}

/** What a record says of a tunnel or a lease. */
export interface MarkRule {
  readonly kind: 'tunnel' | 'lease'
  readonly event: 'start' | 'alive' | 'end'
  readonly outer?: Sources | undefined
  readonly inner?: Sources | undefined
  readonly user?: Sources | undefined
  readonly device?: Sources | undefined
  readonly gateway?: Sources | undefined
  readonly protocol?: Sources | undefined
  /** When it began, said at its end. */
  readonly since?: TimeRules | undefined
  readonly duration?: DurationRule | undefined
  /** How long a lease is given for. */
  readonly lifetime?: DurationRule | undefined
}

/** What address translation made of the client and the server: an address, with or without a port. */
export interface TranslatedRule {
  readonly client?: Sources | undefined
  readonly clientPort?: Sources | undefined
  readonly server?: Sources | undefined
  readonly serverPort?: Sources | undefined
}

/** How records of one kind are read: an observation, or what they say of a tunnel or lease. */
export interface RecordRule {
  /** Left out: every record. */
  readonly when?: Conditions | undefined
  readonly time: TimeRules
  readonly end?: TimeRules | undefined
  readonly duration?: DurationRule | undefined
  /** Which end of the duration the time is; `start` where nothing is said. */
  readonly logged?: 'start' | 'end' | undefined
  /** An address, with or without a port (`10.0.0.5:51234`, `10.0.0.5#51234`, `inside:10.0.0.5/51234`); or a device's name. */
  readonly client?: Sources | undefined
  readonly clientPort?: Sources | undefined
  /** The same; a name is taken for the host's name where the record has no other. */
  readonly server?: Sources | undefined
  readonly serverPort?: Sources | undefined
  /** `tcp`, `udp`, `6`, `17`; `quic` is udp. */
  readonly transport?: Sources | undefined
  /** Of the host that was reached; a port behind it is read, too. */
  readonly name?: Sources | undefined
  /** Only its host and port are looked at. */
  readonly url?: Sources | undefined
  readonly method?: Sources | undefined
  readonly user?: Sources | undefined
  readonly device?: Sources | undefined
  /** The program that asked. */
  readonly application?: Sources | undefined
  readonly bytesUp?: Sources | undefined
  readonly bytesDown?: Sources | undefined
  /** Of both directions together. */
  readonly bytesTotal?: Sources | undefined
  readonly translated?: TranslatedRule | undefined
  readonly action?: ActionRule | undefined
  /**
   * Left out: `http-connect` for the method CONNECT, `http-url` where there is a URL, `http-host` where there is a name.
   * A record without a name is an `address`, whatever stands here.
   */
  readonly means?: Means | undefined
  readonly dns?: DnsRule | undefined
  /** What is then said of the record; no observation is made. */
  readonly mark?: MarkRule | undefined
}

/** How a sample is known: fields that a record has, and what is in them. All must hold. */
export interface DetectRule {
  readonly has?: readonly string[] | undefined
  readonly is?: Conditions | undefined
}

/** One way in which a product writes its log. */
export interface Layout {
  readonly fields: FieldsRule
  /** A syslog header may stand around each record. */
  readonly syslog?: boolean | undefined
  /** The field that holds the record itself, written as `fields` says: what a collector wrapped in JSON. */
  readonly inside?: string | undefined
  /** Texts that stand for no value. */
  readonly unset?: readonly string[] | undefined
  /** A record is of this layout where one of these holds. */
  readonly detect: readonly DetectRule[]
  /** The first whose `when` holds; a record of none is skipped. */
  readonly records: readonly RecordRule[]
}

interface Heading {
  /** The name of the file. */
  readonly name: string
  readonly title: string
  readonly documentation: string
  readonly verified?: boolean | undefined
  readonly general?: boolean | undefined
  readonly attributes: LogAttributes
}

/** A log format as data: a product that writes one layout, or several. */
export type Mapping = Heading & (Layout | { readonly layouts: readonly Layout[] })
