import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { Terminal } from './terminal.ts'
import { fetchNode, folder, makeBase, settingsOfHost, type Distribution } from './base.ts'

const repository = join(import.meta.dirname, '..', '..')

/** Who uses the machine: root; a user who may use sudo without a password, with a closed home; one who may not. */
export type Person = 'root' | 'sudo user' | 'user without sudo'

export interface MachineOptions {
  readonly distribution: Distribution
  readonly person: Person
  readonly node: string
  /** It reaches nothing but a port of this machine, where a proxy listens: at `10.0.2.2` of its own. */
  readonly onlyProxy?: boolean
}

export interface Outcome {
  readonly code: number | null
  readonly output: string
}

/**
 * A machine of its own: a distribution as it is installed, with its own processes, users, network and ports. It is a root
 * folder in namespaces, made anew over the folder that is kept, and is gone when it ends.
 */
export class Machine {
  private constructor(
    readonly options: MachineOptions,
    private readonly pid: number,
    private readonly holders: readonly ChildProcess[],
    private readonly trial: string,
    readonly home: string,
    private readonly user: string,
    /** What was typed and printed. */
    readonly log: string,
  ) {}

  static async make(options: MachineOptions): Promise<Machine> {
    const { distribution, person, node } = options
    const base = makeBase(distribution)
    const nodeFolder = fetchNode(node)
    const name = `${distribution.suite}-${person.replaceAll(' ', '-')}-${node}`
    const trial = join(folder, 'trials', name)
    rmSync(trial, { recursive: true, force: true })
    for (const part of ['upper', 'work', 'root']) mkdirSync(join(trial, part), { recursive: true })
    mkdirSync(join(folder, 'logs'), { recursive: true })
    const holder = spawn(
      'unshare',
      [
        ...['--mount', '--net', '--pid', '--uts', '--fork', '--kill-child', '--propagation', 'private'],
        ...['sh', join(import.meta.dirname, 'enter.sh'), base, trial, nodeFolder],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    const [pid = 0] = readFileSync(`/proc/${String(holder.pid)}/task/${String(holder.pid)}/children`, 'utf8')
      .split(' ')
      .map(Number)
    const open = options.onlyProxy === true ? [] : ['--disable-host-loopback']
    const network = spawn('slirp4netns', ['--configure', ...open, String(pid), 'tap0'], { stdio: 'ignore' })
    const user = person === 'root' ? 'root' : 'li'
    const home = person === 'root' ? '/root' : '/home/li'
    const log = join(folder, 'logs', `${name}.log`)
    rmSync(log, { force: true })
    const machine = new Machine(options, pid, [holder, network], trial, home, user, log)
    await machine.settle()
    return machine
  }

  /** The clone, in the home folder of the person. */
  get clone(): string {
    return join(this.home, 'qianyun')
  }

  /** Runs a command in the clone as the person; gives what it said. */
  run(command: string, { timeoutMs = 900_000, as = this.user } = {}): Promise<Outcome> {
    appendFileSync(this.log, `\n$ ${command}\n`)
    const child = spawn('nsenter', this.entered(as, `cd ${this.clone} 2>/dev/null; ${command}`), {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        appendFileSync(this.log, text)
      })
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
  }

  /** Types a command at a terminal of its own. */
  terminal(command: string): Terminal {
    appendFileSync(this.log, `\n(terminal) $ ${command}\n`)
    const typed = `cd ${this.clone}; exec script --quiet --return --flush --command '${command}' /dev/null`
    return new Terminal(
      spawn('nsenter', this.entered(this.user, typed), { stdio: ['pipe', 'pipe', 'inherit'] }),
      this.log,
    )
  }

  /** What runs, listens, is a user, starts by itself, and lies outside of the checkout: a line each. */
  whatIsThere(): string[] {
    const script = readFileSync(join(import.meta.dirname, 'what-is-there.sh'), 'utf8')
    return execFileSync('nsenter', [...this.into(), 'sh', '-s', 'what-is-there'], { input: script })
      .toString()
      .split('\n')
      .filter(Boolean)
  }

  /** Kills the process of the machine that matches, at once. */
  kill(signal: 'KILL' | 'TERM' | 'HUP', pattern: string): void {
    execFileSync('nsenter', [...this.into(), 'pkill', `-${signal}`, '-f', pattern])
  }

  async remove(): Promise<void> {
    const ended = this.holders.map((one) => new Promise((resolve) => one.once('exit', resolve)))
    for (const one of this.holders) one.kill('SIGKILL')
    await Promise.all(ended)
    // What was mounted goes with its namespace, a moment after the last process in it.
    for (let tries = 0; spawnSync('rm', ['-rf', this.trial]).status !== 0 && tries < 50; tries += 1)
      await sleep(200)
  }

  private async settle(): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const { status } = spawnSync('nsenter', [...this.into(), 'grep', '-q', 'tap0', '/proc/net/route'])
      if (status === 0) break
      await sleep(100)
    }
    const { person, onlyProxy } = this.options
    if (onlyProxy === true) await this.run('ip route del default; : > /etc/resolv.conf', { as: 'root' })
    if (person !== 'root')
      await this.run('useradd --create-home --shell /bin/bash li && chmod 700 /home/li', { as: 'root' })
    if (person === 'sudo user')
      await this.run('echo "li ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/li && chmod 440 /etc/sudoers.d/li', {
        as: 'root',
      })
    // What is to be seen at the proxy is fetched anew.
    if (onlyProxy !== true) await this.shareDownloads()
    this.fromOutside('git', 'clone', '--quiet', '--no-hardlinks', repository, this.inTrial(this.clone))
    await this.run(`chown -R ${this.user}: ${this.clone}`, { as: 'root' })
  }

  /** Package managers find what an earlier machine has downloaded; each checks it as what it would download. */
  private async shareDownloads(): Promise<void> {
    const { user, home, options } = this
    const caches = [
      { kept: `apt-${options.distribution.suite}`, at: '/var/cache/apt/archives', owner: 'root' },
      { kept: `npm-${user}`, at: join(home, '.npm'), owner: user },
      { kept: `pip-${user}`, at: join(home, '.cache/pip'), owner: user },
    ]
    for (const { kept, at, owner } of caches) {
      const shared = join(folder, 'downloads', kept)
      mkdirSync(shared, { recursive: true })
      await this.run(`setpriv --reuid ${owner} --clear-groups mkdir -p ${at}`, { as: 'root' })
      this.fromOutside('mount', '--bind', shared, this.inTrial(at))
      await this.run(`chown ${owner}: ${at}`, { as: 'root' })
    }
  }

  private inTrial(path: string): string {
    return join(this.trial, 'root', path)
  }

  /** Runs a program of this machine that sees the other's folders beside its own. */
  private fromOutside(...command: string[]): void {
    execFileSync('nsenter', ['--target', String(this.pid), '--mount', ...command], { stdio: 'ignore' })
  }

  private into(): string[] {
    return ['--target', String(this.pid), '--mount', '--net', '--pid', '--uts', '--root', '--wd']
  }

  private entered(as: string, command: string): string[] {
    const { home } = this
    const variables = {
      ...settingsOfHost(),
      ...{
        HOME: as === 'root' ? '/root' : home,
        USER: as,
        LANG: 'C.UTF-8',
        TERM: 'xterm',
        SHELL: '/bin/bash',
      },
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    }
    const assigned = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
    const login = as === 'root' ? [] : ['setpriv', '--reuid', as, '--regid', as, '--init-groups']
    return [...this.into(), ...login, 'env', '-i', ...assigned, 'bash', '-c', command]
  }
}
