// @ts-check
/**
 * Counts how often each client reached a host of a list, as DuckDB does it; prints clients and requests.
 *
 *   node test/bench/duckdb.js KIND LOG NAMES
 *
 * KIND is `squid-native`, `zeek-dns` or `suricata-eve`; NAMES holds one host name a line, which stands for all names
 * under it as well. Two threads.
 */
import { DuckDBInstance } from '@duckdb/node-api'

const [kind = '', log = '', names = ''] = process.argv.slice(2)

/** Client and host of each record; the quickest of several ways of asking. */
const REQUESTS = {
  'squid-native': `
    SELECT split_part(rest, ' ', 2) AS client,
      split_part(split_part(CASE WHEN contains(url, '://') THEN split_part(url, '://', 2) ELSE url END, '/', 1), ':', 1)
        AS host
    FROM (SELECT rest, split_part(rest, ' ', 6) AS url FROM (SELECT ltrim(substr(line, 15)) AS rest
      FROM read_csv('${log}', columns = {'line': 'VARCHAR'}, delim = '\\t', quote = '', escape = '', header = false,
        auto_detect = false)))`,
  'zeek-dns': `
    SELECT column02 AS client, column09 AS host
    FROM read_csv('${log}', delim = '\\t', quote = '', escape = '', header = false, skip = 7, auto_detect = false,
      columns = {${Array.from({ length: 24 }, (_, i) => `'column${String(i).padStart(2, '0')}': 'VARCHAR'`).join()}})`,
  'suricata-eve': `
    SELECT src_ip AS client, coalesce(dns.rrname, tls.sni, quic.sni, http.hostname) AS host
    FROM read_json('${log}', format = 'newline_delimited', columns = {
      event_type: 'VARCHAR', src_ip: 'VARCHAR', dns: 'STRUCT(rrname VARCHAR)', tls: 'STRUCT(sni VARCHAR)',
      quic: 'STRUCT(sni VARCHAR)', http: 'STRUCT(hostname VARCHAR)'})
    WHERE event_type IN ('dns', 'tls', 'quic', 'http')`,
}

const requests = REQUESTS[/** @type {keyof typeof REQUESTS} */ (kind)]
if (requests === undefined) throw new RangeError(`${kind} is not one of ${Object.keys(REQUESTS).join(', ')}`)

/** A host without so many of its first labels; null where it has no more. */
function under(/** @type {number} */ labels) {
  return `regexp_extract(host, '^(?:[^.]+[.]){${labels}}(.+)$', 1)`
}

const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
const connection = await instance.connect()
await connection.run(
  `CREATE TABLE names AS SELECT * FROM read_csv('${names}', columns = {'name': 'VARCHAR'}, header = false)`,
)
const result = await connection.runAndReadAll(`
  WITH request AS (${requests}),
    host AS MATERIALIZED (SELECT client, host, count(*) AS requests FROM request GROUP BY ALL),
    known AS (SELECT DISTINCT host FROM host),
    wanted AS (
      SELECT host FROM known WHERE host IN (FROM names)
        ${[1, 2, 3, 4].map((labels) => `OR ${under(labels)} IN (FROM names)`).join(' ')})
  SELECT count(DISTINCT client), sum(requests) FROM host WHERE host IN (FROM wanted)`)
console.log(result.getRows().join())
