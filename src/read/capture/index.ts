import type { CaptureFormat } from '../../model/reader.ts'
import { pcap } from './pcap.ts'
import { pcapng } from './pcapng.ts'

/** Every capture format that can be read: a file and a line here add one. */
export const captureFormats: readonly CaptureFormat[] = [pcap, pcapng]
