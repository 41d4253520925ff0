import { spawn } from 'node:child_process'
import { userInfo } from 'node:os'
import { LabCommandError, LabNeedsRootError } from '../errors.ts'

/** A user of this machine. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

export interface RunOptions {
  readonly input?: string | Buffer
  /** The whole environment; nothing of ours is passed on. */
  readonly env?: Readonly<Record<string, string>>
}

export const root: Account = { name: 'root', uid: 0, gid: 0 }

const plainEnv = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }

/** Acts as the users of the lab's hosts: directly where we are root, else through `sudo -n`. */
export class Privilege {
  private constructor(private readonly isRoot: boolean) {}

  /** Throws LabNeedsRootError where neither way is open. */
  static async acquire(): Promise<Privilege> {
    if (process.getuid?.() === 0) return new Privilege(true)
    const me = userInfo()
    try {
      await execute('sudo', ['-n', 'true'], me.username, {}, {})
    } catch {
      throw new LabNeedsRootError(me.username)
    }
    return new Privilege(false)
  }

  /** Runs a program to its end as that user, in `/`. Gives what it printed; throws LabCommandError when it fails. */
  async run(
    account: Account,
    program: string,
    args: readonly string[],
    options: RunOptions = {},
  ): Promise<string> {
    const env = options.env ?? plainEnv
    if (this.isRoot) {
      return execute(program, args, account.name, { uid: account.uid, gid: account.gid, env }, options)
    }
    const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    const whole = ['-n', '-u', account.name, '--', '/usr/bin/env', '-i', ...assignments, program, ...args]
    return execute('sudo', whole, account.name, {}, options)
  }

  /** Runs a shell script to its end. The script travels on standard input, so that what is in it shows in no process list. */
  script(account: Account, text: string, env?: RunOptions['env']): Promise<string> {
    return this.run(account, '/bin/sh', ['-s'], { input: text, ...(env === undefined ? {} : { env }) })
  }
}

interface As {
  readonly uid?: number
  readonly gid?: number
  readonly env?: Readonly<Record<string, string>>
}

function execute(
  program: string,
  args: readonly string[],
  user: string,
  as: As,
  { input }: RunOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: '/', stdio: ['pipe', 'pipe', 'pipe'], ...as })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    // A program may end before it has read all its input; its exit code tells.
    child.stdin.on('error', () => undefined)
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'))
      else reject(new LabCommandError(user, program, code, Buffer.concat(err).toString('utf8')))
    })
    child.stdin.end(input)
  })
}

/** Quotes one word for a shell script of the lab. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
