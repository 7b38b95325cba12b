import { Argument, type Command, type Option } from 'commander'
import type { Terminal } from './terminal.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]

/** `offchannel completion`: a script that teaches a shell the commands and options; files complete as ever. */
export function addCompletionCommand(program: Command, terminal: Terminal): void {
  program
    .command('completion')
    .summary('print a completion script for a shell')
    .description('Prints a script that teaches a shell the commands, options and their choices.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  source <(offchannel completion bash)                                       in ~/.bashrc
  source <(offchannel completion zsh)                                        in ~/.zshrc
  offchannel completion fish > ~/.config/fish/completions/offchannel.fish`,
    )
    .action((shell: Shell) => terminal.out(shell === 'fish' ? fishScript(program) : bashScript(program, shell)))
}

/** A command by the words that lead to it, with what may follow. */
interface Place {
  readonly path: string
  readonly commands: readonly Command[]
  readonly options: readonly Option[]
  /** Words that its arguments may be. */
  readonly choices: readonly string[]
}

function placesOf(command: Command, path = '', inherited: readonly Option[] = []): Place[] {
  const options = [...command.options, ...inherited]
  const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? [])
  const commands = command.commands
  const below = commands.flatMap((sub) => placesOf(sub, path === '' ? sub.name() : `${path} ${sub.name()}`, options))
  return [{ path, commands, options, choices }, ...below]
}

function flagsOf(option: Option): string[] {
  return [option.long, option.short].filter((flag) => flag !== undefined)
}

/** All words in it are names of ours (letters, digits, dashes): nothing needs quoting. */
function bashScript(program: Command, shell: 'bash' | 'zsh'): string {
  const places = placesOf(program)
  const values = new Map(
    places.flatMap(({ options }) =>
      options.flatMap((option) => flagsOf(option).map((flag) => [flag, option.argChoices] as const)),
    ),
  )
  const cases = [...values]
    .filter(([, choices]) => choices !== undefined)
    .map(([flag, choices]) => `    ${flag}) words="${choices!.join(' ')}" ;;`)
  const paths = places.map(({ path, commands, options, choices }) => {
    const words = [...commands.map((command) => command.name()), ...choices, ...options.flatMap(flagsOf), '--help']
    return `      "${path}") words="${words.join(' ')}" ;;`
  })
  const groups = places.filter(({ path, commands }) => path !== '' && commands.length > 0).map(({ path }) => path)
  return `${shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_offchannel() {
  local words="" path="\${COMP_WORDS[1]}"
  case "$path" in ${groups.join('|')}) [ "$COMP_CWORD" -gt 2 ] && path="$path \${COMP_WORDS[2]}" ;; esac
  [ "$COMP_CWORD" -eq 1 ] && path=""
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${cases.join('\n')}
    *) case "$path" in
${paths.join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _offchannel offchannel`
}

function fishScript(program: Command): string {
  const lines = placesOf(program).flatMap(({ path, commands, options, choices }) => {
    const words = path.split(' ')
    const here =
      path === '' ? '__fish_use_subcommand' : words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
    const command = `complete -c offchannel -n '${here}'`
    return [
      ...commands.map((sub) => `${command} -f -a ${sub.name()} -d ${quoted(sub.summary() || sub.description())}`),
      ...choices.map((choice) => `${command} -f -a ${choice}`),
      ...options.map((option) => {
        const value = option.argChoices ? ` -x -a '${option.argChoices.join(' ')}'` : option.required ? ' -r' : ''
        return `${command} -l ${option.long!.slice(2)} -d ${quoted(option.description)}${value}`
      }),
    ]
  })
  return lines.join('\n')
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
