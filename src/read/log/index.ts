import type { LogFormat } from '../../model/reader.ts'
import { squidCommon } from './formats/squid-common.ts'
import { squidNative } from './formats/squid-native.ts'
import { zeekDns } from './formats/zeek-dns.ts'
import { zeekSsl } from './formats/zeek-ssl.ts'

/** Every log format that is read; a new one is a file in formats/ and a line here. */
export const logFormats: readonly LogFormat[] = [squidNative, squidCommon, zeekDns, zeekSsl]
