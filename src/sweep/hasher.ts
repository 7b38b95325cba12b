import { createHash } from 'node:crypto'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { messageOf } from '../base/errors.ts'
import { openFile } from '../read/source.ts'
import { unpack } from '../read/unpack.ts'

/** SHA-256, hexadecimal, of a file as it was delivered and, if that was asked for, of what it holds unpacked. */
export interface FileHashes {
  readonly file: string
  readonly content: string | undefined
}

interface Request {
  readonly file: string
  readonly size: number
  readonly content: boolean
}

type Reply = FileHashes | { readonly failure: string }

/** Below this, starting a thread costs more than hashing. */
const THREAD_SIZE = 8 * 1024 * 1024

export interface Hashing {
  readonly hashes: Promise<FileHashes>
  cancel(): void
}

/**
 * Hashes every byte of a file; of a large one on a thread of its own, so that reading it for what it says need not
 * wait. Of a file that grows, the first `size` bytes.
 *
 * @param content also what it holds unpacked.
 */
export function hashFile(file: string, size: number, content: boolean): Hashing {
  const request: Request = { file, size, content }
  if (size < THREAD_SIZE) {
    const hashes = hash(request)
    hashes.catch(() => {})
    return { hashes, cancel: () => {} }
  }
  const worker = new Worker(new URL(import.meta.url), { workerData: request })
  const hashes = new Promise<FileHashes>((resolve, reject) => {
    worker.once('message', (reply: Reply) => {
      if ('failure' in reply) reject(new Error(reply.failure))
      else resolve(reply)
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('hashing was cancelled')))
  })
  // Whoever cancels does not wait for the answer.
  hashes.catch(() => {})
  return { hashes, cancel: () => void worker.terminate() }
}

const BUFFER = 1 << 20

async function hash({ file, size, content: unpacks }: Request): Promise<FileHashes> {
  const source = openFile(file)
  const whole = createHash('sha256')
  let left = size
  const delivered = {
    read: (into: Uint8Array, at: number, length: number) => {
      const count = source.read(into, at, Math.min(length, left)) as number
      whole.update(into.subarray(at, at + count))
      left -= count
      return count
    },
    close: () => source.close(),
  }
  const { stream, packed } = unpacks ? await unpack(delivered) : { stream: delivered, packed: false }
  const content = packed ? createHash('sha256') : undefined
  const buffer = Buffer.allocUnsafeSlow(BUFFER)
  try {
    for (;;) {
      const count = await stream.read(buffer, 0, buffer.length)
      if (count === 0) break
      content?.update(buffer.subarray(0, count))
    }
  } catch {
    // A packed file that is cut: what it holds is what can be unpacked; the file's own hash needs the rest of its
    // bytes.
    while (delivered.read(buffer, 0, buffer.length) > 0);
  }
  stream.close()
  const fileHash = whole.digest('hex')
  return { file: fileHash, content: unpacks ? (content?.digest('hex') ?? fileHash) : undefined }
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const request = workerData as Request
  hash(request).then(
    (reply) => port.postMessage(reply),
    (thrown: unknown) => port.postMessage({ failure: messageOf(thrown) }),
  )
}
