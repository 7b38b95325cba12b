import type { Workplace } from './program.ts'

/** A line of `--log-format json`. */
export type Event = Readonly<Record<string, unknown>> & { readonly event: string }

/** `offchannel watch` as a process that runs. */
export class Watching {
  readonly place: Workplace
  readonly events: Event[] = []
  readonly #running: ReturnType<Workplace['start']>
  #heard = () => {}

  constructor(place: Workplace, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.place = place
    this.#running = place.start(['watch', ...args, '--log-format', 'json', '--poll', '1s'], { environment })
    let rest = ''
    this.#running.child.stderr.on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      this.events.push(...lines.map((line) => JSON.parse(line) as Event))
      this.#heard()
    })
  }

  get input() {
    return this.#running.child.stdin
  }

  /** Waits until this many events are like that; gives the last of them. */
  async until(isMeant: (event: Event) => boolean, count = 1): Promise<Event> {
    for (;;) {
      const found = this.events.filter(isMeant)
      if (found.length >= count) return found[count - 1]!
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#heard = resolve
      const ended = await Promise.race([promise, this.#running.ended])
      if (ended !== undefined && this.events.filter(isMeant).length < count) {
        throw new Error(`it ended with ${ended.status} before that: ${ended.stderr}`)
      }
    }
  }

  /** Waits until an input of this name has had this outcome so often. */
  outcome(name: string, status: string, count = 1): Promise<Event> {
    return this.until(
      (one) => one.event === 'input' && one.status === status && String(one.input).endsWith(name),
      count,
    )
  }

  /** What was told of inputs, as `name: status`. */
  get outcomes(): string[] {
    return this.events
      .filter(({ event }) => event === 'input')
      .map(({ input, status }) => `${String(input).split('/').at(-1)}: ${status}`)
  }

  signal(name: NodeJS.Signals): void {
    this.#running.child.kill(name)
  }

  async stop(name: NodeJS.Signals = 'SIGTERM') {
    this.signal(name)
    return this.#running.ended
  }

  get ended() {
    return this.#running.ended
  }
}
