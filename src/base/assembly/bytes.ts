// AssemblyScript: what kernels share. Bytes are looked at sixteen at a time.

/** Which of 16 bytes are that one, by bits. */
// @ts-ignore: decorator
@inline
export function mask(at: usize, byte: u8): u32 {
  return <u32>i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>byte)))
}

/** Which of 64. */
// @ts-ignore: decorator
@inline
export function block(at: usize, byte: u8): u64 {
  const low = <u64>mask(at, byte) | (<u64>mask(at + 16, byte) << 16)
  return low | (<u64>mask(at + 32, byte) << 32) | (<u64>mask(at + 48, byte) << 48)
}

/** The bits below the lowest one that is set. */
// @ts-ignore: decorator
@inline
export function before(bits: u64): u64 {
  return (bits & (0 - bits)) - 1
}
