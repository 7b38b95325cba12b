import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import type { SignatureFolder } from '../classify/load.ts'

/** Of a checked folder what is kept. */
type Checked = Pick<SignatureFolder, 'set' | 'withdrawals'>

/** Folders kept: those used last. */
const KEPT = 4

/**
 * Large folders of signatures, checked once: to read and check the YAML of a hundred thousand indicators takes longer than
 * to read a gigabyte of log. One file a folder's content, in the user's own cache (XDG Base Directory Specification;
 * LOCALAPPDATA on Windows). What cannot be kept is checked again the next time.
 */
export class SignatureCache {
  readonly #folder: string
  readonly #program: string

  /** @param program changes with whatever checks signatures: what an older program kept does not count. */
  constructor(environment: Readonly<Record<string, string | undefined>>, program: string) {
    const { XDG_CACHE_HOME: own, LOCALAPPDATA: local } = environment
    const base = own !== undefined && path.isAbsolute(own) ? own : (local ?? path.join(homedir(), '.cache'))
    this.#folder = path.join(base, 'offchannel')
    this.#program = program
  }

  /** What was kept of a folder's content, by its hash. */
  get(hash: string): Checked | undefined {
    try {
      const file = this.#file(hash)
      // What another user put there is not believed.
      if (process.getuid !== undefined && statSync(file).uid !== process.getuid()) return undefined
      const { program, set, withdrawals } = JSON.parse(readFileSync(file, 'utf8')) as Checked & { program?: string }
      return program === this.#program && set.hash === hash ? { set, withdrawals } : undefined
    } catch {
      return undefined
    }
  }

  keep({ set, withdrawals }: Checked): void {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      const file = this.#file(set.hash)
      const made = `${file}.${process.pid}`
      writeFileSync(made, JSON.stringify({ program: this.#program, set, withdrawals }), { mode: 0o600 })
      renameSync(made, file)
      this.#forgetOld()
    } catch {
      // A disk that is full or read-only: nothing but time is lost.
    }
  }

  #file(hash: string): string {
    return path.join(this.#folder, `signatures-${hash}.json`)
  }

  #forgetOld(): void {
    const kept = readdirSync(this.#folder)
      .filter((name) => name.startsWith('signatures-'))
      .map((name) => path.join(this.#folder, name))
      .map((file) => ({ file, time: statSync(file).mtimeMs }))
      .sort((a, b) => b.time - a.time)
    for (const { file } of kept.slice(KEPT)) rmSync(file, { force: true })
  }
}
