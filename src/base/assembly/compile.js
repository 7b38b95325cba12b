// @ts-check
/** `npm run kernels`: compiles each kernel and writes it as a module beside its folder, for it is a part of the bundle. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const SOURCES = ['../line-scan/assembly/index.ts', '../../read/log/fields/json-scan/assembly/index.ts']

/** The source of each kernel, and the module that is made of it. */
export const KERNELS = SOURCES.map((source) => {
  const url = new URL(source, import.meta.url)
  return { source: fileURLToPath(url), module: fileURLToPath(new URL('../kernel.ts', url)) }
})

/**
 * The text of a kernel's module: the same sources and the same compiler give the same.
 *
 * @param {string} source
 * @returns {Promise<string>}
 */
export async function kernelModule(source) {
  /** @type {Map<string, Uint8Array>} */
  const written = new Map()
  const memory = ['--importMemory', '--initialMemory', '1']
  const { error, stderr } = await asc.main(
    [source, '--outFile', 'kernel.wasm', '--runtime', 'stub', '-O3', '--noAssert', '--enable', 'simd', ...memory],
    { writeFile: (name, contents) => void written.set(name, Buffer.from(contents)) },
  )
  const binary = written.get('kernel.wasm')
  if (error !== null || binary === undefined) throw new Error(`${error?.message}\n${stderr.toString()}`)
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,112}/g) ?? []
  return [
    '/** What assembly/index.ts compiles to, in base64: made by `npm run kernels`, never by hand. */',
    'export const KERNEL = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('')",
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { source, module } of KERNELS) writeFileSync(module, await kernelModule(source))
}
