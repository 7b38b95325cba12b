import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:https'
import { harmlessJson } from '../base/text.ts'
import { findingIn } from '../model/notice.ts'
import type { WebhookOutput } from '../model/output.ts'
import { noticeJson } from './notice-json.ts'
import { ATTEMPT_TIMEOUT, type Receiver, Refused, type Surroundings } from './receiver.ts'

/** Answers that are about the message. Any other that is no success is about the receiver, and passes. */
const REFUSALS: ReadonlySet<number> = new Set([400, 409, 413, 415, 422, 500])

/**
 * POSTs over HTTPS, one a message, signed as Standard Webhooks 1.0.0 says
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): `webhook-signature` is an
 * HMAC-SHA256 over id, time and body. Redirects are not followed.
 *
 * @param key the bytes that the secret stands for.
 */
export function webhook(
  { url }: WebhookOutput,
  key: Buffer,
  ca: string | undefined,
  { version, now }: Surroundings,
): Receiver {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...(ca !== undefined && { ca }) })
  return {
    batch: 1,
    async send([notice]) {
      const type = notice!.event === 'head' ? 'audit.head' : `finding.${notice!.event}`
      const body = Buffer.from(harmlessJson({ type, ...noticeJson(notice!), whole: findingIn(notice!) }))
      const seconds = Math.floor(now() / 1_000_000)
      const status = await post(url, agent, body, {
        'content-type': 'application/json',
        'user-agent': `offchannel/${version}`,
        'webhook-id': notice!.key,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signatureOf(key, notice!.key, seconds, body),
      })
      if (status >= 200 && status < 300) return undefined
      const answer = `${new URL(url).host} answered ${status}`
      throw REFUSALS.has(status) ? new Refused(answer) : new Error(answer)
    },
    close: () => agent.destroy(),
  }
}

/** The value of `webhook-signature`: what a receiver computes again. */
export function signatureOf(key: Buffer, id: string, seconds: number, body: Buffer): string {
  const digest = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest('base64')
  return `v1,${digest}`
}

/** The status of the answer; its body is read and thrown away. */
function post(url: string, agent: Agent, body: Buffer, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } })
    sent.setTimeout(ATTEMPT_TIMEOUT, () => sent.destroy(new Error(`${new URL(url).host} does not answer`)))
    // Silence alone would let an answer of a byte a second go on for ever.
    const deadline = setTimeout(() => sent.destroy(new Error('its answer takes too long')), 2 * ATTEMPT_TIMEOUT)
    sent.on('error', reject)
    sent.on('close', () => clearTimeout(deadline))
    sent.on('response', (answer) => {
      answer.on('error', reject)
      answer.on('end', () => resolve(answer.statusCode ?? 0))
      answer.resume()
    })
    sent.end(body)
  })
}
