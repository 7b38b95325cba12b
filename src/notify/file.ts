import type { Notice } from '../model/notice.ts'
import type { FileOutput } from '../model/output.ts'
import { appendLines } from './append-lines.ts'
import type { Receiver } from './receiver.ts'

/** A message as lines of JSON, each with its line end. */
export type NoticeLines = (notice: Notice) => Iterable<string>

/** A file that grows; opened anew for each pack of messages, so that it can be rotated by renaming at any time. */
export function file({ path }: FileOutput, lines: NoticeLines): Receiver {
  return {
    batch: 200,
    async send(notices) {
      appendLines(path, notices.flatMap((notice) => [...lines(notice)]).join(''))
      return undefined
    },
    close: () => {},
  }
}
