// @ts-check
/** Host names for the benchmark: what an office asks for, and a few apps that it should not. */

/** Real hosts of apps, as their clients ask for them. */
export const MESSAGING = [
  'chat.signal.org',
  'cdn2.signal.org',
  'storage.signal.org',
  'g.whatsapp.net',
  'mmg.whatsapp.net',
  'web.whatsapp.com',
  'web.telegram.org',
  'gateway.discord.gg',
  'edge-chat.facebook.com',
  'api.viber.com',
  'g-3a.0.threema.ch',
  'seed1.getsession.org',
]

const HOSTS = ['www', 'api', 'cdn', 'static', 'login', 'assets', 'mail', 'telemetry-ingest-eu-1']
const WORDS =
  'harbour lantern meadow orchard pebble quarry ribbon saddle timber umbrella velvet willow anchor basket candle dial'.split(
    ' ',
  )
const ORDINARY_COUNT = HOSTS.length * WORDS.length * WORDS.length

/** Made-up names under a top-level domain that is nobody's (RFC 2606 §2), each once. */
export const ORDINARY = Array.from({ length: ORDINARY_COUNT }, (_, i) => {
  const word = Math.floor(i / HOSTS.length)
  return `${HOSTS[i % HOSTS.length]}.${WORDS[word % WORDS.length]}-${WORDS[Math.floor(word / WORDS.length)]}.example`
})

/** Those of apps first. */
export const NAMES = [...MESSAGING, ...ORDINARY]

const MESSAGING_SHARE = 0.02

/**
 * The index of a name: one in fifty is of an app; of the others a few are popular and most are not.
 * @param {() => number} next integers from 0 to 2^32 - 1
 */
export function pickName(next) {
  if (next() / 2 ** 32 < MESSAGING_SHARE) return next() % MESSAGING.length
  return MESSAGING.length + Math.floor(ORDINARY.length * (next() / 2 ** 32) ** 3)
}
