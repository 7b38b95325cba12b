import fc from 'fast-check'

/**
 * The generator of random cases that tests share. The same cases are tried everywhere, so that a failure can be repeated;
 * PROPERTY_SEED tries others.
 */
const seed = Number(process.env.PROPERTY_SEED ?? 20261122)
fc.configureGlobal({ seed })

export { fc }
