import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { chooseHome, sharedHome } from '../../config/home.mjs'
import { useHomeFolder } from '../support/home-folder.ts'

const folder = useHomeFolder()
const repository = join(import.meta.dirname, '..', '..')

interface Outcome {
  readonly code: number | null
  readonly output: string
}

/** A checkout in which nothing is installed: whatever is said there is said before anything is. */
function checkout(at: string): string {
  for (const path of ['standalone/setup', 'config/home.mjs', 'config/proxies.mjs', 'package-lock.json'])
    cpSync(join(repository, path), join(at, path), { recursive: true })
  return join(at, 'standalone', 'setup', 'first.cjs')
}

const first = checkout(join(folder, 'checkout'))

function run(
  args: readonly string[],
  env: Record<string, string> = {},
  as: { uid?: number; gid?: number; first?: string } = {},
): Promise<Outcome> {
  const { first: file = first, ...user } = as
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file, ...args], {
      // Without npm nothing can be installed.
      env: { PATH: '/nowhere', QIANYUN_HOME: join(folder, 'home'), ...env },
      cwd: '/',
      ...user,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('close', (code) => resolve({ code, output }))
  })
}

describe('before anything is installed', () => {
  it.each([
    [['start', '--no-lob'], {}, /Unknown option "--no-lob"[\s\S]*npm start \[-- --no-lab\]/],
    [
      ['demo', '--writers', 'eight'],
      {},
      /"--writers" was given "eight"; a whole number was expected\.\nnpm run demo/,
    ],
    [['bench', 'cli', '--steps', 'all'], {}, /"--steps" was given "all"; a whole number was expected/],
    [['bench'], {}, /^npm run bench -- cutover/],
    [['soak', 'hostille'], {}, /^Unexpected argument "hostille"\.\nnpm run soak -- switchovers/],
    [['start'], { QIANYUN_API_PORT: '70700' }, /^QIANYUN_API_PORT is "70700"; a port from 1 to 65535/],
    [['start'], { QIANYUN_API_PORT: '7233' }, /^QIANYUN_API_PORT and QIANYUN_TEMPORAL_PORT are both 7233;/],
    [['start'], { DATABASE_URL: 'mysql://x' }, /^DATABASE_URL is "mysql:\/\/x"; postgres:\/\//],
    [['start'], { TEMPORAL_ADDRESS: 'http://t:7233' }, /^TEMPORAL_ADDRESS is "http:\/\/t:7233"; host:port/],
    [
      ['demo'],
      { DATABASE_URL: 'postgres://q@h/q' },
      /^"npm run demo" makes servers of its own.*Run: env -u DATABASE_URL npm run demo\n$/,
    ],
    [
      ['bench', 'cutover'],
      { DATABASE_URL: 'postgres://q@h/q', TEMPORAL_ADDRESS: 't:7233' },
      /Run: env -u DATABASE_URL -u TEMPORAL_ADDRESS npm run bench\n$/,
    ],
    [
      ['start', '--fresh'],
      { DATABASE_URL: 'postgres://q@h/q' },
      /^--fresh removes.*DATABASE_URL names another server/,
    ],
    [
      ['start', '--lang', 'zh'],
      { QIANYUN_API_PORT: 'x' },
      /^QIANYUN_API_PORT 的值是“x”，应为 1 到 65535 的端口。\n$/,
    ],
    [['start', '--lang', 'fr'], {}, /^"--lang" was given "fr"; "zh" or "en" was expected\.\nnpm start/],
    [['uninstall', '--lang='], {}, /^"--lang" was given ""; "zh" or "en" was expected\.\nnpm run uninstall/],
    [['demo', '--lang', 'zh', '--writers', 'x'], {}, /^"--writers" 的值是“x”，应为整数。\nnpm run demo/],
    [
      ['start'],
      { DATABASE_URL: 'postgres://u:p@ss:w/rd@h:99999/x' },
      /^DATABASE_URL is "postgres:\/\/u:\*\*\*@h:99999\/x"; postgres:.* as %40 and %2F\.\n$/,
    ],
    [['start'], { TEMPORAL_ADDRESS: '127.0.0.1:99999' }, /^TEMPORAL_ADDRESS is "127.0.0.1:99999"; host:port/],
    [
      ['test', 'test/domain'],
      { TMPDIR: '/nowhere' },
      /^The temporary folder "\/nowhere" cannot be written \(ENOENT/,
    ],
    [
      ['start'],
      { QIANYUN_HOME: '/dev/null/x' },
      /^"\/dev\/null\/x" cannot be made or written \(ENOTDIR\)\. Name/,
    ],
    [
      ['start'],
      { QIANYUN_HOME: '/proc/x/y' },
      /^"\/proc\/x\/y" cannot be made or written \(\w+\)\. Name another/,
    ],
    [['setup'], { QIANYUN_HOME: '/sys/x' }, /^"\/sys\/x" cannot be made or written \(\w+\)\. Name another/],
    [
      ['demo'],
      { QIANYUN_HOME: join(folder, "o'home") },
      /o'home" has a character that configuration files of the lab's hosts cannot hold/,
    ],
  ])('%p with %p is answered', async (args, env, says) => {
    const { code, output } = await run(args, env)

    expect(output).toMatch(says)
    expect(output).not.toMatch(/^ {4}at /m)
    expect(code).toBe(1)
    expect(existsSync(join(folder, 'home'))).toBe(false)
  })

  it('a port that is in use is named with its variable', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo

    const { output } = await run(['start', '--no-lab'], { QIANYUN_API_PORT: String(port) })
    server.close()

    expect(output).toContain(
      `Port ${port} is in use. End what listens there, or choose another port with QIANYUN_API_PORT.`,
    )
  })

  it('what the set-up takes is said', async () => {
    const { output } = await run(['start', '--no-lab'], freePorts)

    expect(output).toMatch(
      /^The set-up takes about \d+ MB on the disk, of which about \d+ MB are downloaded\.\n/,
    )
  })

  it('a Temporal CLI that is named is not counted among what is downloaded', async () => {
    const downloadMb = async (env: Record<string, string>) => {
      const { output } = await run(['start', '--no-lab'], { ...freePorts, ...env })
      return Number(/of which about (\d+) MB are downloaded/.exec(output)?.[1])
    }

    expect((await downloadMb({})) - (await downloadMb({ TEMPORAL_CLI: '/bin/true' }))).toBe(45)
  })
})

/** Ports that nobody has, as far as this machine is concerned. */
const freePorts = {
  QIANYUN_API_PORT: '61070',
  QIANYUN_TEMPORAL_PORT: '61233',
  QIANYUN_TEMPORAL_UI_PORT: '61234',
  QIANYUN_POSTGRES_PORT: '61432',
}

const asRoot = process.getuid?.() === 0

/** People as they are: a folder of their own that others cannot enter, with the clone in it. Only root can make them. */
;(asRoot ? describe : describe.skip)('a user with a closed home folder', () => {
  const name = `qyt-${process.pid}`
  const own = join(folder, name)
  const clone = join(own, 'qianyun')
  const user = { uid: 0, gid: 0, first: '' }
  let withSudo = ''

  beforeAll(() => {
    execFileSync('useradd', ['--system', '--user-group', '--home-dir', own, '--create-home', name])
    const [uid = 0, gid = 0] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, name])))
    Object.assign(user, { uid, gid, first: checkout(clone) })
    execFileSync('chown', ['-R', `${uid}:${gid}`, own])
    chmodSync(own, 0o700)
    withSudo = sudoFor(gid)
  })

  afterAll(() => {
    execFileSync('userdel', [name])
    rmSync(sharedHome(clone), { recursive: true, force: true })
  })

  /** What sudo without a password does, for this user alone: a program that is root's. */
  function sudoFor(gid: number): string {
    const bin = join(folder, 'sudo-bin')
    mkdirSync(bin)
    const shell = join(bin, 'root-shell')
    cpSync('/bin/bash', shell)
    chownSync(shell, 0, gid)
    chmodSync(shell, 0o4750)
    const script = `#!${shell} -p\n[ "$1" = -n ] && shift\nexec setpriv --reuid 0 --regid 0 --clear-groups -- "$@"\n`
    writeFileSync(join(bin, 'sudo'), script, { mode: 0o755 })
    return `${bin}:/usr/bin:/bin`
  }

  const environment = (PATH: string) => ({ PATH, QIANYUN_HOME: '', HOME: own, ...freePorts })

  it('is told before downloads that the demo needs an open one, where sudo is not to be had', async () => {
    const { code, output } = await run(['demo'], environment('/nowhere'), user)

    expect(output).toContain(`"${own}", on the way to "${join(clone, '.qianyun')}", is closed to other users`)
    expect(output).toContain(`Run: chmod o+x '${own}'`)
    // What would be in the way after that.
    expect(output).toContain('takes root, or sudo without a password')
    expect(output).not.toContain('npm packages')
    expect(code).toBe(1)
  })

  it('is told before downloads that the demo needs sudo, also where the home is open', async () => {
    const open = join(folder, 'open')
    mkdirSync(open)
    chownSync(open, user.uid, user.gid)

    const { code, output } = await run(['demo'], { ...environment('/nowhere'), QIANYUN_HOME: open }, user)

    expect(output).toContain('takes root, or sudo without a password')
    expect(output).not.toContain('chmod')
    expect(output).not.toContain('npm packages')
    expect(code).toBe(1)
  })

  it('is told that a home of somebody else cannot be written, and that a port is not open to it', async () => {
    const ofRoot = join(folder, 'of-root')
    mkdirSync(ofRoot)
    const closed = { ...environment('/nowhere'), QIANYUN_HOME: ofRoot }
    const port = { ...environment('/nowhere'), QIANYUN_API_PORT: '80' }

    const ofHome = await run(['start', '--no-lab'], closed, user)
    const ofPort = await run(['start', '--no-lab'], port, user)

    expect(ofHome.output).toBe(
      `"${ofRoot}" cannot be made or written (EACCES). Name another folder: QIANYUN_HOME=/path/to/folder\n`,
    )
    expect(ofPort.output).toContain(
      "Port 80 is not open to this user: ports below 1024 are root's. Choose another port with QIANYUN_API_PORT.",
    )
  })

  it('starts without the lab where sudo is not to be had, with the usual home', async () => {
    const { output } = await run(['start'], environment('/nowhere'), user)

    expect(output).toMatch(
      /is closed to other users.*\n(.*\n)+Going on without the lab\.\n[\s\S]*npm packages/,
    )
    expect(chooseHome({ env: {}, repository: clone, userId: user.uid })).toEqual({
      path: join(clone, '.qianyun'),
    })
  })

  it.each([0o700, 0o750])('is given a home outside a folder of mode %o by sudo', async (mode) => {
    rmSync(join(clone, '.qianyun'), { recursive: true, force: true })
    chmodSync(own, mode)

    const { output } = await run(['start'], environment(withSudo), user)

    expect(output).toContain(`"${own}" is closed to other users`)
    expect(output).toContain(`state is kept in "${sharedHome(clone)}" instead`)
    expect(statSync(sharedHome(clone)).uid).toBe(user.uid)
    expect(chooseHome({ env: {}, repository: clone, userId: user.uid })).toEqual({ path: sharedHome(clone) })
    rmSync(sharedHome(clone), { recursive: true })
  })

  it('keeps a home that holds state, and is told whose a home of somebody else is', async () => {
    chmodSync(own, 0o700)
    mkdirSync(join(clone, '.qianyun', 'postgres'), { recursive: true })
    await run(['start'], environment(withSudo), user)
    expect(existsSync(sharedHome(clone))).toBe(false)

    mkdirSync(join(clone, '.qianyun', 'secrets'))
    const { code, output } = await run(['start'], environment(withSudo), user)

    expect(output).toContain(
      `What is in "${join(clone, '.qianyun')}" belongs to the user "root", and this is "${name}".`,
    )
    expect(code).toBe(1)
  })
})
