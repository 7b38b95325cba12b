/**
 * The public API: read captures and logs, and recognise apps in what they name. Until version 1.0 it may change with
 * any minor version.
 *
 * ```ts
 * const { chunks, format, close } = await openInput('office.pcap', { standardInput: process.stdin, hashUnpacked:
 * false }) const classifier = new Classifier(loadSignatures('signatures'))
 * if (format) await readInput(chunks, format, { observe: ({ name }) => console.log(name, classifier.matchName(name)) })
 * close()
 * ```
 *
 * An observation is one object that is used again: what is kept of it is copied before `observe` returns.
 */

export { OffchannelError } from './base/errors.ts'
export { Classifier } from './classify/classifier.ts'
export { loadSignatures } from './classify/load.ts'
export type { InputSink, InputSummary } from './input.ts'
export type { Action, Means, Observation, ObservationSink, Transport } from './model/observation.ts'
export type { CaptureFormat, Damage, Format, LogFormat } from './model/reader.ts'
export type { Indicator, Match, Signature, SignatureSet } from './model/signature.ts'
export { readInput } from './pipeline.ts'
export { formats } from './read/detect.ts'
export { type OpenInput, openInput } from './read/open.ts'
