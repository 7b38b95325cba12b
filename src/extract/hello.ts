import { NAME_LIMIT } from '../base/name.ts'
import type { Means } from '../model/observation.ts'
import type { Named } from './openers/opener.ts'
import type { ClientHello } from './tls.ts'

/**
 * Reads the ClientHello that was found and says what it names, as these means.
 * @param whole false where a part of it is missing: what is there can still hold the name.
 */
export function readHello(hello: ClientHello, means: Means, whole: boolean, into: Named): void {
  const fits = hello.read()
  if (!whole) into.count('client_hello_incomplete')
  else if (!fits) into.count('client_hello_damaged')
  if (hello.encrypted) into.count('client_hello_encrypted')
  nameHost(means, hello.bytes, hello.nameStart, hello.nameEnd, hello.encrypted, into)
}

/** Says the server name that stands in `bytes[start…end)`, or counts why there is none. */
export function nameHost(
  means: Means,
  bytes: Uint8Array,
  start: number,
  end: number,
  encryptedHello: boolean,
  into: Named,
): void {
  if (end === start) into.count('client_hello_without_name')
  else if (end - start > NAME_LIMIT) into.count('client_hello_name_too_long')
  else into.name(means, bytes, start, end, encryptedHello)
}
