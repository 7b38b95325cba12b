import type { RecordResult } from '../../../model/reader.ts'

/** Why a record could not be read. */
export const BAD_TIME: RecordResult = { bad: 'bad_time' }
export const BAD_CLIENT: RecordResult = { bad: 'bad_client' }
export const NO_CLIENT: RecordResult = { bad: 'no_client' }
export const BAD_PORT: RecordResult = { bad: 'bad_port' }
export const UNKNOWN_LAYOUT: RecordResult = { bad: 'unknown_layout' }
