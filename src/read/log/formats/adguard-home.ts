import { mappedFormat } from '../mapping/format.ts'

const SAID = {
  time: { from: 'T', as: 'iso' },
  client: 'IP',
  device: 'CID',
  means: 'dns-query',
  dns: { query: 'QH', type: 'QT' },
} as const

/** The query log of AdGuard Home, `querylog.json`. The answers in it are DNS messages in base64, which are not read. */
export const adguardHome = mappedFormat({
  name: 'adguard-home',
  title: 'AdGuard Home query log, JSON',
  documentation: 'https://github.com/AdguardTeam/AdGuardHome/tree/master/internal/querylog',
  verified: true,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: true },
  fields: 'json',
  detect: [{ has: ['T', 'QH', 'QT', 'QC', 'IP'] }],
  records: [
    {
      ...SAID,
      when: { 'Result.IsFiltered': 'true' },
      action: { from: 'Result.IsFiltered', blocked: ['true'] },
    },
    { ...SAID, when: { QH: { set: true } }, action: { from: { value: 'passed' }, allowed: ['passed'] } },
  ],
})
