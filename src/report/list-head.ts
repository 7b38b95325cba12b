import { formatDay } from '../base/time.ts'
import type { BlockList } from '../model/block-list.ts'

/** What stands at the head of a list, as comments: where it comes from, and nothing that changes from run to run. */
export function headOf({ day, policy, signatures }: BlockList, version: string, comment: string): string {
  const lines = [
    `Made by offchannel ${version}: names of the apps that the policy prohibits on ${formatDay(day)}`,
    `Policy ${policy}`,
    `Signatures ${signatures}`,
  ]
  return lines.map((line) => `${comment} ${line}\n`).join('')
}
