import { execFileSync, spawnSync, type ExecFileSyncOptionsWithBufferEncoding } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseHome } from '../config/home.mjs'
import { onEndRequests } from '../standalone/end-requests.ts'
import { findFreePorts } from '../standalone/ports.ts'
import { prepareStack } from '../standalone/stack.ts'

const repository = join(import.meta.dirname, '..')

/** How often each command runs, in turns with the others; the quickest counts. */
const rounds = 9

export interface CliBench {
  readonly bench: 'cli'
  /** CPU time, of the program and of the system for it: `--help`, and a list from a running API, of the package. */
  readonly helpCpuMs: number
  readonly listCpuMs: number
  /** The same from a checkout. */
  readonly sourceHelpCpuMs: number
  readonly sourceListCpuMs: number
  /** Node with nothing to do, and how many such a list of the package takes. */
  readonly nodeCpuMs: number
  readonly ratio: number
}

/** Measures what it costs to start the command line: of a package made of the build, and of the checkout. */
export async function benchCli({ json }: { readonly json: boolean }): Promise<void> {
  const say = (line: string) => {
    if (json) console.error(line)
    else console.log(line)
  }
  const folder = mkdtempSync(join(tmpdir(), 'qianyun-bench-'))
  try {
    say('making a package')
    const packaged = join(makePackage(folder), 'cli', 'qianyun.mjs')
    const measured = await withApi(say, (home) => measure(packaged, home))
    console.log(json ? JSON.stringify(measured) : sentenceOf(measured))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function makePackage(folder: string): string {
  const options: ExecFileSyncOptionsWithBufferEncoding = {
    cwd: repository,
    encoding: 'buffer',
    stdio: ['ignore', 'pipe', 'inherit'],
  }
  execFileSync(process.execPath, [join('build', 'main.mjs')], options)
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], options)
  const archive = packed.toString('utf8').trim().split('\n').at(-1) ?? ''
  execFileSync('tar', ['-xzf', join(folder, archive), '-C', folder])
  return join(folder, 'package')
}

/** A stack of the benchmark's own, for somebody to ask. */
async function withApi<Result>(say: (line: string) => void, work: (home: string) => Result): Promise<Result> {
  process.umask(0o022)
  const home = join(chooseHome().path, 'bench')
  mkdirSync(home, { recursive: true, mode: 0o755 })
  const [api = 0, temporal = 0, temporalUi = 0, postgres = 0] = await findFreePorts(4)
  const ports = { api, temporal, temporalUi, postgres }
  const stack = prepareStack({ home, ports, lab: false, fresh: true, say })
  onEndRequests([() => void stack.stop().finally(() => process.exit(130))])
  await stack.start()
  try {
    return work(home)
  } finally {
    await stack.stop()
  }
}

function measure(packaged: string, home: string): CliBench {
  const checkout = join(repository, 'cli', 'qianyun.mjs')
  const help = ['--help']
  const list = ['migration', 'list']
  const ways = { help: [packaged, ...help], list: [packaged, ...list], node: ['-e', '0'] }
  const sourceWays = { sourceHelp: [checkout, ...help], sourceList: [checkout, ...list] }
  const all = Object.entries({ ...ways, ...sourceWays })
  const quickest = new Map<string, number>()
  for (let round = 0; round < rounds; round++)
    for (const [name, args] of all)
      quickest.set(name, Math.min(quickest.get(name) ?? Infinity, cpuMs(args, home)))
  const of = (name: keyof typeof ways | keyof typeof sourceWays) => quickest.get(name) ?? NaN
  return {
    bench: 'cli',
    helpCpuMs: of('help'),
    listCpuMs: of('list'),
    sourceHelpCpuMs: of('sourceHelp'),
    sourceListCpuMs: of('sourceList'),
    nodeCpuMs: of('node'),
    ratio: Math.round((of('list') / of('node')) * 100) / 100,
  }
}

/** What Node and all it starts take, by the shell's own clock. */
function cpuMs(args: readonly string[], home: string): number {
  const { QIANYUN_TOKEN: _token, QIANYUN_CONTEXT_FILE: _file, ...variables } = process.env
  const timed = 'exec 3>&2; TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null 2>&3 3>&-'
  const { status, stderr } = spawnSync('bash', ['-c', timed, process.execPath, ...args], {
    env: { ...variables, QIANYUN_HOME: home, LC_ALL: 'C' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`"node ${args.join(' ')}" ended with ${status ?? 'a signal'}: ${stderr}`)
  const [user = NaN, system = NaN] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return Math.round((user + system) * 1000)
}

function sentenceOf(measured: CliBench): string {
  return `
The package: ${measured.helpCpuMs} ms of CPU for --help, ${measured.listCpuMs} ms for a list, which is ${measured.ratio} times Node with nothing to do.
A checkout: ${measured.sourceHelpCpuMs} ms and ${measured.sourceListCpuMs} ms.`
}
