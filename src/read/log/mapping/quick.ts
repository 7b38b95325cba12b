import type { Layout, RecordRule } from './mapping.ts'

/**
 * What of a layout of JSON objects tells which rule a record falls under and what it names: to be read first, as most
 * records name a host that no signature matches. Undefined for other layouts, whose records are read in one go.
 *
 * @param isAlone every record is of this layout.
 */
export function quickLayout(layout: Layout, isAlone: boolean): Layout | undefined {
  const { fields, unset, inside, detect, records } = layout
  const isJson = (typeof fields === 'string' ? fields : fields.kind) === 'json'
  if (!isJson || inside !== undefined) return undefined
  return { fields, unset, detect: isAlone ? [] : detect, records: records.map(quickRule) }
}

function quickRule({ when, application, dns, name, server, url, mark }: RecordRule): RecordRule {
  return {
    ...{ when, application, name, server, url, time: [] },
    dns: dns && { query: dns.query },
    mark: mark && { kind: mark.kind, event: mark.event },
  }
}
