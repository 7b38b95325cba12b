/** The first day that the format can name, 1980-01-01, as date and time in 32 bits (PKWARE APPNOTE §4.4.6). */
const FIRST_TIME = 0x0021_0000

const END = 0x0605_4b50
const END_LENGTH = 22
const ENTRY = 0x0201_4b50

/**
 * Sets the times of all entries of a ZIP archive without a comment (PKWARE APPNOTE §4.3) to one and the same, in place, so
 * that the same content gives the same bytes. Throws where it is no such archive.
 */
export function withoutTimes(archive: Buffer): Buffer {
  const end = archive.length - END_LENGTH
  if (end < 0 || archive.readUInt32LE(end) !== END) throw new Error('no end of central directory where it is expected')
  const count = archive.readUInt16LE(end + 10)
  let at = archive.readUInt32LE(end + 16)
  for (let n = 0; n < count; n++) {
    if (archive.readUInt32LE(at) !== ENTRY) throw new Error('no entry of the central directory where it is expected')
    archive.writeUInt32LE(FIRST_TIME, at + 12)
    archive.writeUInt32LE(FIRST_TIME, archive.readUInt32LE(at + 42) + 10)
    at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return archive
}
