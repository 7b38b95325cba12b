/** For a protocol whose messages can begin with any byte. */
export const ANY_BYTE: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte)
