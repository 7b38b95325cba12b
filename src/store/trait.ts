import { type Action, MEANS, type Means } from '../model/observation.ts'

/** Their order is stored: append, never reorder. */
const ACTIONS: readonly Action[] = ['', 'allowed', 'blocked']

/**
 * Indicator, means and action in one integer: `indicator * 128 + means * 4 + action`, means and action as their places
 * in their lists. There is room for 32 means and 4 actions.
 */
export function packTrait(indicator: number, means: Means, action: Action): number {
  return indicator * 128 + MEANS.indexOf(means) * 4 + ACTIONS.indexOf(action)
}

export function indicatorOf(trait: number): number {
  return Math.floor(trait / 128)
}

/** Throws where the trait was written by a newer version that knows more means. */
export function meansOf(trait: number): Means {
  const means = MEANS[(trait >> 2) & 31]
  if (means === undefined) throw new RangeError(`trait ${trait} has no means`)
  return means
}

export function actionOf(trait: number): Action {
  const action = ACTIONS[trait & 3]
  if (action === undefined) throw new RangeError(`trait ${trait} has no action`)
  return action
}
