// @ts-check
/**
 * Makes a large capture; the same options give the same bytes.
 *
 *   node test/bench/generate.js --mb 1000 --out FILE [--kind bulk] [--seed 1] [--clients 2000] [--split 0.3]
 *
 * `--kind bulk` is an office gateway, nearly all of it full segments (./bulk.js); `mix` is small packets of many
 * protocols in many carriers (./mix.js). `--mb` counts millions of bytes; without `--out` the capture goes to standard
 * output; `--split` is the share of ClientHellos that need two segments or datagrams. What was made is told as JSON on
 * standard error.
 */
import { parseArgs } from 'node:util'
import { random } from '../../samples/generator/wire/bytes.js'
import { Bulk } from './bulk.js'
import { Mix } from './mix.js'
import { Writer } from './writer.js'

const { values: options } = parseArgs({
  options: {
    kind: { type: 'string', default: 'bulk' },
    mb: { type: 'string', default: '100' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    clients: { type: 'string', default: '2000' },
    split: { type: 'string', default: '0.3' },
  },
})

const START = Date.UTC(2026, 4, 12, 8) * 1000
const MICROS_PER_PACKET = 8

const writer = new Writer(options.out, START, MICROS_PER_PACKET)
const settings = { next: random(Number(options.seed)), clients: Number(options.clients), split: Number(options.split) }
const traffic = options.kind === 'mix' ? new Mix(writer, settings) : new Bulk(writer, settings)
const wanted = Number(options.mb) * 1e6
while (writer.bytes < wanted) traffic.packet()
writer.close()
console.error(JSON.stringify({ packets: writer.packets, bytes: writer.bytes, ...traffic.made() }))
