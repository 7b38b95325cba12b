import { harmless } from '../base/text.ts'
import { MICROS_PER_SECOND, type Micros } from '../base/time.ts'
import { type WatchedFile, WatchedFiles } from '../jobs/watched-files.ts'
import type { InputOutcome } from '../sweep/outcome.ts'
import { now } from './clock.ts'
import { FolderEvents } from './folder-events.ts'
import type { FoundInputs } from './job-pass.ts'
import type { PatientTerminal } from './patient-terminal.ts'
import type { WatchControl } from './watch-control.ts'
import type { WatchedJob } from './watched-job.ts'
import { foldersOf, watchedFile } from './watched-paths.ts'

/** The shortest time between the beginnings of two looks, in microseconds, and in times of how long looking takes. */
const LOOK_EVERY = MICROS_PER_SECOND
const LOOK_TIMES = 3

/** How far a group of inputs is behind what lies there. */
export interface GroupLag {
  readonly input: string
  readonly bytes: number
  /** For how long there has been something that was not read. */
  readonly behind: Micros
}

/** Looks at the files of a job again and again, and reads what has changed. */
export class FileWatch {
  readonly #watched: WatchedJob
  readonly #terminal: PatientTerminal
  readonly #control: WatchControl
  readonly #poll: Micros
  readonly #files = new WatchedFiles()
  readonly #events: FolderEvents
  /** What is being read: since when, and when it was looked at. */
  #reading: ReadonlyMap<string, WatchedFile> = new Map()
  #since: Micros = 0
  #looked: Micros = 0
  #found: FoundInputs | undefined
  /** How many have ended. */
  looks = 0

  /** @param poll the longest that nothing is looked at, as long as no event comes. */
  constructor(watched: WatchedJob, control: WatchControl, poll: Micros, terminal: PatientTerminal) {
    this.#watched = watched
    this.#terminal = terminal
    this.#control = control
    this.#poll = poll
    this.#events = new FolderEvents(control.wake, (folder) => {
      terminal.note(`${harmless(folder)}: the system tells nothing of changes in it: it is looked at by --poll alone`)
    })
  }

  /** Looks, reads and judges once. Gives how many microseconds are to lie between the beginnings of this look and the next. */
  async look(): Promise<Micros> {
    const begun = now()
    const { pass, config } = this.#watched.job
    this.#found = await pass.find(this.#terminal, true)
    const { read, groupOf } = this.#found
    const files = read.inputs.map(watchedFile).filter((file) => file !== undefined)
    const paths = config.job.inputs.flatMap((group) => group.paths.map(config.at))
    this.#events.follow(foldersOf(paths, read.inputs))
    const ready = this.#files.look(files, begun)
    const took = now() - begun
    if (ready.length > 0 || this.#watched.isDue) {
      const inputs = ready.map(({ path }) => path)
      this.#reading = new Map(ready.map((file) => [file.path, file]))
      this.#since = now()
      this.#looked = begun
      await this.#watched.read({ ...read, inputs }, groupOf)
    }
    return Math.max(LOOK_EVERY, LOOK_TIMES * took)
  }

  /** Takes what became of an input. */
  readonly outcome = ({ input, status, isGone }: InputOutcome): void => {
    const file = this.#reading.get(input)
    if (file === undefined) return
    const time = now()
    if (isGone === true) {
      this.#files.forget(input)
      this.#since = time
      return
    }
    const stat = status === 'failed' || status === 'stopped' ? undefined : file.stat
    const took = time - this.#since
    this.#files.read(input, { stat, size: file.size, whole: status === 'replaced', took, looked: this.#looked }, time)
    this.#since = time
  }

  /** Until it is to end, looks whenever something changes, and as often as `poll` says. */
  async run(alive: () => void, reload: () => Promise<void>): Promise<void> {
    while (!this.#control.stopping) {
      if (this.#control.reload) await reload()
      const begun = now()
      const next = await this.look()
      this.looks++
      alive()
      await this.#control.rest((begun + next - now()) / 1000)
      await this.#control.listen((begun + this.#poll - now()) / 1000)
    }
    if (this.#found !== undefined) await this.#watched.end({ ...this.#found.read, inputs: [] })
  }

  /** How far each group is behind its files as they are now. */
  lag(): GroupLag[] {
    const groups = new Map(this.#watched.job.config.job.inputs.map(({ name }) => [name, { bytes: 0, since: Infinity }]))
    for (const input of this.#found?.read.inputs ?? []) {
      const group = groups.get(this.#found!.groupOf(input))
      const file = watchedFile(input)
      const waiting = file && this.#files.waiting(file)
      if (group === undefined || waiting === undefined) continue
      group.bytes += waiting.bytes
      group.since = Math.min(group.since, waiting.since)
    }
    const time = now()
    return [...groups].map(([input, { bytes, since }]) => ({ input, bytes, behind: Math.max(0, time - since) }))
  }

  close(): void {
    this.#events.close()
  }
}
