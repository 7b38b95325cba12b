import { harmless } from '../base/text.ts'
import { gravityOf, type Notice } from '../model/notice.ts'
import { SEVERITY_NUMBERS } from './cef.ts'
import { noticeJson } from './notice-json.ts'

/** Between attributes: a tab, the format's own, is rewritten by syslog servers. */
const DELIMITER = '^'

/** Keys that LEEF defines, and what of the message is their value; all others have its own names. */
const KEYS: Readonly<Record<string, string>> = { client: 'usrName', category: 'cat', reason: 'msg' }

/**
 * A message in the Log Event Extended Format, version 2.0
 * (https://www.ibm.com/docs/en/dsm?topic=overview-leef-event-components); the event is the event id. The format has no
 * escape for its delimiter: within a value a space stands for it, and for line ends.
 */
export function leef(notice: Notice, version: string): string {
  const { time: _, title, ...said } = noticeJson(notice)
  const attributes = [`devTime=${Math.floor(notice.at / 1000)}`, `sev=${SEVERITY_NUMBERS[gravityOf(notice)]}`]
  for (const [name, value] of Object.entries({ ...said, title })) {
    if (value === undefined) continue
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    attributes.push(`${KEYS[name] ?? name}=${harmless(text.replace(/[\^\r\n\t]/g, ' '))}`)
  }
  const head = ['LEEF:2.0', 'offchannel', 'offchannel', version.replace(/[|^]/g, ' '), notice.event, DELIMITER]
  return `${head.join('|')}|${attributes.join(DELIMITER)}`
}
