import { harmlessJson } from '../../base/text.ts'
import type { FindingsFormat } from './export-format.ts'

/** A finding a line, whole, as `offchannel findings --json` prints it. */
export const ndjson: FindingsFormat = {
  of: 'findings',
  name: 'ndjson',
  title: 'findings with their reasons and evidence, a JSON object a line',
  documentation: 'https://github.com/ndjson/ndjson-spec',
  *write(findings) {
    for (const finding of findings) yield `${harmlessJson(finding)}\n`
  },
}
