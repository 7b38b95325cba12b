import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** What tshark calls the fields that name hosts: https://www.wireshark.org/docs/dfref/ */
const FIELDS = [
  'tls.handshake.extensions_server_name',
  'dtls.handshake.extensions_server_name',
  'dns.qry.name',
  'http.host',
]

/** No address is looked up; segments may have come in any order. */
const OPTIONS = '-n -o tcp.reassemble_out_of_order:TRUE -T fields -E occurrence=a -E aggregator=,'.split(' ')

/** A capture of a pack is small: longer than this it is not waited for. */
const PATIENCE = 60_000

/** More than the names of any pack. */
const OUTPUT_LIMIT = 16 << 20

/** The names that tshark finds in a capture, by frame; undefined where it is not installed or fails. */
export async function tsharkNames(capture: Uint8Array): Promise<ReadonlyMap<number, readonly string[]> | undefined> {
  // It reads files and pipes, and what one program writes to another here is a socket.
  const folder = mkdtempSync(path.join(tmpdir(), 'offchannel-'))
  try {
    const file = path.join(folder, 'frames.pcap')
    writeFileSync(file, capture, { mode: 0o600 })
    return await namesIn(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function namesIn(file: string): Promise<ReadonlyMap<number, readonly string[]> | undefined> {
  const fields = ['frame.number', ...FIELDS].flatMap((field) => ['-e', field])
  return new Promise((resolve) => {
    const args = [...OPTIONS, '-r', file, ...fields]
    const child = spawn('tshark', args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: PATIENCE })
    let text = ''
    child.on('error', () => resolve(undefined))
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more
      if (text.length > OUTPUT_LIMIT) child.kill()
    })
    child.on('close', (status) => resolve(status === 0 ? namesByFrame(text) : undefined))
  })
}

function namesByFrame(text: string): Map<number, readonly string[]> {
  const names = new Map<number, readonly string[]>()
  for (const line of text.split('\n')) {
    const [frame, ...fields] = line.split('\t')
    const found = fields.flatMap((field) => field.split(',')).filter((name) => name !== '')
    if (found.length > 0) {
      names.set(Number(frame), [...new Set(found.map((name) => name.toLowerCase().replace(/(:\d+|\.)$/, '')))])
    }
  }
  return names
}
