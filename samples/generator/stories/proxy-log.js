// @ts-check
/**
 * The office proxy's log (Squid's native access.log): a refused attempt, an allowed file-sharing service, and two
 * clients that the policy excludes.
 */
import { at, serverOf } from '../scenario.js'

/**
 * Time, milliseconds that it lasted, client, result, bytes, method, host, user. Squid writes a request when it ends:
 * the time is that of the end.
 */
const REQUESTS = /** @type {const} */ ([
  ['08:58:02.114', 92, '10.1.4.31', 'TCP_MISS/200', 5120, 'GET', 'www.example.com', 'user09'],
  ['09:04:40.520', 61044, '10.1.4.52', 'TCP_TUNNEL/200', 48211, 'CONNECT', 'cdn.example.net', 'user11'],
  ['09:31:15.007', 1, '10.1.4.41', 'TCP_DENIED/403', 3911, 'CONNECT', 'web.telegram.org', 'user17'],
  ['09:31:18.660', 1, '10.1.4.41', 'TCP_DENIED/403', 3911, 'CONNECT', 'web.telegram.org', 'user17'],
  ['09:33:02.212', 1, '10.1.4.41', 'TCP_DENIED/403', 3911, 'CONNECT', 'web.telegram.org', 'user17'],
  ['10:12:47.930', 184203, '10.1.4.66', 'TCP_TUNNEL/200', 912345, 'CONNECT', 'client.dropbox.com', 'user23'],
  ['10:14:09.415', 75310, '10.1.4.66', 'TCP_TUNNEL/200', 40210, 'CONNECT', 'content.dropboxapi.com', 'user23'],
  ['11:02:30.118', 240118, '10.1.99.12', 'TCP_TUNNEL/200', 66120, 'CONNECT', 'web.whatsapp.com', 'user30'],
  ['11:40:55.741', 190002, '10.1.4.60', 'TCP_TUNNEL/200', 30954, 'CONNECT', 'web.whatsapp.com', 'counsel'],
  ['13:26:57.301', 1806, '10.1.4.32', 'TCP_TUNNEL/200', 7420, 'CONNECT', 'maps.example.org', 'user12'],
  ['15:10:00.006', 48, '10.1.4.31', 'TCP_MISS/200', 5120, 'GET', 'www.example.com', 'user09'],
])

/** The log as Squid writes it; users as Kerberos gives them. */
export function proxyLog() {
  const lines = REQUESTS.map(([clock, elapsed, client, result, bytes, method, host, user]) => {
    const time = (at(clock) / 1e6).toFixed(3)
    const url = method === 'CONNECT' ? `${host}:443` : `http://${host}/`
    const peer = result === 'TCP_DENIED/403' ? 'HIER_NONE/-' : `HIER_DIRECT/${serverOf(host)}`
    const type = result === 'TCP_TUNNEL/200' ? '-' : 'text/html'
    const request = `${result} ${bytes} ${method} ${url} ${user}@EXAMPLE`
    return `${time} ${String(elapsed).padStart(6)} ${client} ${request} ${peer} ${type}\n`
  })
  return lines.join('')
}
