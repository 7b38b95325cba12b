import { createServer, type Server } from 'node:http'
import { messageOf, OffchannelError } from '../base/errors.ts'
import type { ListenAddress } from '../jobs/listen-address.ts'

/** Connections at a time, milliseconds that one may take, and bytes that it may ask with. */
const CONNECTION_LIMIT = 16
const TIME_LIMIT = 5000
const HEAD_LIMIT = 8192

/** What Prometheus's text format is known by (https://prometheus.io/docs/instrumenting/exposition_formats/). */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Serves `GET /metrics`, and nothing else, until it is closed; `textOf` is asked for every answer. It keeps nobody from
 * ending the process. Throws `job_invalid` where it cannot listen there.
 */
export async function serveMetrics({ host, port }: ListenAddress, textOf: () => string): Promise<Server> {
  const limits = { maxHeaderSize: HEAD_LIMIT, requestTimeout: TIME_LIMIT, headersTimeout: TIME_LIMIT }
  const server = createServer({ ...limits, connectionsCheckingInterval: TIME_LIMIT }, (request, response) => {
    response.setHeader('Connection', 'close')
    const isAsked = request.url === '/metrics'
    if (isAsked && (request.method === 'GET' || request.method === 'HEAD')) {
      response.setHeader('Content-Type', CONTENT_TYPE)
      response.end(request.method === 'HEAD' ? '' : textOf())
      return
    }
    response.statusCode = isAsked ? 405 : 404
    response.end()
  })
  server.maxConnections = CONNECTION_LIMIT
  server.setTimeout(TIME_LIMIT)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `metrics: ${host}:${port} cannot be listened on (${messageOf(error)}): choose another port`
      reject(new OffchannelError('job_invalid', message, { cause: error }))
    })
    server.listen(port, host, resolve)
  })
  return server.unref()
}
