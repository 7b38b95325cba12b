import { expect, test } from 'vitest'
import { signatureJsonSchema } from '../../src/classify/schema.ts'
import { CATEGORIES } from '../../src/model/signature.ts'

test('the JSON Schema for editors names every key, refuses others, and leaves optional what may be left out', () => {
  const schema = signatureJsonSchema() as {
    properties: Record<string, { enum?: string[]; items?: { required: string[]; additionalProperties: boolean } }>
    required: string[]
    additionalProperties: boolean
  }
  expect(schema.additionalProperties).toBe(false)
  expect(schema.properties.category?.enum).toEqual([...CATEGORIES])
  expect(schema.required).not.toContain('false-positives')
  expect(schema.required).not.toContain('tests')
  expect(schema.required).toEqual(expect.arrayContaining(['id', 'name', 'indicators']))
  expect(schema.properties.indicators?.items).toMatchObject({
    required: ['type', 'value', 'role', 'strength', 'sources'],
    additionalProperties: false,
  })
})
