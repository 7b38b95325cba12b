// @ts-check
/** What offchannel is to reach on logs beside other tools, as ratios on one machine in one run. */

/** @import { Bounds } from './goals.js' */

/** @typedef {'squid-native' | 'zeek-dns' | 'suricata-eve' | 'gz'} LogName */
/** @typedef {'rg' | 'mawk' | 'duckdb' | 'gzip'} LogPeer */

/** @typedef {Bounds & { readonly id: string, readonly peer: LogPeer, readonly log: LogName }} LogRatio */

/** How many times as long the peer takes. @type {readonly LogRatio[]} */
export const LOGS_FASTER_THAN = [
  { id: 'L2', peer: 'duckdb', log: 'squid-native', must: 2, aim: 3 },
  { id: 'L2', peer: 'mawk', log: 'squid-native', must: 2, aim: 3 },
  { id: 'L3', peer: 'rg', log: 'suricata-eve', must: 1, aim: 1.6 },
  { id: 'L3', peer: 'duckdb', log: 'suricata-eve', must: 1, aim: 1.6 },
  { id: 'L4', peer: 'rg', log: 'zeek-dns', must: 1, aim: 1.5 },
  { id: 'L4', peer: 'duckdb', log: 'zeek-dns', must: 1.5, aim: 3 },
]

/** How many times as long as the peer offchannel may take. @type {readonly LogRatio[]} */
export const LOGS_SLOWER_THAN = [
  { id: 'L1', peer: 'rg', log: 'squid-native', must: 1.2, aim: 0.8 },
  { id: 'L5', peer: 'gzip', log: 'gz', must: 0.8, aim: 0.6 },
]

/** M1: peak memory in millions of bytes, and how many times that of a small log of the same mix it may be. */
export const LOG_MEMORY = { must: 150, aim: 100 }
export const LOG_MEMORY_GROWTH = { must: 1.15, aim: 1.15 }

/** M2: bytes of memory for each further client. */
export const CLIENT_MEMORY = { must: 400, aim: 200 }

/** S1: 100,000 indicators against 10: how many times the processor time, and millions of bytes more. */
export const SIGNATURE_TIME = { must: 1.2, aim: 1.05 }
export const SIGNATURE_MEMORY = { must: 60, aim: 60 }

/** X1: of a million clients and hosts, peak memory in millions of bytes, and the share of what was made that is found. */
export const MILLION_MEMORY = { must: 1000, aim: 500 }
export const MILLION_FOUND = { must: 1, aim: 1 }

export const LOG_GOALS = ['L1', 'L2', 'L3', 'L4', 'L5', 'M1', 'M2', 'S1', 'X1', 'F']
