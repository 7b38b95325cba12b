import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import type { Database } from 'better-sqlite3'
import { bytesText } from '../base/text.ts'
import { unusable } from './failure.ts'
import { createPrivate } from './run-lock.ts'

/** A copy of a store as it was before it was brought up to date. */
export interface Backup {
  readonly file: string
  /** Whether it was made now: the same one may be there since an attempt that was broken off. */
  readonly isNew: boolean
}

const BLOCK = 1 << 20

/**
 * Copies a store whole to `NAME.before-vN` beside it, N being the version that it is about to become; where something
 * else has that name, to `NAME.before-vN-2` and so on. The copy has that name only once it is whole and on the disk, and
 * may be read by whom the store may. The caller holds the run lock. Throws `store_unusable` where there is no room.
 */
export function backUp(database: Database, file: string, version: number): Backup {
  const part = `${file}.before-part`
  rmSync(part, { force: true })
  refuseTooLarge(database, file)
  try {
    createPrivate(part)
    // https://sqlite.org/lang_vacuum.html#vacuuminto: takes an empty file, and leaves it to the caller to flush it.
    database.prepare('VACUUM INTO ?').run(part)
    flush(part, 'r+')
    for (let n = 1; ; n++) {
      const name = `${file}.before-v${version}${n === 1 ? '' : `-${n}`}`
      if (existsSync(name)) {
        // The same rows give the same bytes.
        if (!isSame(part, name)) continue
        rmSync(part)
        return { file: name, isNew: false }
      }
      giveTo(statSync(file), part)
      renameSync(part, name)
      flushFolder(path.dirname(name))
      return { file: name, isNew: true }
    }
  } catch (thrown) {
    rmSync(part, { force: true })
    throw thrown
  }
}

/** The copy has no free pages; what the steps of the schema need besides is met by the next check of the disk. */
function refuseTooLarge(database: Database, file: string): void {
  const value = (name: string) => database.pragma(name, { simple: true }) as number
  const needed = (value('page_count') - value('freelist_count')) * value('page_size')
  const { bavail, bsize } = statfsSync(path.dirname(file))
  const free = bavail * bsize
  if (free >= needed) return
  const room = `${bytesText(needed)} beside it, where ${bytesText(free)} are free`
  throw unusable(file, `it is to be brought up to date, and copied before that, which takes ${room}: make room first`)
}

/** Whoever owns the store owns the copy. Where that cannot be, only this user may read it. */
function giveTo({ uid, gid, mode }: { uid: number; gid: number; mode: number }, copy: string): void {
  const own = statSync(copy)
  try {
    if (own.uid !== uid || own.gid !== gid) chownSync(copy, uid, gid)
  } catch {
    return
  }
  chmodSync(copy, mode & 0o777)
}

function flush(file: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(file, flags)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** So that a power cut cannot take the name away from what a finished migration left behind. */
function flushFolder(folder: string): void {
  try {
    flush(folder, 'r')
  } catch {
    // Windows opens no folders; its file systems keep names in a journal.
  }
}

function isSame(one: string, other: string): boolean {
  if (statSync(one).size !== statSync(other).size) return false
  const [a, b] = [openSync(one, 'r'), openSync(other, 'r')]
  try {
    const [left, right] = [Buffer.alloc(BLOCK), Buffer.alloc(BLOCK)]
    for (;;) {
      const [read, also] = [readSync(a, left), readSync(b, right)]
      if (read !== also || !left.subarray(0, read).equals(right.subarray(0, read))) return false
      if (read === 0) return true
    }
  } finally {
    closeSync(a)
    closeSync(b)
  }
}
