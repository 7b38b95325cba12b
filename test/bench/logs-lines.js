// @ts-check
/** The line that a product writes for a request, in the formats that the benchmark reads. */

/** @import { Traffic } from './logs-traffic.js' */

/**
 * @typedef LogKind
 * @property {string} [header]
 * @property {(request: Traffic) => string} line
 * @property {number} observations of each line that names a host of an app
 */

const TYPES = ['text/html', 'application/json', 'image/jpeg', 'application/javascript', 'text/css', '-']
const METHODS = ['GET', 'GET', 'GET', 'POST']
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

/** @type {Readonly<Record<string, LogKind>>} */
export const LOG_KINDS = {
  'squid-native': {
    observations: 1,
    line: (request) => {
      const { time, client, host, user, server, a } = request
      const begin = `${seconds(time, 3)} ${String(a % 60_000).padStart(6)} ${client}`
      if (isConnect(request)) {
        return `${begin} TCP_TUNNEL/200 ${down(request)} CONNECT ${host}:443 ${user} HIER_DIRECT/${server} -`
      }
      const what = `${method(request)} http://${host}${path(request)}`
      return `${begin} TCP_MISS/200 ${down(request)} ${what} ${user} HIER_DIRECT/${server} ${type(request)}`
    },
  },
  'squid-common': {
    observations: 1,
    line: (request) => {
      const { time, client, host, user } = request
      const what = isConnect(request) ? `CONNECT ${host}:443` : `${method(request)} http://${host}${path(request)}`
      const begin = `${client} - ${user} [${clf(time)}] "${what} HTTP/1.1" 200 ${down(request)}`
      return `${begin} "-" "${AGENT}" TCP_TUNNEL:HIER_DIRECT`
    },
  },
  bluecoat: {
    observations: 1,
    header: [
      '#Software: SGOS 7.3.9.1',
      '#Version: 1.0',
      '#Fields: date time time-taken c-ip cs-username cs-auth-group x-exception-id sc-filter-result cs-categories' +
        ' cs(Referer) sc-status s-action cs-method rs(Content-Type) cs-uri-scheme cs-host cs-uri-port cs-uri-path' +
        ' cs-uri-query cs-uri-extension cs(User-Agent) s-ip sc-bytes cs-bytes x-virus-id r-ip',
    ].join('\n'),
    line: (request) => {
      const { time, client, host, user, server, a } = request
      const begin = `${iso(time).slice(0, 19).replace('T', ' ')} ${a % 60_000} ${client} ${user} - - OBSERVED`
      const what = isConnect(request) ? `CONNECT - tcp ${host} 443 /` : `GET text/html http ${host} 80 ${path(request)}`
      const size = `${down(request)} ${up(request)}`
      return `${begin} "Technology/Internet" - 200 TCP_TUNNELED ${what} - - "${AGENT}" 192.0.2.1 ${size} - ${server}`
    },
  },
  'zeek-dns': {
    observations: 2,
    header: zeekHeader(
      'dns',
      'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto trans_id rtt query qclass qclass_name qtype qtype_name rcode' +
        ' rcode_name AA TC RD RA Z answers TTLs rejected',
    ),
    line: (request) => {
      const { host, server, a } = request
      const asked = `udp\t${a & 0xffff}\t0.0${10_000 + (a % 90_000)}\t${host}\t1\tC_INTERNET\t1\tA`
      const answers = a % 3 === 0 ? `edge-${a & 255}.example\t${60 + (a & 127)}.000000` : `${server}\t300.000000`
      return `${zeekBegin(request, '192.0.2.53', 53)}\t${asked}\t0\tNOERROR\tF\tF\tT\tT\t0\t${answers}\tF`
    },
  },
  'zeek-ssl': {
    observations: 1,
    header: zeekHeader(
      'ssl',
      'ts uid id.orig_h id.orig_p id.resp_h id.resp_p version cipher curve server_name resumed last_alert next_protocol' +
        ' established ssl_history cert_chain_fps client_cert_chain_fps sni_matches_cert',
    ),
    line: (request) => {
      const begin = zeekBegin(request, request.server, 443)
      return `${begin}\tTLSv13\tTLS_AES_128_GCM_SHA256\tx25519\t${request.host}\tF\t-\th2\tT\tCsiI\t-\t-\t-`
    },
  },
  'suricata-eve': { observations: 1, line: eve },
  cef: {
    observations: 1,
    line: (request) => {
      const { client, host, user, server, time } = request
      const ends = `src=${client} spt=${port(request)} dst=${server} dpt=443 proto=TCP`
      const what = `dhost=${host} request=https://${host}${path(request)} requestMethod=${method(request)}`
      const size = `out=${up(request)} in=${down(request)}`
      const begin = `<134>${syslog(time)} gw1 CEF:0|Example|Gateway|1.0|100|Web request|3|rt=${time}`
      return `${begin} ${ends} suser=${user} ${what} ${size} act=allowed msg=let through by rule 7`
    },
  },
  leef: {
    observations: 1,
    line: (request) => {
      const { client, host, user, server, time } = request
      const begin = `<134>${syslog(time)} gw1 LEEF:1.0|Example|Gateway|1.0|100|devTime=${time}`
      const ends = `src=${client}\tsrcPort=${port(request)}\tdst=${server}\tdstPort=443\tproto=TCP`
      const what = `usrName=${user}\turl=https://${host}${path(request)}`
      return `${begin}\t${ends}\t${what}\tsrcBytes=${up(request)}\tdstBytes=${down(request)}\taction=allowed`
    },
  },
  bind: {
    observations: 1,
    line: (request) => {
      const { client, host, time, a } = request
      const begin = `${day(time)} ${iso(time).slice(11, 23)} queries: info: client @0x7f4f8003${(a & 0xffff) | 0x1000}`
      return `${begin} ${client}#${port(request)} (${host}): query: ${host} IN A +E(0)K (192.0.2.53)`
    },
  },
  dnsmasq: {
    observations: 1,
    line: (request) => {
      const { client, host, server, time, a, isMessaging } = request
      const begin = `${syslog(time)} dnsmasq[17086]:`
      const kind = isMessaging ? 0 : a % 3
      if (kind === 0) return `${begin} query[A] ${host} from ${client}`
      return kind === 1 ? `${begin} forwarded ${host} to 192.0.2.53` : `${begin} reply ${host} is ${server}`
    },
  },
  fortigate: {
    observations: 1,
    line: (request) => {
      const { client, host, server, time, a, b } = request
      const at = iso(time)
      const device = 'devname="fw-1" devid="FGT00EXAMPLE00001"'
      const begin = `<189>date=${at.slice(0, 10)} time=${at.slice(11, 19)} ${device} eventtime=${time}000000 tz="+0000"`
      const kind = 'logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root"'
      const from = `srcip=${client} srcport=${port(request)} srcintf="lan" srcintfrole="lan"`
      const to = `dstip=${server} dstport=443 dstintf="wan1" dstintfrole="wan" sessionid=${b} proto=6 action="close"`
      const rule = 'policyid=12 policytype="policy" service="HTTPS" trandisp="snat" transip=192.0.2.1'
      const size = `duration=${a % 300} sentbyte=${up(request)} rcvdbyte=${down(request)}`
      return `${begin} ${kind} ${from} ${to} ${rule} transport=${port(request)} ${size} hostname="${host}"`
    },
  },
  'palo-alto': {
    observations: 1,
    line: (request) => {
      const { client, host, user, server, time, a } = request
      const at = iso(time).slice(0, 19).replaceAll('-', '/').replace('T', ' ')
      const begin = `<14>${syslog(time)} fw1 1,${at},007000000001,THREAT,url,2817,${at},${client},${server}`
      const rule = `0.0.0.0,0.0.0.0,Outbound web,corp\\${user},,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,to-siem`
      const session = `${at},${a},1,${port(request)},443,0,0,0x403000,tcp,alert`
      const what = `"${host}${path(request)}",(9999),business,informational,client-to-server`
      const rest = `${request.b},0x8000000000000000,10.0.0.0-10.255.255.255,United States,,text/html`
      return `${begin},${rule},${session},${what},${rest},0,,,1,,,,,,,,0,0,0,0,0,,fw1,,,,get,0,,0,,N/A,,AppThreat-0-0`
    },
  },
}

