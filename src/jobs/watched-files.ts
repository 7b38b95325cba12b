import { MICROS_PER_MINUTE, MICROS_PER_SECOND, type Micros } from '../base/time.ts'

/** A file that is watched, as it is now. */
export interface WatchedFile {
  readonly path: string
  /** Its device, number, size and times: one that has changed has another. */
  readonly stat: string
  /** In bytes. */
  readonly size: number
  readonly modified: Micros
  /** Whether it can be read while it is written to: a log that is not packed. Asked only of one that has changed. */
  readonly isLive: () => boolean
}

/** What became of reading a file. */
export interface FileRead {
  /** As it was when it was looked at; undefined: it was not read, and is to be tried again. */
  readonly stat: string | undefined
  readonly size: number
  /** It had grown, and all of it had to be read again. */
  readonly whole: boolean
  /** How long reading took. */
  readonly took: Micros
  /** When `look` gave it. */
  readonly looked: Micros
}

interface State {
  stat: string
  /** When it was first seen like this. */
  since: Micros
  /** As it was when it was read, and how large; '' before. */
  read: string
  readSize: number
  /** All that it had then was read. */
  behind: Micros
  /** Before this it is not read again. */
  notBefore: Micros
}

/** A file that is the last of its ring is complete when it has not changed for so long. */
export const QUIET = 30 * MICROS_PER_SECOND

/** One of which a newer one is there when it has not changed for so long: two rings may have names that look alike. */
export const CLOSED = 2 * MICROS_PER_SECOND

/** A file that has to be read again as a whole waits so long, or so many times as long as reading it took. */
const PAUSE = MICROS_PER_MINUTE
const PAUSE_TIMES = 10

/**
 * Which of the files that are watched are to be read now. A log is read whenever it has changed. A capture, or what is
 * packed, is still being written until a newer one of its ring is there or it has not changed for half a minute.
 */
export class WatchedFiles {
  readonly #states = new Map<string, State>()

  /** Takes the files as they are now, all of them; gives those to be read. */
  look(files: readonly WatchedFile[], now: Micros): WatchedFile[] {
    const paths = new Set(files.map(({ path }) => path))
    for (const path of this.#states.keys()) if (!paths.has(path)) this.#states.delete(path)
    const changed = files.filter((file) => this.#isChanged(file, now))
    let newest: ReadonlyMap<string, Micros> | undefined
    return changed.filter((file) => {
      const { since, notBefore } = this.#states.get(file.path)!
      if (now < notBefore) return false
      if (file.isLive()) return true
      const idle = Math.max(now - since, now - file.modified)
      if (idle >= QUIET) return true
      if (idle < CLOSED) return false
      newest ??= newestOfRings(files)
      return newest.get(ringOf(file.path))! > file.modified
    })
  }

  /** Enters what became of a file that `look` gave. */
  read(path: string, { stat, size, whole, took, looked }: FileRead, now: Micros): void {
    const state = this.#states.get(path)
    if (state === undefined) return
    if (stat === undefined) state.notBefore = now + PAUSE
    else {
      state.read = stat
      state.readSize = size
      state.behind = looked
      state.notBefore = whole ? now + Math.max(PAUSE, PAUSE_TIMES * took) : 0
    }
  }

  /** A file was renamed or removed before it was read: what has its name the next time is a new one. */
  forget(path: string): void {
    this.#states.delete(path)
  }

  /** Of a file that is now not as it was read: how many bytes wait, and since when; undefined where none do. */
  waiting({ path, stat, size }: WatchedFile): { readonly bytes: number; readonly since: Micros } | undefined {
    const state = this.#states.get(path)
    if (state === undefined || stat === state.read) return undefined
    // One that has become shorter is another file.
    return { bytes: size - (size >= state.readSize ? state.readSize : 0), since: state.behind }
  }

  #isChanged({ path, stat }: WatchedFile, now: Micros): boolean {
    const state = this.#states.get(path)
    if (state === undefined) {
      this.#states.set(path, { stat, since: now, read: '', readSize: 0, behind: now, notBefore: 0 })
      return true
    }
    if (state.stat === state.read) state.behind = now
    if (state.stat !== stat) Object.assign(state, { stat, since: now })
    return state.stat !== state.read
  }
}

/**
 * What the names of a ring's files have in common: `dumpcap -b`, `tcpdump -C` and `-G` number them or write the time. The
 * first of `tcpdump -C` has no number.
 */
export function ringOf(path: string): string {
  return path.replace(/\d+([-_.:T]?\d+)*/g, '#').replace(/#$/, '')
}

/** When the latest file of each ring was written. */
function newestOfRings(files: readonly WatchedFile[]): Map<string, Micros> {
  const newest = new Map<string, Micros>()
  for (const { path, modified } of files) {
    const ring = ringOf(path)
    newest.set(ring, Math.max(modified, newest.get(ring) ?? 0))
  }
  return newest
}
