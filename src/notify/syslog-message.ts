import { harmlessJson } from '../base/text.ts'
import { formatMicros } from '../base/time.ts'
import type { Severity } from '../model/finding.ts'
import { gravityOf, type Notice } from '../model/notice.ts'
import type { SyslogOutput } from '../model/output.ts'
import { cef } from './cef.ts'
import { leef } from './leef.ts'
import { noticeJson } from './notice-json.ts'
import type { Surroundings } from './receiver.ts'

/** local0, of RFC 5424 §6.2.1. */
const FACILITY = 16

/** Severities of the same section: critical, warning, notice, informational. */
const SEVERITIES: Readonly<Record<Severity, number>> = { high: 2, medium: 4, low: 5, none: 6 }

const FORMS: Readonly<Record<SyslogOutput['form'], (notice: Notice, version: string) => string>> = {
  cef,
  leef,
  json: (notice) => harmlessJson(noticeJson(notice)),
}

/**
 * A message of RFC 5424 §6, in UTF-8: its time is that of the judgement, its MSGID the event, its MSG in one of the
 * forms. Without a byte order mark, as MSG-ANY: what reads CEF, LEEF or JSON does not expect one.
 */
export function syslogMessage(notice: Notice, form: SyslogOutput['form'], { version, hostname }: Surroundings): Buffer {
  const priority = FACILITY * 8 + SEVERITIES[gravityOf(notice)]
  const host = hostname.replace(/[^!-~]/g, '').slice(0, 255) || '-'
  const head = `<${priority}>1 ${formatMicros(notice.at)} ${host} offchannel - ${notice.event} -`
  return Buffer.from(`${head} ${FORMS[form](notice, version)}`)
}

/** The frame of octet counting, which RFC 6587 §3.4.1 allows for TCP and RFC 5425 §4.3 demands for TLS. */
export function octetCounted(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `), message])
}
