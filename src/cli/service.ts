import { spawn } from 'node:child_process'
import { messageOf } from '../base/errors.ts'
import type { Micros } from '../base/time.ts'
import type { Terminal } from './terminal.ts'

/** Pauses that go into the time of the watchdog. */
const PAUSES = 4

/**
 * What systemd is told of a service of Type=notify (https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html).
 * Node opens no datagram socket of a path, so systemd's own `systemd-notify` says it, a short process each time: the unit
 * needs NotifyAccess=all. Without NOTIFY_SOCKET nothing is said.
 */
export class Service {
  readonly #terminal: Terminal
  readonly #isAsked: boolean
  readonly #timer: NodeJS.Timeout | undefined
  /** Microseconds: whoever pauses must not pause longer, for the watchdog would bite. */
  readonly longestPause: Micros
  #isAlive = true
  #last: Promise<void> = Promise.resolve()
  #waiting: string[] = []

  constructor(terminal: Terminal) {
    const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID } = terminal.environment
    this.#terminal = terminal
    this.#isAsked = NOTIFY_SOCKET !== undefined && NOTIFY_SOCKET !== ''
    const interval = Number(WATCHDOG_USEC)
    const isOurs = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid
    const isWatched = this.#isAsked && isOurs && interval > 0
    this.longestPause = isWatched ? interval / PAUSES : Infinity
    // Twice within the time that it may take, as sd_watchdog_enabled(3) asks for.
    if (isWatched) this.#timer = setInterval(() => this.#ping(), interval / 2000).unref()
  }

  /** Says that it is up. */
  ready(): void {
    this.#say('READY=1', 'STATUS=watching')
  }

  /** Says in a line what it does. */
  status(line: string): void {
    this.#say(`STATUS=${line}`)
  }

  /** Says that it ends. */
  stopping(): void {
    this.#say('STOPPING=1')
  }

  /** Something has gone on: without it the watchdog is not told that all is well. */
  alive(): void {
    this.#isAlive = true
  }

  /** Waits until everything is said. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#last
  }

  #ping(): void {
    if (this.#isAlive) this.#say('WATCHDOG=1')
    this.#isAlive = false
  }

  /** One process at a time: what is said meanwhile is said together. */
  #say(...words: readonly string[]): void {
    if (!this.#isAsked) return
    this.#waiting.push(...words)
    if (this.#waiting.length > words.length) return
    this.#last = this.#last.then(() => {
      const said = this.#waiting
      this.#waiting = []
      return this.#notify(said)
    })
  }

  #notify(words: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      const child = spawn('systemd-notify', words, { stdio: 'ignore', timeout: 10_000 })
      child.on('error', (error) => {
        this.#terminal.note(`systemd is told nothing: systemd-notify cannot be run (${messageOf(error)})`)
        resolve()
      })
      child.on('exit', (status) => {
        if (status !== 0)
          this.#terminal.note(`systemd was told nothing: systemd-notify ended with ${status ?? 'a signal'}`)
        resolve()
      })
    })
  }
}
