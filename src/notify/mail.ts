import { createHash } from 'node:crypto'
import type { MailOutput } from '../model/output.ts'
import { digest } from './digest.ts'
import { ATTEMPT_TIMEOUT, type Receiver } from './receiver.ts'

/** Messages that one mail is about: more than a day of a large office. */
const DIGEST_LIMIT = 5000

/**
 * One mail about all that waits, by SMTP: with STARTTLS or TLS from the first byte and a certificate that fits, or in
 * the clear where the job file says so. Its Message-ID follows from the messages, so that a mail that is sent again can
 * be told.
 */
export function mail(output: MailOutput, password: string | undefined, ca: string | undefined): Receiver {
  return {
    batch: DIGEST_LIMIT,
    async send(notices) {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({
        host: output.host,
        port: output.port,
        secure: output.tls === 'implicit',
        requireTLS: output.tls === 'starttls',
        ignoreTLS: output.tls === 'none',
        ...(output.login !== undefined && { auth: { user: output.login.user, pass: password ?? '' } }),
        ...(ca !== undefined && { tls: { ca } }),
        connectionTimeout: ATTEMPT_TIMEOUT,
        greetingTimeout: ATTEMPT_TIMEOUT,
        socketTimeout: ATTEMPT_TIMEOUT,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      const keys = notices.map(({ key }) => key).join('\n')
      const id = createHash('sha256').update(keys).digest('hex').slice(0, 32)
      const { subject, text } = digest(notices)
      const { rejected } = await transport.sendMail({
        from: output.from,
        to: [...output.to],
        messageId: `<${id}@${output.from.replace(/^.*@|>.*$/g, '')}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...{ subject, text },
      })
      transport.close()
      if (rejected.length === 0) return undefined
      return `the server takes no mail for ${rejected.map(String).join(', ')}; the others have it`
    },
    close: () => {},
  }
}
