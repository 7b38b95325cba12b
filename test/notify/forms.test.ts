import { describe, expect, test } from 'vitest'
import { HeadScanner } from '../../src/audit/heads.ts'
import type { SyslogOutput } from '../../src/model/output.ts'
import { cef } from '../../src/notify/cef.ts'
import { digest } from '../../src/notify/digest.ts'
import { leef } from '../../src/notify/leef.ts'
import { octetCounted, syslogMessage } from '../../src/notify/syslog-message.ts'
import { signatureOf } from '../../src/notify/webhook.ts'
import { noticeLines } from '../../src/report/notice-lines.ts'
import { ALL, HEAD, HOSTILE, notice, SUMMARY } from './made.ts'

const SURROUNDINGS = { version: '1.2.3', hostname: 'sensor-1', now: () => 0 }

test.each(['cef', 'leef', 'json'] as const satisfies SyslogOutput['form'][])(
  'messages as syslog with %s',
  async (form) => {
    const text = [...ALL, HEAD].map((one) => `${syslogMessage(one, form, SURROUNDINGS)}\n`).join('')
    await expect(text).toMatchFileSnapshot(`expected/syslog-${form}.txt`)
  },
)

test('messages as documents of ECS and events of OCSF', async () => {
  for (const form of ['ecs', 'ocsf'] as const) {
    const text = [...ALL, HEAD].flatMap((one) => [...noticeLines[form](one, '1.2.3')]).join('')
    await expect(text).toMatchFileSnapshot(`expected/${form}.ndjson`)
  }
})

test('a mail about all that is new names the worst first', async () => {
  const low = notice(3)
  const { subject, text } = digest([...ALL, low, HEAD])
  await expect(`${subject}\n\n${text}`).toMatchFileSnapshot('expected/digest.txt')
})

test('a head is found again in every form', () => {
  const forms = ['cef', 'leef', 'json'] as const
  const texts = [
    ...forms.map((form) => String(syslogMessage(HEAD, form, SURROUNDINGS))),
    ...(['ecs', 'ocsf'] as const).flatMap((form) => [...noticeLines[form](HEAD, '1')]),
    digest([HEAD]).text,
  ]
  for (const text of texts) {
    const scanner = new HeadScanner()
    scanner.push(text, true)
    expect({ text, heads: scanner.heads, damaged: scanner.damaged }).toEqual({ text, heads: [HEAD.head], damaged: [] })
  }
})

test('a mail lists fifty of a kind and counts the others', () => {
  const { subject, text } = digest(Array.from({ length: 1234 }, (_, n) => notice(n)))
  expect(subject).toBe('offchannel: 1,234 new')
  expect(text).toContain('\n  and 1,184 more\n')
  expect(text.split('\n').length).toBeLessThan(60)
})

describe('what a field holds stays in its field:', () => {
  /** Undoes the escapes of an extension of CEF. */
  function extensionOf(line: string): Record<string, string> {
    const head = /^CEF:0\|(?:(?:\\.|[^\\|])*\|){6}/.exec(line)![0]
    const fields = [...line.slice(head.length).matchAll(/(\w+)=((?:\\.|[^\\=])*?)(?= \w+=|$)/g)]
    const escapes: Record<string, string> = { n: '\n', r: '\r' }
    return Object.fromEntries(
      fields.map(([, key, value]) => [key, value!.replace(/\\(.)/g, (_, c) => escapes[c] ?? c)]),
    )
  }

  test('CEF gives back what was put in', () => {
    const fields = extensionOf(cef(HOSTILE, '1|2\\3'))
    expect(fields).toMatchObject({ suser: 'a=b|c\\d^e"f]g', msg: HOSTILE.reason, externalId: 'f-0000000000000001' })
    expect(fields).toMatchObject({ cn1: '3', cn1Label: 'revision', cs6: HOSTILE.key, cs6Label: 'message' })
  })

  test('LEEF has as many attributes as were put in', () => {
    const attributes = leef(HOSTILE, '1').split('|^|')[1]!.split('^')
    for (const one of attributes) expect(one).toMatch(/^[A-Za-z]+=/)
    expect(attributes).toContain('usrName=a=b|c\\d e"f]g')
    expect(new Set(attributes.map((one) => one.split('=')[0])).size).toBe(attributes.length)
  })

  test('no form has a line end, so that nobody can add a message of their own', () => {
    for (const form of ['cef', 'leef', 'json'] as const) {
      expect(String(syslogMessage(HOSTILE, form, SURROUNDINGS))).not.toMatch(/[\r\n\0]/)
    }
    for (const line of noticeLines.ocsf(HOSTILE, '1')) expect(line.trimEnd()).not.toContain('\n')
  })
})

test('the length of a frame is that of its bytes, not of its characters', () => {
  const frame = octetCounted(Buffer.from('ä€'))
  expect(String(frame)).toBe('5 ä€')
})

test('a host name that RFC 5424 does not allow is left out or stripped', () => {
  const of = (hostname: string) => String(syslogMessage(notice(1), 'json', { ...SURROUNDINGS, hostname })).split(' ')[2]
  expect([of('ab c'), of('ü'), of('')]).toEqual(['abc', '-', '-'])
})

test('the signature is the one that the specification gives as its example', () => {
  const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const body = Buffer.from('{"test": 2432232314}')
  expect(signatureOf(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, body)).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})

test('a summary has no severity and no finding', () => {
  expect(cef(SUMMARY, '1')).toMatch(/^CEF:0\|offchannel\|offchannel\|1\|summary\|Not told one by one: .*\|1\|rt=/)
  expect(cef(SUMMARY, '1')).toContain('cn3=30 cn3Label=findings')
})
