import { onHost } from '../../../domain/secret-use.ts'
import { dirname } from 'node:path/posix'
import { assertFits, textOf } from '../../ssh/file-text.ts'
import { quote } from '../../ssh/quote.ts'
import { rootHost } from '../../ssh/root-host.ts'
import { digestOf, noFile } from '../../ssh/replace-file.ts'
import { carryOutOrReplan } from '../carry-out.ts'
import type { Command, HostPort, StepContext } from '../kind.ts'
import { identityOf, keepScript, putBackScript } from '../before.ts'
import { assertNoHalfCharacter, edited, textsOf } from './edit.ts'
import { WrongKindOfFileError } from './errors.ts'
import { implementKind } from '../implement-kind.ts'
import { type FileParams, type FileFacts, file } from './params.ts'

/** Carries {@link file} out. */
export const implementation = implementKind<FileParams, FileFacts>(file, {
  interrupted: () => 'plan-again',
  gather,
  keep: ({ content: _content, filled: _filled, digest: _digest, ...facts }) => facts,
  plan,
  undo: (params, before) => byRights(params, undoing(params, before)),
  async carryOut(params, facts, commands, context) {
    await carryOutOrReplan(await withSecret(commands, params, facts, context), context, async () => {
      const now = await gather(params, context)
      return withSecret(plan(params, now), params, now, context)
    })
    return { changed: true, path: params.path }
  },
})

function undoing(params: FileParams, before: FileFacts): readonly Command[] {
  const { host, path, state } = params
  const shell = (title: string, script: string): Command => ({ do: 'shell', host, title, script })
  if (before.kind === 'absent') {
    if (state === 'absent') return []
    return state === 'directory'
      ? [shell(`remove ${path} if it is empty`, `rmdir ${quote(path)} 2>/dev/null || true`)]
      : [shell(`remove ${path}`, `rm -f ${quote(path)}`)]
  }
  if (before.replaces !== true) return resetAttributes(params, before)
  const script = putBackScript(path, before.backup, before.identity ?? '', state === 'absent')
  return [shell(`put ${path} back`, script)]
}

function plan(params: FileParams, facts: FileFacts): readonly Command[] {
  return byRights(params, planned(params, facts))
}

/** The commands with the rights that the step acts with. */
function byRights({ asRoot }: FileParams, commands: readonly Command[]): readonly Command[] {
  return asRoot
    ? commands.map((command) => (command.do === 'procedure' ? command : { ...command, asRoot }))
    : commands
}

function planned(params: FileParams, facts: FileFacts): readonly Command[] {
  if (params.state === 'absent') return facts.kind === 'absent' ? [] : [keep(params, facts), remove(params)]
  if (params.state === 'directory') return [...planDirectory(params, facts), ...planOwner(params, facts)]
  return [...planContent(params, facts), ...planOwner(params, facts)]
}

async function gather(params: FileParams, context: StepContext): Promise<FileFacts> {
  const login = context.host(params.host)
  const host = params.asRoot ? rootHost(login) : login
  const found = await look(host, params, context)
  const { path, state, template } = params
  const fits = state === 'absent' || found.kind === 'absent' || found.kind === state
  if (!fits) throw new WrongKindOfFileError(host.name, path, found.kind, state)
  const held = found.kind === 'file' && state === 'file' ? await host.readFile(path) : undefined
  const secret =
    params.secret === undefined ? undefined : await context.secret(params.secret, onHost(host.address))
  const facts = {
    ...found,
    ...(held === undefined || secret !== undefined ? {} : { content: textOf(held) }),
    ...(held === undefined ? {} : { digest: digestOf(held) }),
    ...(template === undefined ? {} : { filled: context.fill(context.playbookFile(template)) }),
    ...(secret === undefined ? {} : { holdsSecret: held?.equals(Buffer.from(secret)) === true }),
  }
  return { ...facts, replaces: plan(params, facts).some(({ title }) => title === keepTitle(params)) }
}

/** Puts the secret into the command only now, after everything that is shown or kept has been made. */
async function withSecret(
  commands: readonly Command[],
  { host, path, secret, mode, asRoot }: FileParams,
  facts: FileFacts,
  context: StepContext,
): Promise<readonly Command[]> {
  if (secret === undefined) return commands
  const content = await context.secret(secret, onHost(context.host(host).address))
  return commands.map((command) =>
    command.do === 'procedure'
      ? {
          do: 'write-file',
          host,
          title: command.title,
          path,
          content,
          mode: fourDigits(mode) ?? facts.mode ?? '0600',
          expected: facts.digest ?? noFile,
          ...(asRoot && { asRoot }),
        }
      : command,
  )
}

async function look(host: HostPort, { path, state }: FileParams, context: StepContext): Promise<FileFacts> {
  const { stdout } = await host.run(
    `path=${quote(path)}
if [ -d "$(dirname "$path")" ]; then echo parent; else echo none; fi
printf '%s\\n' "$HOME"
if [ -e "$path" ]; then stat -L -c '%a %U:%G %F' -- "$path"
elif [ -L "$path" ]; then echo dangling
else echo absent; fi
${identityOf('"$path"')}`,
    { signal: context.signal },
  )
  const [parent, home, found = 'absent', identity = ''] = stdout.split('\n')
  const run = [context.runId, context.stepId].map(encodeURIComponent).join('/')
  const base = { parentExists: parent === 'parent', backup: `${home ?? ''}/.qianyun/before/${run}`, identity }
  const [, mode, owner, what] = /^(\d+) (\S+) (.*)$/.exec(found) ?? []
  if (mode === undefined || owner === undefined) {
    // A dangling link can be removed, and a file can be written through it.
    return { kind: found === 'dangling' && state === 'absent' ? 'other' : 'absent', ...base }
  }
  const kind = what === 'directory' ? 'directory' : what?.startsWith('regular') === true ? 'file' : 'other'
  return { kind, mode: mode.padStart(4, '0'), owner, ...base }
}

