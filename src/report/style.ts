import type { styleText } from 'node:util'
import type { Severity } from '../model/finding.ts'

/** Colours a text where the output shows colours; gives it as it is where it does not. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string

/** The one meaning of colour in every output. */
export const SEVERITY_STYLE = {
  high: ['red', 'bold'],
  medium: 'yellow',
  low: 'cyan',
  none: 'dim',
} as const satisfies Record<Severity, Parameters<Style>[0]>
