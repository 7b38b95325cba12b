import type { Drawing } from './drawing.ts'

/** What stands in a report, in the order of reading; HTML and PDF are both made from it. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly table: BoardTable }
  | { readonly kind: 'chart'; readonly chart: BoardChart }

/** The first column holds the heads of the rows, all others numbers where `numbers` says so. */
export interface BoardTable {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly numbers: boolean
}

export interface BoardChart {
  readonly title: string
  /** Says in words what the picture shows. */
  readonly alternative: string
  readonly drawing: Drawing
}

export interface Section {
  /** Of letters and hyphens. */
  readonly id: string
  readonly heading: string
  readonly blocks: readonly Block[]
}

/** A question that a board asks, and the answer in a few sentences. */
export interface Answer {
  readonly question: string
  readonly sentences: readonly string[]
  /** Nobody must pass over it. */
  readonly framed: boolean
}

export interface BoardDocument {
  readonly title: string
  readonly organisation: string
  /** `October 2026` */
  readonly period: string
  /** The day that the report carries, as `1 November 2026`. */
  readonly date: string
  /** The same as days since 1970-01-01. */
  readonly day: number
  /** What must be said on every page, as that it is a draft; '' for nothing. */
  readonly mark: string
  readonly answers: readonly Answer[]
  readonly sections: readonly Section[]
}

/** A paragraph. */
export const text = (words: string): Block => ({ kind: 'text', text: words })
export const list = (items: readonly string[]): Block => ({ kind: 'list', items })
export const table = (one: BoardTable): Block => ({ kind: 'table', table: one })
export const chart = (one: BoardChart): Block => ({ kind: 'chart', chart: one })
