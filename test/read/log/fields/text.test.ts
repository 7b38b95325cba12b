import { describe, expect, test } from 'vitest'
import { TextFields } from '../../../../src/read/log/fields/text.ts'
import { parse } from './parse.ts'

const WANTED = ['text.kind', 'who', 'what', 'rest']
const parser = new TextFields(WANTED, {
  templates: {
    asked: ['{who} asked for {what} of {rest}', '{who} asked for {what}'],
    told: '{who} told {what}',
    other: ['{who} asked {what}', 'asked {who}'],
  },
})

describe('sentences that begin alike', () => {
  test.each([
    ['bob asked for tea of ann', { 'text.kind': 'asked', who: 'bob', what: 'tea', rest: 'ann' }],
    ['bob asked for tea', { 'text.kind': 'asked', who: 'bob', what: 'tea' }],
    ['bob told ann', { 'text.kind': 'told', who: 'bob', what: 'ann' }],
    ['bob asked ann', { 'text.kind': 'other', who: 'bob', what: 'ann' }],
    ['asked ann', { 'text.kind': 'other', who: 'ann' }],
    ['bob asked for ', { 'text.kind': 'other', who: 'bob', what: 'for ' }],
    ['bob sang', 'skip'],
  ])('are told apart, the first that fits counting: %j', (text, expected) => {
    expect(parse(parser, WANTED, text)).toEqual(expected)
  })

  test('do not remember the record before', () => {
    expect(parse(parser, WANTED, 'a long name asked for tea of ann')).toMatchObject({ who: 'a long name' })
    expect(parse(parser, WANTED, 'bob asked for tea of ann')).toMatchObject({ who: 'bob', what: 'tea', rest: 'ann' })
  })
})
