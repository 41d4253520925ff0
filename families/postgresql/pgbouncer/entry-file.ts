import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { textOf } from '../../../runner/ssh/file-text.ts'
import { changeFile, digestOf, draftScript, placeFunctions } from '../../../runner/ssh/replace-file.ts'
import type { HostPort, RemoteProcess } from '../../../runner/steps/kind.ts'
import type { PreparedSwitch } from '../entry/entry.ts'
import { type EntryTarget, entryNames, pointEntry } from './databases-file.ts'
import { EntryShellError, EntryUnknownError } from './errors.ts'

const endsWithinMs = 2_000

/** A line of the file, and where it is to lead. */
export interface PointedEntry {
  readonly name: string
  readonly target: EntryTarget
}

/** Points entries of the file at their targets at once; everything else in the file stays. @throws EntryUnknownError */
export async function writeEntries(
  host: HostPort,
  file: string,
  entries: readonly PointedEntry[],
): Promise<void> {
  await changeFile(host, file, (content) => pointed(content, file, entries))
}

/**
 * Prepares a switch: the new file is ready on the host, and a shell waits there for one line. In the gap that line costs a round trip
 * instead of a new SSH session. The shell removes the draft when it ends, for any reason. If the file has changed by the time it is applied,
 * for example because another move has switched its own entry, these entries are changed in the present file.
 */
export async function prepareSwitch(
  host: HostPort,
  file: string,
  entries: readonly PointedEntry[],
): Promise<PreparedSwitch> {
  const before = await host.readFile(file)
  const { text, encoding } = textOf(before)
  const after = Buffer.from(pointed(text, file, entries), encoding)
  const shell = await host.start(waitingShell(file, after.length, digestOf(before)))
  shell.stderr.resume()
  shell.stdin.write(after)
  await answer(shell, ['ready'])
  return {
    apply: async () => {
      const answered = answer(shell, ['done', 'changed'])
      shell.stdin.write('apply\n')
      if ((await answered) === 'changed') await writeEntries(host, file, entries)
    },
    discard: async () => {
      shell.stdin.end()
      const ended = shell.ended.catch(() => undefined)
      const late = sleep(endsWithinMs, 'late' as const, { ref: false })
      // A command that has not run by now must not run later.
      if ((await Promise.race([ended, late])) === 'late') void shell.kill().catch(() => undefined)
    },
  }
}

/** Shell that takes the new content, reports that it is ready, and moves it into place on command. */
function waitingShell(file: string, sizeBytes: number, expected: string): string {
  return `${draftScript(file, sizeBytes)}
${placeFunctions}
echo ready
while read -r _; do
  if place "$path" "$new" ${expected}; then echo done; else echo changed; fi
done
`
}

async function answer<T extends string>(shell: RemoteProcess, words: readonly T[]): Promise<T> {
  const [said] = (await Promise.race([
    once(shell.stdout, 'data'),
    shell.ended.then((code) => {
      throw new EntryShellError({ exitCode: code })
    }),
  ])) as [Buffer]
  const line = said.toString('utf8').trim()
  const word = words.find((one) => one === line)
  if (word === undefined) throw new EntryShellError({ found: line, expected: words })
  return word
}

function pointed(content: string, file: string, entries: readonly PointedEntry[]): string {
  return entries.reduce((text, { name, target }) => {
    const wanted = pointEntry(text, name, target)
    if (wanted === undefined) throw new EntryUnknownError(name, file, entryNames(text))
    return wanted
  }, content)
}
