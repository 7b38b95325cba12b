import { execFileSync, spawnSync } from 'node:child_process'

/** Whether the second tool is there; tests that need its opinion are skipped, and say so, where it is not. */
export const tsharkInstalled = spawnSync('tshark', ['--version']).status === 0

export const DNS_NAME = 'dns.qry.name'
export const SERVER_NAME = 'tls.handshake.extensions_server_name'
export const TIME = 'frame.time_epoch'

const BAD = '0'
const ERROR = 0x800000
const CHECKSUMS = ['ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status']
const SETTINGS = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum', 'tcp.reassemble_out_of_order']

/**
 * What tshark makes of a capture: the values of one field as they come, and the numbers of the frames that it finds
 * malformed, in error or with a bad checksum.
 */
export function tshark(path: string, field: string): { values: string[]; complaints: number[] } {
  const fields = ['frame.number', field, '_ws.malformed', '_ws.expert.severity', ...CHECKSUMS]
  const options = SETTINGS.flatMap((name) => ['-o', `${name}:TRUE`])
  const args = ['-n', '-r', path, ...options, '-T', 'fields', ...fields.flatMap((name) => ['-e', name])]
  // On standard error it warns of being run by the superuser.
  const text = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
  return {
    values: rows.flatMap(([, value]) => (value ? value.split(',') : [])),
    complaints: rows.filter(complainedOf).map(([frame]) => Number(frame)),
  }
}

function complainedOf([, , malformed, severities, ...checksums]: string[]): boolean {
  const error = severities?.split(',').some((severity) => Number(severity) >= ERROR)
  return malformed !== '' || error === true || checksums.some((status) => status.split(',').includes(BAD))
}
