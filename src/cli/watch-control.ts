/** What a watch is told from outside. */
export class WatchControl {
  /** It is to end. */
  stopping = false
  /** It is to read its job file anew. */
  reload = false
  /** What was thrown beside what it does, and ends it. */
  failure: unknown
  #isWoken = false
  #listening = () => {}
  #resting = () => {}
  readonly #listeners: readonly (readonly [NodeJS.Signals, () => void])[]

  /** @param stopped called once, when it is to end. */
  constructor(stopped: () => void) {
    const stop = (status: number) => () => {
      if (this.stopping) process.exit(status)
      this.stop()
      stopped()
    }
    this.#listeners = [
      ['SIGINT', stop(130)],
      ['SIGTERM', stop(143)],
      ['SIGHUP', () => this.#hangUp()],
    ]
    for (const [signal, listener] of this.#listeners) process.on(signal, listener)
  }

  /** Ends the watch as soon as what it does can be ended. */
  stop(): void {
    this.stopping = true
    this.#resting()
    this.wake()
  }

  /** Something has happened: `listen` goes on. */
  readonly wake = (): void => {
    this.#isWoken = true
    this.#listening()
  }

  /** Ends the watch because of what was thrown beside it. */
  readonly fail = (thrown: unknown): void => {
    this.failure ??= thrown
    this.stop()
  }

  /** Waits for so many milliseconds, or until it is to end. */
  async rest(milliseconds: number): Promise<void> {
    if (this.stopping) return
    await this.#wait(milliseconds, (done) => {
      this.#resting = done
    })
  }

  /** Waits for so many milliseconds, or until `wake`, also where that was called since the last time. */
  async listen(milliseconds: number): Promise<void> {
    if (!this.stopping && !this.#isWoken) {
      await this.#wait(milliseconds, (done) => {
        this.#listening = done
      })
    }
    this.#isWoken = false
  }

  async #wait(milliseconds: number, hand: (done: () => void) => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, Math.max(0, milliseconds))
    hand(resolve)
    await promise
    clearTimeout(timer)
  }

  release(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener)
  }

  #hangUp(): void {
    this.reload = true
    this.wake()
  }
}