function planDirectory(params: FileParams, facts: FileFacts): readonly Command[] {
  const { host, path } = params
  const mode = fourDigits(params.mode)
  if (facts.kind === 'directory')
    return mode === undefined || mode === facts.mode ? [] : [changeMode(params, mode)]
  const change = mode === undefined ? '' : `\nchmod ${quote(mode)} ${quote(path)}`
  return [
    {
      do: 'shell',
      host,
      title: `make the folder ${path}`,
      script: `set -e\nmkdir -p ${quote(path)}${change}`,
    },
  ]
}

function planContent(params: FileParams, facts: FileFacts): readonly Command[] {
  const { host, path } = params
  const mode = fourDigits(params.mode)
  const content = params.secret === undefined ? wantedContent(params, facts) : undefined
  const same = params.secret === undefined ? content === facts.content?.text : facts.holdsSecret === true
  if (same && facts.kind === 'file')
    return mode === undefined || mode === facts.mode ? [] : [changeMode(params, mode)]
  const title = `${facts.kind === 'absent' ? 'write' : 'change'} ${path}`
  const folder: Command[] = facts.parentExists
    ? []
    : [
        {
          do: 'shell',
          host,
          title: `make the folder ${dirname(path)}`,
          script: `mkdir -p ${quote(dirname(path))}`,
        },
      ]
  const write: Command =
    params.secret === undefined
      ? {
          do: 'write-file',
          host,
          title,
          path,
          content: written(params, facts, content ?? ''),
          mode: mode ?? facts.mode ?? '0644',
          expected: facts.digest ?? noFile,
          shownAs: shownContent(params, content ?? ''),
        }
      : { do: 'procedure', name: 'write-secret', title: `${title} with the secret "${params.secret}"` }
  return [...folder, ...(facts.kind === 'absent' ? [] : [keep(params, facts)]), write]
}

/** An edited file keeps its encoding; a whole new one is UTF-8. */
function written(params: FileParams, { content }: FileFacts, text: string): string | Buffer {
  return editsOf(params) && content?.encoding === 'latin1' ? Buffer.from(text, 'latin1') : text
}

function editsOf({ values, lines, replace }: FileParams): boolean {
  return (values ?? lines ?? replace) !== undefined
}

/** @throws NotUtf8Error when an edit does not fit into the file's encoding */
function wantedContent(params: FileParams, facts: FileFacts): string | undefined {
  if (params.content !== undefined) return params.content
  if (params.template !== undefined) return facts.filled
  if (!editsOf(params)) return facts.content?.text
  const { text, encoding } = facts.content ?? { text: '', encoding: 'utf8' }
  assertFits(params.path, encoding, textsOf(params))
  if (encoding === 'latin1') assertNoHalfCharacter(params.path, text, params)
  return edited(text, params)
}

function shownContent(params: FileParams, content: string): string {
  if (!editsOf(params)) return content
  const { values, lines, replace } = params
  const shown = [
    ...Object.entries(values ?? {}).map(([key, value]) =>
      value === null ? `- ${key}=` : `+ ${key}=${String(value)}`,
    ),
    ...(lines?.absent ?? []).map((line) => `- ${line}`),
    ...(lines?.present ?? []).map((line) => `+ ${line}`),
    ...(replace ?? []).map(({ find, with: wanted }) => `${find} → ${wanted}`),
  ]
  return shown.join('\n')
}

function planOwner(params: FileParams, facts: Pick<FileFacts, 'owner'>): readonly Command[] {
  const { host, path, owner } = params
  if (owner === undefined || facts.owner === owner || facts.owner?.startsWith(`${owner}:`) === true) return []
  return [
    { do: 'shell', host, title: `give ${path} to ${owner}`, script: `chown ${quote(owner)} ${quote(path)}` },
  ]
}

function keepTitle({ path }: FileParams): string {
  return `keep ${path} as it was`
}

function keep(params: FileParams, { backup }: FileFacts): Command {
  const script = keepScript(params.path, backup, params.state === 'file')
  return { do: 'shell', host: params.host, title: keepTitle(params), script }
}

function remove({ host, path }: FileParams): Command {
  return { do: 'shell', host, title: `remove ${path}`, script: `rm -rf ${quote(path)}` }
}

function changeMode({ host, path }: FileParams, mode: string): Command {
  return {
    do: 'shell',
    host,
    title: `set the mode of ${path} to ${mode}`,
    script: `chmod ${quote(mode)} ${quote(path)}`,
  }
}

/** The commands that restore mode and owner, as far as the step changed them. */
function resetAttributes(params: FileParams, { mode, owner }: FileFacts): readonly Command[] {
  const changedMode = params.mode !== undefined && mode !== undefined && fourDigits(params.mode) !== mode
  const changedOwner = owner !== undefined && planOwner(params, { owner }).length > 0
  return [
    ...(changedOwner ? planOwner({ ...params, owner }, {}) : []),
    ...(changedMode ? [changeMode(params, mode)] : []),
  ]
}

function fourDigits(mode: string | undefined): string | undefined {
  return mode?.padStart(4, '0')
}
