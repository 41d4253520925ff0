import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { whereNameLeads } from '../../runner/entry/straight.ts'
import { LocalHost } from './local-host.ts'

/**
 * A room of hosts with networks of their own, in a network of its own: `unshare --net --mount tsx entry-room.ts <JSON>`, a list of names with
 * their addresses. Every host serves port 80 at 198.18.N.2 and fd00:N::2 (gate 1, old 2, new 3, other 4). 198.18.9.2 leads to old and
 * 198.18.8.2 to gate, which do not show them as addresses of their own: as if they were translated on the way.
 */
const hosts = ['gate', 'old', 'new', 'other'] as const
const children: ChildProcess[] = []

function run(...[program = '', ...words]: readonly string[]): void {
  execFileSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] })
}

function start(...[program = '', ...words]: readonly string[]): ChildProcess {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  children.push(child)
  return child
}

const ownNetwork = (pid: number | undefined): string =>
  execFileSync('readlink', [`/proc/${String(pid)}/ns/net`], { encoding: 'utf8' })

/** In a process of its own, so without the tests' own way of waiting. */
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 600; !(await what()); left -= 1) {
    if (left === 0) throw new Error('What was waited for has not come.')
    await sleep(50)
  }
}

/** The host is reached at this address too, and does not show it among its own. */
interface UnshownAddress {
  readonly host: string
  readonly address: string
}
const unshown: readonly UnshownAddress[] = [
  { host: 'old', address: '198.18.9.2' },
  { host: 'gate', address: '198.18.8.2' },
]

async function makeHost(name: string, n: number): Promise<LocalHost> {
  const { pid } = start('unshare', '--net', 'sleep', '300')
  await until(() => ownNetwork(pid) !== ownNetwork(process.pid))
  const inside = ['nsenter', '-t', String(pid), '-n']
  const [here, there] = [`q${String(n)}`, `p${String(n)}`]
  run('ip', 'link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', String(pid))
  for (const [side, words, device] of [
    [1, [], here],
    [2, inside, there],
  ] as const) {
    run(...words, 'ip', 'addr', 'add', `198.18.${String(n)}.${String(side)}/24`, 'dev', device)
    run(...words, 'ip', 'addr', 'add', `fd00:${String(n)}::${String(side)}/64`, 'dev', device, 'nodad')
    run(...words, 'ip', 'link', 'set', device, 'up')
    run(...words, 'ip', 'link', 'set', 'lo', 'up')
  }
  run(...inside, 'ip', 'route', 'add', 'default', 'via', `198.18.${String(n)}.1`)
  for (const { address } of unshown.filter(({ host }) => host === name)) {
    run(...inside, 'ip', 'addr', 'add', `${address}/32`, 'dev', 'lo', 'scope', 'host')
    run('ip', 'route', 'add', address, 'via', `198.18.${String(n)}.2`)
  }
  start(
    ...[...inside, process.execPath, '-e'],
    "require('node:http').createServer((_, answer) => answer.end()).listen(80, '::')",
  )
  const host = new LocalHost(name, inside)
  await until(async () => (await host.run("grep ':0050 ' /proc/net/tcp6 || true")).stdout !== '')
  return host
}

const asked = JSON.parse(process.argv[2] ?? '[]') as readonly (readonly string[])[]
try {
  const lines = asked.flatMap((addresses, n) => addresses.map((one) => `${one} name-${String(n)}.test`))
  writeFileSync('/etc/hosts', `127.0.0.1 localhost\n${lines.join('\n')}\n`)
  const [entry, old, other] = await Promise.all(hosts.map(async (name, n) => makeHost(name, n + 1)))
  if (entry === undefined || old === undefined || other === undefined) throw new Error('no hosts')
  run('ip', 'route', 'add', 'default', 'dev', 'q1')
  const behind = [
    { host: old, address: '198.18.2.2', port: 8080 },
    { host: other, address: '198.18.3.2', port: 8080 },
  ]
  const answers = []
  for (const n of asked.keys()) {
    const { straight, unknown } = await whereNameLeads({
      url: `http://name-${String(n)}.test`,
      entry,
      behind,
    })
    answers.push({ straight: straight.map(({ address, host }) => `${address} ${host.name}`), unknown })
  }
  process.stdout.write(JSON.stringify(answers))
} finally {
  for (const child of children) child.kill('SIGKILL')
}
