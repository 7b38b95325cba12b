import { harmless } from '../base/text.ts'
import { MICROS_PER_SECOND } from '../base/time.ts'
import { RunLock } from '../store/run-lock.ts'
import { openStore, openUnder, type StoreChoice } from './open-store.ts'
import { tellRecovery } from './pass.ts'
import type { Means } from './read-and-judge.ts'
import type { Terminal } from './terminal.ts'

/** How long the store is waited for where another process takes it just then. */
const PATIENCE = 10 * MICROS_PER_SECOND

type Open = Pick<Means, 'store' | 'key'>

/** The store of a watch: open only while somebody uses it, and one for all who do so at the same time. */
export class WatchedStore {
  readonly #terminal: Terminal
  /** The key is asked for once: a command that gives it may take its time. */
  #key: Buffer | undefined
  #open: Open | undefined
  #users = 0

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** Undefined before the store was opened for the first time. */
  get key(): Buffer | undefined {
    return this.#key
  }

  /** Does something with the store; undefined where another process has it. */
  async use<T>(choice: StoreChoice, act: (open: Open) => Promise<T>): Promise<T | undefined> {
    if (this.#open === undefined) {
      if (RunLock.isHeld(choice.store)) {
        this.#terminal.note(`${harmless(choice.store)}: another process is writing to it: waiting`)
        return undefined
      }
      this.#open = await this.#openNow(choice)
    }
    this.#users++
    try {
      return await act(this.#open)
    } finally {
      this.#release()
    }
  }

  /** Within `use`: keeps the store open beyond it, until this has ended, which does not throw. */
  keepFor(ending: Promise<void>): void {
    this.#users++
    void ending.finally(() => this.#release())
  }

  async #openNow(choice: StoreChoice): Promise<Open> {
    const open =
      this.#key === undefined
        ? await openStore(choice, true, this.#terminal, PATIENCE)
        : await openUnder(this.#key, choice, true, this.#terminal)
    try {
      tellRecovery(open.store, this.#terminal)
      this.#key = open.key
      return open
    } catch (thrown) {
      open.store.close()
      throw thrown
    }
  }

  /** Closes the store behind the last who uses it. */
  #release(): void {
    this.#users--
    if (this.#users > 0) return
    this.#open?.store.close()
    this.#open = undefined
  }
}