/** @param {Traffic} request */
function eve(request) {
  const { time, client, host, server, a, b, isMessaging } = request
  const flow = String(1e15 + b)
  const begin = `{"timestamp":"${iso(time).slice(0, 23)}000+0000","flow_id":${flow},"in_iface":"eth0","event_type"`
  const ends = (/** @type {string} */ to, /** @type {number} */ service, /** @type {string} */ protocol) =>
    `"src_ip":"${client}","src_port":${port(request)},"dest_ip":"${to}","dest_port":${service},"proto":"${protocol}"`
  const number = a % 100
  if (!isMessaging && number >= 78) {
    const counters = `"pkts_toserver":${a & 63},"pkts_toclient":${b & 63},"bytes_toserver":${up(request)}`
    const span = `"start":"${iso(time - 9000).slice(0, 23)}000+0000","end":"${iso(time).slice(0, 23)}000+0000"`
    const state = '"age":9,"state":"closed","reason":"timeout","alerted":false'
    const detail = `${counters},"bytes_toclient":${down(request)},${span},${state}`
    const tcp = '"tcp_flags":"1b","tcp_flags_ts":"1b","tcp_flags_tc":"1b","syn":true,"fin":true,"psh":true,"ack":true'
    return `${begin}:"flow",${ends(server, 443, 'TCP')},"app_proto":"tls","flow":{${detail}},"tcp":{${tcp}}}`
  }
  if (number < 20) {
    const asked = `"type":"query","id":${b & 0xffff},"rrname":"${host}","rrtype":"A","tx_id":0,"opcode":0`
    return `${begin}:"dns",${ends('192.0.2.53', 53, 'UDP')},"pkt_src":"wire/pcap","dns":{${asked}}}`
  }
  if (number < 40) {
    const header = `"version":2,"type":"answer","id":${b & 0xffff},"flags":"8180","qr":true,"rd":true,"ra":true,"opcode":0`
    const answer = `"rrname":"${host}","rrtype":"A","ttl":${a % 300},"rdata":"${server}"`
    const asked = `"rrname":"${host}","rrtype":"A","rcode":"NOERROR","answers":[{${answer}}],"grouped":{"A":["${server}"]}`
    return `${begin}:"dns",${ends('192.0.2.53', 53, 'UDP')},"pkt_src":"wire/pcap","dns":{${header},${asked}}}`
  }
  if (number < 64) {
    const subject = `"subject":"CN=${host}","issuerdn":"C=XX, O=Example Trust, CN=Example CA 7"`
    const dates = '"notbefore":"2026-01-05T00:00:00","notafter":"2027-01-05T23:59:59"'
    const prints = `"ja3":{"hash":"${hex(a)}"},"ja3s":{"hash":"${hex(b)}"},"fingerprint":"${hex(a ^ b)}"`
    const names = `"serial":"0A:1B:${a & 255}","sni":"${host}","version":"TLS 1.2"`
    return `${begin}:"tls",${ends(server, 443, 'TCP')},"tls":{${subject},${names},${dates},${prints}}}`
  }
  if (number < 72) {
    const what = `"hostname":"${host}","url":"${path(request)}","http_user_agent":"${AGENT}","http_content_type":"text/html"`
    const status = `"http_method":"GET","protocol":"HTTP/1.1","status":200,"length":${down(request)}`
    return `${begin}:"http",${ends(server, 80, 'TCP')},"tx_id":0,"http":{${what},${status}}}`
  }
  const quic = `"version":"1","sni":"${host}","ja3":{"hash":"${hex(a)}","string":"771,4865-4866-4867,0-10-11-13-16,29-23,"}`
  const extensions = [0, 5, 10, 13, 16, 43, 45, 51].map((type) => `{"name":"extension_${type}","type":${type}}`).join()
  return `${begin}:"quic",${ends(server, 443, 'UDP')},"quic":{${quic},"extensions":[${extensions}]}}`
}

