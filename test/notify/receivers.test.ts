import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HeadScanner, headWord } from '../../src/audit/heads.ts'
import type { Notice } from '../../src/model/notice.ts'
import type { MailOutput, SyslogOutput } from '../../src/model/output.ts'
import { file } from '../../src/notify/file.ts'
import { mail } from '../../src/notify/mail.ts'
import { Refused } from '../../src/notify/receiver.ts'
import { syslog } from '../../src/notify/syslog.ts'
import { syslogMessage } from '../../src/notify/syslog-message.ts'
import { signatureOf, webhook } from '../../src/notify/webhook.ts'
import { temporaryFolder } from '../store/made.ts'
import { ALL, HEAD, notice } from './made.ts'
import {
  type Certificate,
  freePort,
  HAS_RSYSLOGD,
  Hook,
  makeCertificate,
  RSYSLOGD_TLS,
  Rsyslogd,
  tlsSyslogServer,
} from './servers.ts'

const SURROUNDINGS = { version: '1.2.3', hostname: 'sensor-1', now: () => 1_795_341_600_000_000 }
const NO_FILES = { ca: undefined, certificate: undefined, key: undefined }
const read = ({ certificate, key }: Certificate) => ({
  certificate: readFileSync(certificate, 'utf8'),
  key: readFileSync(key, 'utf8'),
})

function syslogTo(transport: SyslogOutput['transport'], port: number, certificates = {}, host = '127.0.0.1') {
  const form = 'cef' as const
  const output: SyslogOutput = { kind: 'syslog', name: 'siem', transport, host, port, form, heads: false, ...NO_FILES }
  return syslog(output, { ...NO_FILES, ...certificates }, SURROUNDINGS)
}

const asSyslog = (notices: readonly Notice[]) => notices.map((one) => String(syslogMessage(one, 'cef', SURROUNDINGS)))

describe.skipIf(!HAS_RSYSLOGD)('rsyslogd', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => notice(n))

  test('gets over TCP what was sent, byte for byte and in order', async () => {
    const server = new Rsyslogd(temporaryFolder(), await freePort())
    await server.start()
    const receiver = syslogTo('tcp', server.port)
    await receiver.send(ALL)
    await receiver.send(hundred)
    expect(server.received()).toEqual(asSyslog([...ALL, ...hundred]))
  })

  test('gets over UDP what was sent; a machine on which nobody listens is an error', async () => {
    const server = new Rsyslogd(temporaryFolder(), await freePort())
    await expect(syslogTo('udp', server.port).send(ALL)).rejects.toThrow('ECONNREFUSED')
    await server.start()
    await syslogTo('udp', server.port).send(ALL)
    for (let tries = 0; tries < 50 && server.received().length < ALL.length; tries++) await pause(20)
    expect(server.received()).toEqual(asSyslog(ALL))
  })

  test.skipIf(RSYSLOGD_TLS === undefined)('gets over TLS what was sent', async () => {
    const folder = temporaryFolder()
    const own = makeCertificate(folder)
    const server = new Rsyslogd(folder, await freePort(), own)
    await server.start()
    await syslogTo('tls', server.port, { ca: read(own).certificate }).send(hundred)
    expect(server.received()).toEqual(asSyslog(hundred))
  })
})

describe('syslog over TLS', () => {
  test('goes to a server whose certificate is trusted, by address and by name', async () => {
    const own = makeCertificate(temporaryFolder())
    const server = await tlsSyslogServer(own)
    await syslogTo('tls', server.port, { ca: read(own).certificate }).send(ALL)
    await syslogTo('tls', server.port, { ca: read(own).certificate }, 'localhost').send(ALL)
    expect(server.received).toEqual(asSyslog([...ALL, ...ALL]))
  })

  test('goes nowhere where the certificate is nobody known, and nothing is sent', async () => {
    const folder = temporaryFolder()
    const server = await tlsSyslogServer(makeCertificate(folder))
    await expect(syslogTo('tls', server.port).send(ALL)).rejects.toThrow('self-signed certificate')
    const other = read(makeCertificate(folder, 'other')).certificate
    await expect(syslogTo('tls', server.port, { ca: other }).send(ALL)).rejects.toThrow('self-signed certificate')
    expect(server.received).toEqual([])
  })

  test('shows a certificate of its own where the server asks for one', async () => {
    const folder = temporaryFolder()
    const [own, ours] = [makeCertificate(folder), makeCertificate(folder, 'ours')]
    const server = await tlsSyslogServer(own, ours.certificate)
    const ca = read(own).certificate
    await syslogTo('tls', server.port, { ca, ...read(ours) }).send(ALL)
    expect(server.received).toHaveLength(ALL.length)
    await expect(syslogTo('tls', server.port, { ca }).send(ALL)).rejects.toThrow()
    expect(server.received).toHaveLength(ALL.length)
  })
})

