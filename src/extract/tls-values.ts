/** https://www.iana.org/assignments/tls-parameters and tls-extensiontype-values */
export const CONTENT_HANDSHAKE = 22

export const HANDSHAKE_CLIENT_HELLO = 1
export const HANDSHAKE_SERVER_HELLO = 2
export const HANDSHAKE_CERTIFICATE = 11

export const EXTENSION_SERVER_NAME = 0
export const EXTENSION_SIGNATURE_ALGORITHMS = 13
export const EXTENSION_USE_SRTP = 14
export const EXTENSION_ALPN = 16
export const EXTENSION_SESSION_TICKET = 35
export const EXTENSION_PRE_SHARED_KEY = 41
export const EXTENSION_SUPPORTED_VERSIONS = 43
export const EXTENSION_ENCRYPTED_CLIENT_HELLO = 0xfe0d
/** Drafts of Encrypted Client Hello up to the sixth hid the name alone. */
export const EXTENSION_ENCRYPTED_SERVER_NAME = 0xffce

export const VERSION_TLS_1_3 = 0x0304
/** DTLS counts downwards. */
export const VERSION_DTLS_1_3 = 0xfefc
/** What Cisco's AnyConnect speaks: a draft from before DTLS 1.0, as OpenSSL knows it by the name `DTLS1_BAD_VER`. */
export const VERSION_DTLS_CISCO = 0x0100

/** Whether a value says nothing and stands only to be ignored (RFC 8701 §2). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff)
}
