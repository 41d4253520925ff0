import { dirname } from 'node:path/posix'
import { quote } from '../../ssh/quote.ts'
import { replaceFile } from '../../ssh/replace-file.ts'
import { carryOutCommands } from '../carry-out.ts'
import type { Command, HostPort, StepContext, StepKind } from '../kind.ts'
import { edited } from './edit.ts'
import { type FileFacts, FileParams } from './params.ts'

/** A file, folder or absence on a host. What a file held before is kept on that host, for undo. */
export const file: StepKind<FileParams, FileFacts> = {
  name: 'file',
  title: { zh: '文件', en: 'A file' },
  params: FileParams,
  files: ['template'],
  interrupted: () => 'plan-again',
  async gather(params, context) {
    const host = context.host(params.host)
    const found = await look(host, params.path, context)
    const isFile = found.kind === 'file'
    const held = isFile && params.state === 'file' ? await host.readFile(params.path) : undefined
    const template = params.template
    const secret = params.secret === undefined ? undefined : await context.secret(params.secret)
    return {
      ...found,
      ...(held === undefined || secret !== undefined ? {} : { content: held.toString('utf8') }),
      ...(template === undefined ? {} : { filled: context.fill(context.playbookFile(template)) }),
      ...(secret === undefined ? {} : { holdsSecret: held?.toString('utf8') === secret }),
    }
  },
  keep: ({ content: _content, filled: _filled, ...facts }) => facts,
  plan(params, facts) {
    if (params.state === 'absent')
      return facts.kind === 'absent' ? [] : [...backUp(params, facts), remove(params)]
    if (params.state === 'directory') return [...planDirectory(params, facts), ...planOwner(params, facts)]
    return [...planContent(params, facts), ...planOwner(params, facts)]
  },
  undo(params, before) {
    const { host, path } = params
    const shell = (title: string, script: string): Command => ({
      do: 'shell',
      host,
      title,
      script: `set -e\n${script}`,
    })
    if (before.kind === 'absent') {
      return params.state === 'directory'
        ? [shell(`remove ${path} if it is empty`, `rmdir ${quote(path)} 2>/dev/null || true`)]
        : [shell(`remove ${path}`, `rm -f ${quote(path)}`)]
    }
    const saved = quote(before.backup)
    const restore = [
      shell(
        `put ${path} back`,
        `if [ -e ${saved} ]; then cp -a ${saved} ${quote(path)}; rm -rf ${saved}; fi`,
      ),
    ]
    return before.kind === 'directory' && params.state === 'directory' ? resetMode(params, before) : restore
  },
  async carryOut(params, _facts, commands, context) {
    for (const command of commands) {
      if (command.do === 'procedure' && params.secret !== undefined) {
        context.say(command.title)
        const secret = await context.secret(params.secret)
        await replaceFile(context.host(params.host), params.path, secret, { mode: params.mode ?? '0600' })
      } else await carryOutCommands([command], context)
    }
    return { changed: true, path: params.path }
  },
}

async function look(host: HostPort, path: string, context: StepContext): Promise<FileFacts> {
  const { stdout } = await host.run(
    `path=${quote(path)}
if [ -d "$(dirname "$path")" ]; then echo parent; else echo none; fi
printf '%s\\n' "$HOME"
if [ -e "$path" ]; then stat -L -c '%a %U:%G %F' -- "$path"; else echo absent; fi`,
    { signal: context.signal },
  )
  const [parent, home, state = 'absent'] = stdout.split('\n')
  const run = [context.runId, context.stepId].map(encodeURIComponent).join('/')
  const base = { parentExists: parent === 'parent', backup: `${home ?? ''}/.qianyun/before/${run}` }
  const [, mode, owner, what] = /^(\d+) (\S+) (.*)$/.exec(state) ?? []
  if (mode === undefined || owner === undefined) return { kind: 'absent', ...base }
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
  const content = wantedContent(params, facts)
  const same = params.secret === undefined ? content === facts.content : facts.holdsSecret === true
  if (same && facts.kind === 'file') {
    return mode === undefined || mode === facts.mode
      ? []
      : [...backUp(params, facts), changeMode(params, mode)]
  }
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
          content: content ?? '',
          mode: mode ?? facts.mode ?? '0644',
          ...shownEdits(params),
        }
      : { do: 'procedure', name: 'write-secret', title: `${title} with the secret "${params.secret}"` }
  return [...folder, ...backUp(params, facts), write]
}

function wantedContent(params: FileParams, facts: FileFacts): string | undefined {
  if (params.content !== undefined) return params.content
  if (params.template !== undefined) return facts.filled
  const edits = params.values ?? params.lines ?? params.replace
  return edits === undefined ? facts.content : edited(facts.content ?? '', params)
}

function shownEdits({ values, lines, replace }: FileParams): { shownAs?: string } {
  if ((values ?? lines ?? replace) === undefined) return {}
  const shown = [
    ...Object.entries(values ?? {}).map(([key, value]) =>
      value === null ? `- ${key}=` : `+ ${key}=${String(value)}`,
    ),
    ...(lines?.absent ?? []).map((line) => `- ${line}`),
    ...(lines?.present ?? []).map((line) => `+ ${line}`),
    ...(replace ?? []).map(({ find, with: wanted }) => `${find} → ${wanted}`),
  ]
  return { shownAs: shown.join('\n') }
}

function planOwner(params: FileParams, facts: FileFacts): readonly Command[] {
  const { host, path, owner } = params
  if (owner === undefined || facts.owner === owner || facts.owner?.startsWith(`${owner}:`) === true) return []
  return [
    { do: 'shell', host, title: `give ${path} to ${owner}`, script: `chown ${quote(owner)} ${quote(path)}` },
  ]
}

/** Only the first attempt's copy counts: a later one would save what the first has already changed. */
function backUp({ host, path }: FileParams, facts: FileFacts): readonly Command[] {
  if (facts.kind === 'absent') return []
  const saved = quote(facts.backup)
  const script = `set -e\numask 077\nmkdir -p ${quote(dirname(facts.backup))}\n[ -e ${saved} ] || cp -aL ${quote(path)} ${saved}`
  return [{ do: 'shell', host, title: `keep ${path} as it was`, script }]
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

function resetMode(params: FileParams, before: FileFacts): readonly Command[] {
  return params.mode === undefined || before.mode === undefined ? [] : [changeMode(params, before.mode)]
}

function fourDigits(mode: string | undefined): string | undefined {
  return mode?.padStart(4, '0')
}