test('a syslog server that breaks the connection off has not got the messages', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.resetAndDestroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  await expect(syslogTo('tcp', (server.address() as AddressInfo).port).send(ALL)).rejects.toThrow()
})

test('a syslog server that is gone after it closed the connection may not have the messages', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    server.close()
    socket.on('end', () => socket.end()).resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await expect(syslogTo('tcp', (server.address() as AddressInfo).port).send(ALL)).rejects.toThrow('ECONNREFUSED')
})

describe('a webhook', () => {
  const key = Buffer.from('0123456789abcdef0123456789abcdef')

  async function made(answer: Hook['answer'] = () => 204) {
    const own = makeCertificate(temporaryFolder())
    const hook = new Hook(await freePort(), own)
    hook.answer = answer
    await hook.start()
    const url = `https://localhost:${hook.port}/hooks/a?b=c`
    const output = {
      kind: 'webhook',
      name: 'soar',
      url,
      secret: { variable: 'X' },
      ca: undefined,
      heads: false,
    } as const
    const open = (ca?: string) => {
      const receiver = webhook(output, key, ca, SURROUNDINGS)
      onTestFinished(() => receiver.close())
      return receiver
    }
    return { hook, receiver: open(read(own).certificate), untrusting: open() }
  }

  test('is signed so that the receiver can check it, and tells the whole finding', async () => {
    const { hook, receiver } = await made()
    for (const one of ALL) await receiver.send([one])
    expect(hook.got.map(({ body }) => JSON.parse(body).type)).toEqual([
      'finding.found',
      'finding.changed',
      'finding.gone',
      'finding.summary',
    ])
    for (const [n, { headers, body }] of hook.got.entries()) {
      expect(headers).toMatchObject({ 'webhook-id': ALL[n]!.key, 'webhook-timestamp': '1795341600' })
      expect(headers['webhook-signature']).toBe(signatureOf(key, ALL[n]!.key, 1_795_341_600, Buffer.from(body)))
    }
    expect(JSON.parse(hook.got[0]!.body).whole).toEqual(JSON.parse(JSON.stringify(notice(1).finding)))
  })

  test.each([400, 413, 422, 500])('that is answered %i is refused', async (status) => {
    const { receiver } = await made(() => status)
    await expect(receiver.send([notice(1)])).rejects.toThrow(Refused)
  })

  test.each([302, 401, 403, 404, 429, 502, 503])('that is answered %i waits for the receiver', async (status) => {
    const { hook, receiver } = await made(() => status)
    const error = await receiver.send([notice(1)]).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(Refused)
    // The path of a webhook is often its secret.
    expect(String(error)).toBe(`Error: localhost:${hook.port} answered ${status}`)
    expect(hook.got).toHaveLength(1)
  })

  test('is not sent to a server whose certificate is nobody known', async () => {
    const { hook, untrusting } = await made()
    await expect(untrusting.send([notice(1)])).rejects.toThrow('self-signed certificate')
    expect(hook.got).toEqual([])
  })
})

