// @ts-check
/** Lists of names: those of signatures/ for other tools, and made-up signatures in any number. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { MESSAGING } from './names.js'

/**
 * The host names by which the apps of a folder are told for sure.
 * @param {string} folder
 * @returns {string[]}
 */
export function distinctiveNames(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  const indicators = files.flatMap((file) => parse(readFileSync(path.join(folder, file), 'utf8')).indicators)
  const named = indicators.filter(({ type, strength }) => isHostName(type) && strength === 'distinctive')
  return [...new Set(named.map(({ value }) => value))].sort()
}

/** @param {string} type */
function isHostName(type) {
  return type === 'exact' || type === 'suffix'
}

const INDICATORS_PER_FILE = 1000
/** The messaging hosts of the logs are found with every number of signatures. */
const FOUND = MESSAGING.slice(0, 10)

/**
 * Writes signatures with so many indicators: ten hosts that the logs hold, and suffixes that they do not.
 * @param {string} folder
 * @param {number} count
 */
export function writeSignatures(folder, count) {
  mkdirSync(folder, { recursive: true })
  const others = Array.from({ length: count - FOUND.length }, (_, i) => ['suffix', `made-${i}.example`])
  const all = [...FOUND.map((name) => ['exact', name]), ...others]
  for (let from = 0, file = 0; from < all.length; from += INDICATORS_PER_FILE, file++) {
    const part = all.slice(from, from + INDICATORS_PER_FILE)
    const [, example] = /** @type {string[]} */ (part[0])
    const id = `made-${file}`
    const lines = part.map(
      ([type, value]) =>
        `  - { type: ${type}, value: ${value}, role: messaging, strength: distinctive, sources: [made] }`,
    )
    const head = [`id: ${id}`, `name: Made ${file}`, 'vendor: Nobody', 'category: messaging', 'status: active']
    const dated = ['maturity: experimental', 'revision: 1', 'date: 2026-05-12', 'indicators:']
    const tests = ['tests:', `  should-match: [${example}]`, '  should-not-match: [nobody.example]']
    writeFileSync(path.join(folder, `${id}.yaml`), `${[...head, ...dated, ...lines, ...tests].join('\n')}\n`)
  }
}
