import { type FSWatcher, watch } from 'node:fs'

/** Folders that are watched at most; the others are looked at by polling alone. */
export const FOLDER_LIMIT = 1000

/**
 * Tells when something in folders changes, as far as the file system does: one on the network tells nothing of what
 * other machines write (https://nodejs.org/api/fs.html#availability), so whoever listens must look by himself as well.
 */
export class FolderEvents {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #changed: () => void
  readonly #failed: (folder: string, error: unknown) => void

  constructor(changed: () => void, failed: (folder: string, error: unknown) => void) {
    this.#changed = changed
    this.#failed = failed
  }

  /** Makes these the folders that are watched, without what is below them; one that is not there is tried again. */
  follow(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of folders) {
      if (this.#watchers.size >= FOLDER_LIMIT) return
      if (!this.#watchers.has(folder)) this.#add(folder)
    }
  }

  close(): void {
    this.follow(new Set())
  }

  #add(folder: string): void {
    const drop = (error: unknown) => {
      this.#watchers.get(folder)?.close()
      this.#watchers.delete(folder)
      this.#failed(folder, error)
    }
    try {
      const watcher = watch(folder, { persistent: false }, this.#changed)
      this.#watchers.set(folder, watcher.on('error', drop))
    } catch (thrown) {
      drop(thrown)
    }
  }
}
