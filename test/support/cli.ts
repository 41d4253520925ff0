import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'

import { writeContexts, type Context } from '../../config/contexts.ts'
import type { TestApi } from './api.ts'
import type { Person } from './credentials.ts'

const program = join(import.meta.dirname, '..', '..', 'cli', 'qianyun.mjs')

export interface CliRun {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** What `--json` printed. */
  readonly json: unknown
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Ctrl-C, once standard error says this. */
  readonly interruptAt?: string
}

/** The program as people call it, in a process of its own, with a home folder that has a context for everybody. */
export interface TestCli {
  readonly home: string
  run(args: readonly string[], options?: CliOptions): Promise<CliRun>
  /** As `run`, by the context of this person; ends in an error when the program does not end with 0. */
  as(person: Person, ...args: readonly string[]): Promise<CliRun>
  /** Writes a file into the home folder and gives its path. */
  file(name: string, content: string | Uint8Array): string
}

export function useCli(api: TestApi): TestCli {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'qianyun-cli-'))
    mkdirSync(join(home, 'accounts'), { mode: 0o700 })
    const contexts = Object.entries(api.people).map(([person, { actor, token, privateKey }]) => {
      const { account, role } = actor
      const tokenFile = join(home, 'accounts', `${account}.token`)
      const keyFile = join(home, 'accounts', `${account}.key`)
      writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 })
      writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
      const context: Context = { server: api.url, account, role, tokenFile, keyFile }
      return [contextName(person), context] as const
    })
    writeContexts(join(home, 'context.json'), {
      current: 'coordinator',
      contexts: Object.fromEntries(contexts),
    })
  })
  afterAll(() => {
    rmSync(home, { recursive: true, force: true })
  })
  const run = (args: readonly string[], options: CliOptions = {}) => runCli(args, home, options)
  return {
    get home() {
      return home
    },
    run,
    as: async (person, ...args) => {
      const ran = await run([...args, '--context', contextName(person)])
      if (ran.exitCode !== 0)
        throw new Error(`qianyun ${args.join(' ')}: ${ran.exitCode}\n${ran.stderr}${ran.stdout}`)
      return ran
    },
    file: (name, content) => {
      const path = join(home, name)
      writeFileSync(path, content)
      return path
    },
  }
}

/** Contexts are named in lower case. */
const contextName = (person: string): string =>
  person.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Runs the program in an environment that says nothing of language, colour or the person who runs the test. */
export async function runCli(
  args: readonly string[],
  home: string,
  { env, input, interruptAt }: CliOptions = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], HOME: home, QIANYUN_HOME: home, LANG: 'C', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(input ?? '')
  if (interruptAt !== undefined) interrupt(child, interruptAt)
  const [stdout, stderr, exitCode] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1))),
  ])
  return {
    exitCode,
    stdout,
    stderr,
    get json(): unknown {
      const document: unknown = JSON.parse(stdout)
      return document
    },
  }
}

function interrupt(child: ChildProcess, at: string): void {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    if (said.includes(at)) return
    said += chunk.toString('utf8')
    if (said.includes(at)) child.kill('SIGINT')
  })
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(Buffer.from(part as Uint8Array))
  return Buffer.concat(parts).toString('utf8')
}
