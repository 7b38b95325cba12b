import { harmless } from '../base/text.ts'
import type { Severity } from '../model/finding.ts'
import { findingIn, gravityOf, type Notice } from '../model/notice.ts'
import { noticeJson } from './notice-json.ts'

/** Of 0 to 10, as CEF and LEEF count. */
export const SEVERITY_NUMBERS: Readonly<Record<Severity, number>> = { high: 8, medium: 5, low: 3, none: 1 }

/** Characters that CEF allows `msg` and strings of our own. */
const MESSAGE_LIMIT = 1023

type Keys = readonly (readonly [key: string, of: string])[]

/** Keys of CEF's dictionary, and what of the message is their value; strings of our own have labels. */
const KEYS: Keys = [
  ['externalId', 'finding'],
  ['suser', 'client'],
  ['cat', 'category'],
  ['cs1', 'app'],
  ['cs2', 'route'],
  ['cs3', 'ruling'],
  ['cs4', 'grade'],
  ['cs5', 'activity'],
  ['cs6', 'message'],
  ['cn1', 'revision'],
  ['cn2', 'minutes'],
  ['cn3', 'findings'],
  ['flexString1', 'statements'],
]

const HEAD_KEYS: Keys = [
  ['cs1', 'head'],
  ['cs2', 'log'],
  ['cs3', 'hash'],
  ['cs6', 'message'],
  ['cn1', 'entry'],
]

/**
 * A message in the Common Event Format, version 0: header and extension escaped as
 * https://docs.rsyslog.com/doc/rainerscript/functions/rs-cef_ext_escape.html and ArcSight's guide to it say. The event
 * is the signature id.
 */
export function cef(notice: Notice, version: string): string {
  const said = noticeJson(notice)
  const head = ['CEF:0', 'offchannel', 'offchannel', version, notice.event, notice.title]
  const extension = [`rt=${Math.floor(notice.at / 1000)}`]
  const finding = findingIn(notice)
  if (finding !== undefined) {
    const { first, last, blocked } = finding.verdicts[0]!
    extension.push(`start=${Math.floor(first / 1000)}`, `end=${Math.floor(last / 1000)}`)
    extension.push(`act=${blocked ? 'blocked' : 'observed'}`)
  }
  for (const [key, of] of notice.event === 'head' ? HEAD_KEYS : KEYS) {
    const value = said[of]
    if (value === undefined) continue
    const text = Array.isArray(value) ? value.join(' | ').slice(0, MESSAGE_LIMIT) : String(value)
    extension.push(`${key}=${escaped(text)}`)
    if (/^(c[sn]|flexString)\d$/.test(key)) extension.push(`${key}Label=${of}`)
  }
  extension.push(`msg=${escaped(notice.reason.slice(0, MESSAGE_LIMIT))}`)
  return `${head.map(escapedHead).join('|')}|${SEVERITY_NUMBERS[gravityOf(notice)]}|${extension.join(' ')}`
}

function escapedHead(text: string): string {
  return harmless(text.replace(/[\\|]/g, '\\$&').replace(/[\r\n]+/g, ' '))
}

function escaped(text: string): string {
  return harmless(text.replace(/[\\=]/g, '\\$&').replace(/\r/g, '\\r').replace(/\n/g, '\\n'))
}
