import type { AddCommands } from '../command-line/command-line.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { completionMessages as m } from '../messages/completion.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

export const addCompletionCommands: AddCommands = (argv, { say, run }) =>
  shells.reduce(
    (y, shell) =>
      y.command(
        shell,
        say(m[shell]),
        (builder) => builder,
        run((session: Session, _flags: GlobalFlags) => print(session, shell)),
      ),
    argv,
  )

async function print(session: Session, shell: Shell) {
  session.terminal.printBytes(Buffer.from(`${scripts[shell]}\n`))
  return exitCodes.ok
}

/** Each asks the program itself for the words that may follow; where there are none, the shell offers files. */
const scripts: Readonly<Record<Shell, string>> = {
  bash: `# qianyun completion for bash: eval "$(qianyun completion bash)"
_qianyun_complete() {
  local words
  words=$(SHELL=bash qianyun --get-yargs-completions "\${COMP_WORDS[@]}" 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o bashdefault -o default -F _qianyun_complete qianyun`,
  zsh: `#compdef qianyun
# qianyun completion for zsh: eval "$(qianyun completion zsh)"
_qianyun_complete() {
  local words_found
  words_found=("\${(@f)$(SHELL=zsh qianyun --get-yargs-completions "\${words[@]}" 2>/dev/null)}")
  if [[ \${#words_found} -gt 0 && -n "\${words_found[1]}" ]]; then
    _describe 'qianyun' words_found
  else
    _files
  fi
}
compdef _qianyun_complete qianyun`,
  fish: `# qianyun completion for fish: qianyun completion fish | source
function __qianyun_complete
  SHELL=zsh qianyun --get-yargs-completions (commandline -opc) (commandline -ct) 2>/dev/null | string replace -r '(?<!\\\\\\\\):' '\\t'
end
complete -c qianyun -a '(__qianyun_complete)'`,
}
