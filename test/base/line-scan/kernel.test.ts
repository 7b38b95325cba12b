import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kernelModule } from '../../../src/base/line-scan/assembly/compile.js'

test('the kernel is what its source compiles to', async () => {
  const module = readFileSync(new URL('../../../src/base/line-scan/kernel.ts', import.meta.url), 'utf8')
  expect(module).toBe(await kernelModule())
})
