import { once } from 'node:events'
import { quote } from '../ssh/quote.ts'
import type { HostPort, RemoteProcess } from '../steps/kind.ts'
import { type EntryTarget, entryNames, pointEntry } from './databases-file.ts'
import { EntryUnknownError } from './errors.ts'

/** The file of database lines on the entry host, as it was and as it will be, with the change prepared beside it. */
export interface PreparedSwitch {
  /** Puts the prepared file in place: one rename by a shell that is open already. */
  apply(): Promise<void>
  /** Puts the file back as it was. */
  revert(): Promise<void>
  /** Removes what was prepared and closes the shell. The file stays as it is. */
  discard(): Promise<void>
}

/** Writes the file with an entry pointed at `target`, at once. @throws EntryUnknownError */
export async function writeEntry(
  host: HostPort,
  file: string,
  entry: string,
  target: EntryTarget,
): Promise<'written' | 'already so'> {
  const found = (await host.readFile(file)).toString('utf8')
  const wanted = pointed(found, file, entry, target)
  if (wanted === found) return 'already so'
  await replaceFile(host, file, wanted)
  return 'written'
}

/** Replaces a file by rename; mode and, where it may, owner stay those of the file it replaces. */
export async function replaceFile(host: HostPort, file: string, content: string): Promise<void> {
  const draft = `${file}.qianyun`
  await host.run(
    `set -e; cp -p -- ${quote(file)} ${quote(draft)}; cat >${quote(draft)}; sync ${quote(draft)} 2>/dev/null || sync; mv -f -- ${quote(draft)} ${quote(file)}`,
    {
      stdin: content,
    },
  )
}

/**
 * Prepares a switch: both files lie ready on the host, and a shell waits there for one line. In the gap that line costs
 * a round trip instead of a new SSH session.
 */
export async function prepareSwitch(
  host: HostPort,
  file: string,
  entry: string,
  target: EntryTarget,
): Promise<PreparedSwitch> {
  const before = (await host.readFile(file)).toString('utf8')
  const after = pointed(before, file, entry, target)
  const next = `${file}.qianyun-next`
  const last = `${file}.qianyun-last`
  for (const [path, content] of [
    [next, after],
    [last, before],
  ] as const) {
    await host.run(
      `set -e; rm -f -- ${quote(path)}; cp -p -- ${quote(file)} ${quote(path)}; cat >${quote(path)}; sync ${quote(path)} 2>/dev/null || sync`,
      {
        stdin: content,
      },
    )
  }
  const shell = await host.start(waitingShell(file, next, last))
  shell.stderr.resume()
  await expectLine(shell, 'ready')
  return {
    apply: async () => order(shell, 'apply'),
    revert: async () => order(shell, 'revert'),
    discard: async () => {
      shell.stdin.end()
      await shell.ended.catch(() => undefined)
      await host.run(`rm -f -- ${quote(next)} ${quote(last)}`)
    },
  }
}

const waitingShell = (
  file: string,
  next: string,
  last: string,
) => `put() { mv -f -- "$1" ${quote(file)} && echo done || echo failed; }
echo ready
while read -r order; do
  case $order in
    apply) put ${quote(next)} ;;
    revert) put ${quote(last)} ;;
  esac
done
`

async function order(shell: RemoteProcess, word: 'apply' | 'revert'): Promise<void> {
  const answered = expectLine(shell, 'done')
  shell.stdin.write(`${word}\n`)
  await answered
}

async function expectLine(shell: RemoteProcess, line: string): Promise<void> {
  const answer = (await Promise.race([
    once(shell.stdout, 'data'),
    shell.ended.then((code) => {
      throw new Error(`the shell on the entry host ended with exit code ${code}`)
    }),
  ])) as [Buffer]
  const said = answer[0].toString('utf8').trim()
  if (said !== line)
    throw new Error(`the shell on the entry host said "${said}" where "${line}" was expected`)
}

function pointed(content: string, file: string, entry: string, target: EntryTarget): string {
  const wanted = pointEntry(content, entry, target)
  if (wanted === undefined) throw new EntryUnknownError(entry, file, entryNames(content))
  return wanted
}
