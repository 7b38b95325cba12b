// @ts-check
/** What runs of several tools come to, as tables. */

/** @import { Run } from './measure.js' */

/** @param {readonly number[]} numbers */
export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

/** In millions of bytes. @param {readonly Run[]} runs */
export function peakOf(runs) {
  return Math.max(...runs.map(({ peak }) => peak)) / 1e6
}

/** Three digits, or as many as stand before the point. @param {number} value */
export function shown(value) {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)
}

/** @param {ReadonlyMap<string, readonly Run[]>} runs by tool @param {number} bytes that each run read */
export function printRuns(runs, bytes) {
  row('', ['wall s (least - most)', 'cpu s', 'MB/s', 'peak MB'])
  for (const [tool, all] of runs) {
    const walls = all.map(({ seconds }) => seconds)
    const wall = median(walls)
    const spread = `${wall.toFixed(2)} (${Math.min(...walls).toFixed(2)} - ${Math.max(...walls).toFixed(2)})`
    const cpu = median(all.map((run) => run.cpu))
    const peak = peakOf(all)
    row(tool, [spread, cpu.toFixed(2), (bytes / 1e6 / wall).toFixed(0), peak > 0 ? peak.toFixed(0) : 'unknown'])
  }
}

/** @param {string} what @param {readonly string[]} columns */
function row(what, columns) {
  console.log(what.padEnd(24), ...columns.map((column, i) => column.padStart(i === 0 ? 24 : 9)))
}

/** @param {readonly (readonly string[])[]} rows id, what, values, verdict */
export function printGoals(rows) {
  const head = ['', '', 'wall', '--no-hash', 'its cpu', 'must', 'aim', '']
  for (const [id = '', what = '', ...columns] of [head, ...rows]) {
    console.log(id.padEnd(3), what.padEnd(36), ...columns.map((column) => column.padStart(11)))
  }
}
