import { writeFileSync } from 'node:fs'
import { loadSignatures } from '../classify/load.ts'
import { BUNDLED_SIGNATURES, COMPILED_SIGNATURES } from './signature-set.ts'

// A step of the build: the signatures that come with the program, checked once, so that it starts without checking
// them.
writeFileSync(COMPILED_SIGNATURES, JSON.stringify(loadSignatures(BUNDLED_SIGNATURES)))
