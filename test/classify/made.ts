import { INDICATOR_TYPES, type Indicator, type Signature } from '../../src/model/signature.ts'

/** A signature as short as a test needs it: `made('a', 'suffix a.example', 'exact www.a.example')`. */
export function made(id: string, ...indicators: readonly string[]): Signature {
  return {
    id,
    name: id.toUpperCase(),
    vendor: 'Example',
    category: 'messaging',
    status: 'active',
    maturity: 'experimental',
    revision: 1,
    date: '2026-11-21',
    falsePositives: [],
    indicators: indicators.map(indicator),
    shouldMatch: [],
    shouldNotMatch: [],
  }
}

function indicator(text: string): Indicator {
  const [type, value] = text.split(' ') as [string, string]
  return {
    type: INDICATOR_TYPES.find((known) => known === type)!,
    value,
    role: 'messaging',
    strength: 'supporting',
    sources: ['made up'],
  }
}
