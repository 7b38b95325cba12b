import type { Database } from 'better-sqlite3'
import { guarded } from './failure.ts'
import { openForReviewing } from './open.ts'
import { OutboxQueue } from './outbox-queue.ts'
import { RunLock } from './run-lock.ts'
import { StoreReader } from './store-reader.ts'

/** Where messages are sent from without the store's key; no run writes, and nobody else sends, until it is closed. */
export class OutboxDesk extends StoreReader {
  readonly outbox: OutboxQueue
  readonly #lock: RunLock

  private constructor(file: string, database: Database, lock: RunLock) {
    super(file, database)
    this.#lock = lock
    this.outbox = new OutboxQueue(database, (change) => guarded(file, () => database.transaction(change).immediate()))
  }

  /** Throws `store_unusable`, also where a run has the store. */
  static open(file: string): OutboxDesk {
    return guarded(file, () => {
      const lock = new RunLock(file)
      try {
        return new OutboxDesk(file, openForReviewing(file), lock)
      } catch (thrown) {
        lock.release()
        throw thrown
      }
    })
  }

  override close(): void {
    super.close()
    this.#lock.release()
  }
}
