import type { Readable } from 'node:stream'
import { styleText } from 'node:util'
import { harmlessJson } from '../base/text.ts'

export type ColourChoice = 'auto' | 'always' | 'never'
type Format = Parameters<typeof styleText>[0]

/** A stream of the process, as far as commands need it. */
export interface TextStream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  /** Where `write` gives false: called once it takes more. */
  once?(event: 'drain', listener: () => void): unknown
}

/** Takes what happens, one object a line. */
export type JsonLog = (level: 'info' | 'error', event: string, fields: Readonly<Record<string, unknown>>) => void

/** Lines about something wrong that are kept. */
const PROBLEMS_KEPT = 50

/** What commands write to: data on `out`, everything else on `note`. Tests hand in their own. */
export class Terminal {
  readonly stdout: TextStream
  readonly stderr: TextStream
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable
  colours: ColourChoice = 'auto'
  quiet = false
  /** What lines on standard error are handed to as JSON; undefined: they are written for people. */
  log: JsonLog | undefined
  /** The first lines about something wrong, and how many there were. */
  readonly problems: string[] = []
  problemCount = 0
  /**
   * What the process ends with: 0 clean, 1 findings at or above `--fail-on`, 2 usage, configuration or damaged input.
   */
  exitStatus = 0

  constructor(
    stdout: TextStream,
    stderr: TextStream,
    environment: Readonly<Record<string, string | undefined>>,
    stdin: Readable,
  ) {
    this.stdout = stdout
    this.stderr = stderr
    this.environment = environment
    this.stdin = stdin
  }

  /** Writes a line of data. */
  out(line: string): void {
    this.stdout.write(`${line}\n`)
  }

  /** Writes data of any length piece by piece: waits where whoever reads it is slower, so that it is not held here. */
  async pour(text: string): Promise<void> {
    const { stdout } = this
    if (stdout.write(text) === false) await new Promise<void>((resolve) => stdout.once?.('drain', resolve) ?? resolve())
  }

  /** Writes a value as a line of JSON. */
  json(value: unknown): void {
    this.out(harmlessJson(value))
  }

  /** Writes a line about the run; not with `--quiet`. */
  note(line: string): void {
    if (this.log !== undefined) this.#log('info', 'note', { message: line })
    else if (!this.quiet) this.stderr.write(`${line}\n`)
  }

  /** Writes a line about something wrong, and makes the exit status at least 2. */
  problem(line: string): void {
    this.fail(line)
    if (this.log !== undefined) this.#log('error', 'problem', { message: line })
    else this.stderr.write(`${this.style('red', 'offchannel:', this.stderr)} ${line}\n`)
  }

  /** Counts something wrong that is told elsewhere, and makes the exit status at least 2. */
  fail(line: string): void {
    if (this.problems.length < PROBLEMS_KEPT) this.problems.push(line)
    this.problemCount++
    this.exitStatus = 2
  }

  /** Writes what happens in a run, with these fields: only where the log is JSON, not with `--quiet`. */
  event(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#log('info', event, fields)
  }

  /** Colours a text where the stream shows colours: a terminal without NO_COLOR (https://no-color.org), or as asked. */
  style(format: Format, text: string, stream: TextStream = this.stdout): string {
    return this.#coloured(stream) ? styleText(format, text, { validateStream: false }) : text
  }

  /** Columns that a table may take: of the terminal, of COLUMNS, or 100 in a pipe. */
  get width(): number {
    const columns = this.stdout.columns ?? Number(this.environment.COLUMNS ?? Number.NaN)
    return Number.isInteger(columns) && columns >= 40 ? columns : 100
  }

  #log(level: 'info' | 'error', event: string, fields: Readonly<Record<string, unknown>>): void {
    if (!this.quiet || level === 'error') this.log?.(level, event, fields)
  }

  #coloured(stream: TextStream): boolean {
    if (this.colours !== 'auto') return this.colours === 'always'
    const no = this.environment.NO_COLOR
    if (no !== undefined && no !== '') return false
    return stream.isTTY === true && this.environment.TERM !== 'dumb'
  }
}