/** @param {string} path @param {string} fields */
function zeekHeader(path, fields) {
  const names = fields.split(' ')
  const lines = ['#separator \\x09', '#set_separator\t,', '#empty_field\t(empty)', '#unset_field\t-', `#path\t${path}`]
  return [...lines, `#fields\t${names.join('\t')}`, `#types${'\tstring'.repeat(names.length)}`].join('\n')
}

/** @param {Traffic} request @param {string} server @param {number} service */
function zeekBegin(request, server, service) {
  const { time, client, a, b } = request
  const uid = `C${a.toString(36)}${b.toString(36)}`
  return `${seconds(time, 6)}\t${uid}\t${client}\t${port(request)}\t${server}\t${service}`
}

/** @param {Traffic} request */
function isConnect({ a }) {
  return a % 100 < 78
}

/** @param {Traffic} request */
function method({ b }) {
  return METHODS[b & 3]
}

/** @param {Traffic} request */
function type({ b }) {
  return TYPES[b % TYPES.length]
}

/** @param {Traffic} request */
function path({ a, b }) {
  return `/${a.toString(36)}/${b.toString(36)}${b % 10 < 4 ? `?id=${a}&page=${b & 15}` : '.js'}`
}

/** @param {Traffic} request */
function port({ b }) {
  return 1024 + (b % 60_000)
}

/** Sizes from a few bytes to megabytes. @param {Traffic} request */
function down({ a }) {
  return Math.floor(2 ** (6 + (a / 2 ** 32) * 16))
}

/** @param {Traffic} request */
function up({ b }) {
  return Math.floor(2 ** (6 + (b / 2 ** 32) * 10))
}

/** 32 digits. @param {number} number */
function hex(number) {
  return (number >>> 0).toString(16).padStart(8, '0').repeat(4)
}

/** @param {number} time @param {3 | 6} digits */
function seconds(time, digits) {
  const fraction = String(time % 1000).padStart(3, '0')
  return `${Math.floor(time / 1000)}.${digits === 3 ? fraction : `${fraction}000`}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
let isoTime = -1
let isoText = ''

/** @param {number} time */
function iso(time) {
  if (time !== isoTime) isoText = new Date(time).toISOString()
  isoTime = time
  return isoText
}

/** `12-May-2026` @param {number} time */
function day(time) {
  const text = iso(time)
  return `${text.slice(8, 10)}-${MONTHS[Number(text.slice(5, 7)) - 1]}-${text.slice(0, 4)}`
}

/** `12/May/2026:08:00:00 +0000` @param {number} time */
function clf(time) {
  return `${day(time).replaceAll('-', '/')}:${iso(time).slice(11, 19)} +0000`
}

/** `May 12 08:00:00` @param {number} time */
function syslog(time) {
  const text = iso(time)
  return `${MONTHS[Number(text.slice(5, 7)) - 1]} ${text.slice(8, 10)} ${text.slice(11, 19)}`
}