describe('mail', () => {
  async function made(options: SMTPServerOptions = {}, given: Partial<MailOutput> = {}) {
    const mails: string[] = []
    const own = makeCertificate(temporaryFolder())
    const { certificate, key } = read(own)
    const server = new SMTPServer({
      ...{ cert: certificate, key, authOptional: true, disabledCommands: [], logger: false },
      onAuth: ({ username, password }, _, done) =>
        username === 'offchannel' && password === 'pass word' ? done(null, { user: 1 }) : done(new Error('no')),
      onData: (stream, _, done) => {
        let text = ''
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        stream.on('end', () => {
          mails.push(text)
          done()
        })
      },
      ...options,
    })
    server.on('error', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
    const { port } = server.server.address() as AddressInfo
    const output: MailOutput = {
      ...{
        kind: 'mail',
        name: 'desk',
        host: 'localhost',
        port,
        tls: 'starttls',
        login: undefined,
        ca: undefined,
        heads: false,
        every: undefined,
      },
      ...{ from: 'offchannel@agency.example', to: ['soc@agency.example', 'audit@agency.example'] },
      ...given,
    }
    return { mails, output, ca: certificate }
  }

  test('is one digest, the same Message-ID when it is sent again', async () => {
    const { mails, output, ca } = await made()
    const receiver = mail(output, undefined, ca)
    await receiver.send(ALL)
    await receiver.send(ALL)
    expect(mails).toHaveLength(2)
    expect(mails[0]).toContain('Subject: offchannel: 1 summary, 1 new, 1 changed, 1 gone\r\n')
    expect(mails[0]).toContain('To: soc@agency.example, audit@agency.example\r\n')
    const ids = mails.map((text) => /^Message-ID: (<[0-9a-f]{32}@agency\.example>)\r$/im.exec(text)?.[1])
    expect(ids[0]).toBeDefined()
    expect(ids[1]).toBe(ids[0])
  })

  test('has heads of the audit log as they can be verified from the mail as it was received', async () => {
    const { mails, output, ca } = await made()
    const heads = Array.from({ length: 30 }, (_, n) => ({ ...HEAD.head, seq: 1000 + n }))
    await mail(output, undefined, ca).send(heads.map((head) => ({ ...HEAD, head, proof: headWord(head) })))
    const scanner = new HeadScanner()
    for (const part of mails[0]!.match(/[\s\S]{1,100}/g)!) scanner.push(part, false)
    scanner.push('', true)
    expect(mails[0]).toContain('Subject: offchannel: 30 heads of the audit log\r\n')
    expect([scanner.heads, scanner.damaged]).toEqual([heads, []])
  })

  test('logs in, over STARTTLS and over TLS from the first byte', async () => {
    const login = { user: 'offchannel', secret: { variable: 'X' } }
    for (const [options, tls] of [
      [{}, 'starttls'],
      [{ secure: true }, 'implicit'],
    ] as const) {
      const { mails, output, ca } = await made({ ...options, authOptional: false }, { tls, login })
      await mail(output, 'pass word', ca).send(ALL)
      expect(mails).toHaveLength(1)
      const error = await mail(output, 'wrong pass', ca).send(ALL).catch(String)
      expect(error).toContain('535')
      expect(error).not.toContain('wrong pass')
    }
  })

  test('is not sent in the clear, nor to a server that nobody knows', async () => {
    const plain = await made({ disabledCommands: ['STARTTLS'] })
    await expect(mail(plain.output, undefined, plain.ca).send(ALL)).rejects.toThrow('STARTTLS')
    expect(plain.mails).toEqual([])
    await mail({ ...plain.output, tls: 'none' }, undefined, undefined).send(ALL)
    expect(plain.mails).toHaveLength(1)
    const unknown = await made()
    await expect(mail(unknown.output, undefined, undefined).send(ALL)).rejects.toThrow('self-signed certificate')
    expect(unknown.mails).toEqual([])
  })

  test('that one of several may not get is told of, and not sent again', async () => {
    const { mails, output, ca } = await made({
      onRcptTo: ({ address }, _, done) => (address.startsWith('audit') ? done(new Error('no such user')) : done()),
    })
    expect(await mail(output, undefined, ca).send(ALL)).toBe(
      'the server takes no mail for audit@agency.example; the others have it',
    )
    expect(mails).toHaveLength(1)
  })
})

test('a file grows by whole lines, also behind one that was left half-written', async () => {
  const path = join(temporaryFolder(), 'out.ndjson')
  const output = { kind: 'file', name: 'lake', path, form: 'ocsf', heads: false } as const
  const receiver = file(output, ({ key }) => [`${key}\n`])
  await receiver.send([notice(1), notice(2)])
  appendFileSync(path, 'half')
  await receiver.send([notice(3)])
  const lines = [notice(1).key, notice(2).key, 'half', notice(3).key]
  expect(readFileSync(path, 'utf8')).toBe(lines.map((line) => `${line}\n`).join(''))
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
