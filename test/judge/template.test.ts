import { expect, test } from 'vitest'
import { parsePolicy } from '../../src/judge/load.ts'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import { POLICY_TEMPLATE } from '../../src/judge/template.ts'

test('the policy to start from passes its own check and has something in every section', () => {
  const policy = parsePolicy(POLICY_TEMPLATE, 'policy.yaml')
  const { sites, networks, gateways, exclusions, inputs, rules } = policy
  for (const list of [sites, networks, gateways, exclusions.cidrs, exclusions.users, inputs, rules]) {
    expect(list.length).toBeGreaterThan(0)
  }
})

test('without a policy four categories are prohibited from 1970 on, and no place is known', () => {
  expect(NO_POLICY).toMatchObject({
    organisation: 'no policy given',
    inForce: 0,
    networks: [],
    gateways: [],
    inputs: [],
    rules: [
      { ruling: 'prohibited', apps: [], categories: ['messaging', 'private-mail', 'file-sharing', 'concealment'] },
    ],
    file: '',
  })
})
