import type { Day } from '../base/time.ts'

/** A row of a table before anything is held back: of a number the people behind it. */
export interface CountedRow {
  readonly key: string
  readonly value: number
  readonly people: number
  /** How many people there are of this row by a register, whether they did anything or not; where one tells. */
  readonly size?: number
}

/** A week from Monday to Sunday: who used an app that a rule prohibits, and who of them went past the VPN. */
export interface CountedWeek {
  readonly monday: Day
  readonly people: number
  readonly bypass: number
}

/** The parts of the people of a month, each of whom is in exactly one row of each. */
export const PART_TABLES = ['routes', 'activities', 'groups', 'networks'] as const
export type PartTable = (typeof PART_TABLES)[number]

/** By the worst that a person did in the month: bypass, then what could not be told, then inside the VPN or allowed out. */
export const ROUTE_ROWS = ['bypass', 'untold', 'inside'] as const
/** By the most that a person did in the month; background is an app that is only installed. */
export const ACTIVITY_ROWS = ['call', 'use', 'background'] as const

/** Those who used an exemption. */
export interface ExemptRow extends CountedRow {
  /** Rows that count at least all of them: those of the one app, network or directorate that it is for. */
  readonly within: readonly { readonly table: 'apps' | 'networks' | 'groups'; readonly key: string }[]
}

/** What is known of one calendar month, in UTC, before anything is held back. It never leaves the machine. */
export interface MonthCounts extends Readonly<Record<PartTable, readonly CountedRow[]>> {
  /** Its first day. */
  readonly month: Day
  /** Who used an app that a rule prohibits. */
  readonly people: number
  readonly apps: readonly CountedRow[]
  readonly exemptions: readonly ExemptRow[]
  /** Findings, not people, by how each stands. */
  readonly states: readonly CountedRow[]
  /** Those whose Sunday is in the month, so that each week belongs to one month. */
  readonly weeks: readonly CountedWeek[]
  /** Of each register its entries, and how many of them were seen. */
  readonly registers: readonly { readonly name: string; readonly entries: number; readonly seen: number }[]
}

/** What a store counts of a month. */
export interface StoreCounts extends Omit<MonthCounts, 'registers' | 'exemptions'> {
  readonly exemptions: readonly CountedRow[]
}

/** A number as it is published; null where it is held back. */
export type Figure = number | null

/** `size` as the registers had it when the month was published. */
export interface FigureRow {
  readonly key: string
  readonly value: Figure
  readonly size?: number
}

/** Null where nothing of the table may be told. */
export type FigureTable = readonly FigureRow[] | null

/** What is published of one month, and all that is: reports say the same of it for ever. */
export interface MonthFigures extends Readonly<Record<PartTable, FigureTable>> {
  readonly month: Day
  /** Fewer people than this are never told of. */
  readonly least: number
  readonly people: Figure
  readonly apps: FigureTable
  readonly exemptions: FigureTable
  readonly findings: Figure
  readonly states: FigureTable
  readonly weeks: readonly { readonly monday: Day; readonly people: Figure; readonly bypass: Figure }[]
  readonly registers: readonly { readonly name: string; readonly entries: number; readonly seen: Figure }[]
}

/** Somebody in the list of subjects, by pseudonym also where the store keeps identities. */
export interface BoardSubject {
  readonly pseudonym: string
  /** Ids, sorted. */
  readonly apps: readonly string[]
  readonly days: number
  readonly bypassDays: number
}
