import { type Document, LineCounter, parseDocument } from 'yaml'
import { messageOf } from '../base/errors.ts'
import { offsetInYaml, pathText } from '../base/yaml-place.ts'
import type { SignatureFault } from './schema.ts'

/** What is wrong in a file of a signature folder. */
export interface SignatureProblem {
  /** Name within the folder. */
  readonly file: string
  /** From 1; 0 where it is about the file as a whole. */
  readonly line: number
  readonly message: string
}

/** A YAML file that was parsed: its plain value, undefined where it is no YAML and the problems say why. */
export interface YamlFile {
  readonly plain: unknown
  readonly problems: readonly SignatureProblem[]
  /** Says where in the file a fault stands. */
  locate(fault: SignatureFault): SignatureProblem
}

/** Parses a file of a signature folder; never throws on what is in it. */
export function readYamlFile(file: string, content: string): YamlFile {
  try {
    const { document, lineOf } = parsed(content)
    const problems = document.errors.map((error) => ({
      file,
      line: lineOf(error.pos[0]),
      message: messageOf(error),
    }))
    // Only the text is kept: a parsed file takes fifty times its room, and nearly none is asked for a line.
    let again: ReturnType<typeof parsed> | undefined
    const locate = ({ path, message }: SignatureFault) => {
      again ??= parsed(content)
      return {
        file,
        line: again.lineOf(offsetInYaml(again.document, path)),
        message: path.length > 0 ? `${pathText(path)}: ${message}` : message,
      }
    }
    return { plain: problems.length > 0 ? undefined : document.toJS(), problems, locate }
  } catch (thrown) {
    // Aliases that name no anchor or would multiply without end, and nesting deeper than the stack.
    const problem = { file, line: 1, message: messageOf(thrown) }
    return { plain: undefined, problems: [problem], locate: ({ message }) => ({ file, line: 1, message }) }
  }
}

function parsed(content: string): { readonly document: Document; lineOf(offset: number): number } {
  const counter = new LineCounter()
  const document = parseDocument(content, { lineCounter: counter, prettyErrors: false, stringKeys: true })
  return { document, lineOf: (offset) => counter.linePos(offset).line }
}
