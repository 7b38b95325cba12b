import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { KERNELS, kernelModule } from '../../src/base/assembly/compile.js'

test.each(KERNELS)('$module is what its source compiles to', async ({ source, module }) => {
  expect(readFileSync(module, 'utf8')).toBe(await kernelModule(source))
})
