import { MICROS_PER_MINUTE, type Micros } from '../base/time.ts'
import { now } from './clock.ts'
import { Terminal } from './terminal.ts'

/** What was said is not said again for so long. */
const AGAIN_AFTER = 60 * MICROS_PER_MINUTE

/** Different lines that are remembered. */
const LINES_KEPT = 1000

/** A terminal for what goes on for ever: a line that differs in its numbers alone is said once an hour, and counts once. */
export class PatientTerminal extends Terminal {
  readonly #said = new Map<string, Micros>()

  constructor(terminal: Terminal) {
    super(terminal.stdout, terminal.stderr, terminal.environment, terminal.stdin)
    this.colours = terminal.colours
    this.quiet = terminal.quiet
    this.log = terminal.log
  }

  override note(line: string): void {
    if (this.#isNews(line)) super.note(line)
  }

  override problem(line: string): void {
    if (this.#isNews(line)) super.problem(line)
  }

  /** Lets what was said be said again. */
  forget(): void {
    this.#said.clear()
  }

  /** Begins to count problems anew. */
  restart(): void {
    this.problems.length = 0
    this.problemCount = 0
    this.exitStatus = 0
  }

  #isNews(line: string): boolean {
    const key = line.replace(/\d+/g, '#')
    const before = this.#said.get(key)
    const time = now()
    if (before !== undefined && time - before < AGAIN_AFTER) return false
    this.#said.delete(key)
    this.#said.set(key, time)
    if (this.#said.size > LINES_KEPT) this.#said.delete(this.#said.keys().next().value!)
    return true
  }
}
