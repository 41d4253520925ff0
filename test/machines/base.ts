import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What a machine is made of: a suite of a distribution, as debootstrap knows it. */
export interface Distribution {
  readonly name: 'Debian 12' | 'Debian 13' | 'Ubuntu 24.04'
  readonly suite: string
  /** The script of debootstrap, for suites that an older one does not know. */
  readonly script: string
  readonly components: string
  /** How apt names its origin. */
  readonly origin: 'Debian' | 'Ubuntu'
}

export const distributions = [
  { name: 'Debian 12', suite: 'bookworm', script: 'bookworm', components: 'main', origin: 'Debian' },
  { name: 'Debian 13', suite: 'trixie', script: 'bookworm', components: 'main', origin: 'Debian' },
  {
    name: 'Ubuntu 24.04',
    suite: 'noble',
    script: 'gutsy',
    components: 'main,universe',
    origin: 'Ubuntu',
  },
] as const satisfies readonly Distribution[]

/** Machines are kept between runs: the next one begins with what this one has fetched. */
export const folder = process.env['QIANYUN_MACHINES'] ?? '/var/tmp/qianyun-machines'

const programs = ['debootstrap', 'slirp4netns', 'unshare', 'nsenter', 'script']

/** Why no machine can be made here; undefined where one can. */
export function whyNoMachines(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make one'
  const missing = programs.filter((name) => spawnSync('which', [name]).status !== 0)
  return missing.length === 0 ? undefined : `apt-get install ${missing.join(' ')}`
}

/** The root folder of a distribution as it is after its installation; made once. */
export function makeBase(distribution: Distribution): string {
  const { suite, script, components, origin } = distribution
  const base = join(folder, suite)
  if (existsSync(base)) return base
  const draft = `${base}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  // A distribution has its own keyring, and often no other's: the packages of another are taken as they come, into namespaces of a test.
  const keyring = `/usr/share/keyrings/${origin.toLowerCase()}-archive-keyring.gpg`
  const args = [
    existsSync(keyring) ? [] : ['--no-check-gpg'],
    ['--variant=minbase', `--components=${components}`],
    ['--include=ca-certificates,git,iproute2,passwd,procps,sudo,util-linux'],
    [suite, draft, mirrorOf(origin), script],
  ].flat()
  execFileSync('debootstrap', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  takeSettings(draft)
  run(draft, 'apt-get update -qq')
  execFileSync('mv', [draft, base])
  return base
}

/** Where this machine's apt has a distribution from; empty for debootstrap's own choice. */
function mirrorOf(origin: string): string {
  const targets = execFileSync('apt-get', [
    'indextargets',
    '--format',
    '$(ORIGIN) $(LABEL) $(REPO_URI)',
    'Created-By: Packages',
  ]).toString()
  const found = targets.split('\n').find((line) => line.startsWith(`${origin} ${origin} `))
  return found?.split(' ')[2]?.replace(/\/$/, '') ?? ''
}

/** How this machine reaches the registries of packages is how the made one does: proxies, certificates, checks of dates. */
function takeSettings(root: string): void {
  const settings = execFileSync('apt-config', ['dump', 'Acquire'])
    .toString()
    .split('\n')
    .filter((line) => /^Acquire::(Check-|Retries|https?::)/.test(line))
  writeFileSync(join(root, 'etc/apt/apt.conf.d/90-of-the-host'), `${settings.join('\n')}\n`)
  const certificates = '/usr/local/share/ca-certificates'
  if (existsSync(certificates)) cpSync(certificates, join(root, certificates), { recursive: true })
  run(root, 'update-ca-certificates >/dev/null 2>&1 || true')
  for (const path of ['/etc/npmrc', '/etc/pip.conf', ...certificatesNamed()]) {
    if (!existsSync(path)) continue
    mkdirSync(dirname(join(root, path)), { recursive: true })
    copyFileSync(path, join(root, path))
  }
}

const certificatesNamed = (): string[] =>
  Object.entries(settingsOfHost())
    .filter(([name]) => /CERT|CA_/.test(name))
    .map(([, path]) => path)

/** Variables by which this machine's package managers find their registries. */
export function settingsOfHost(): Record<string, string> {
  const wanted =
    /^(npm_config_(registry|cafile)|NODE_EXTRA_CA_CERTS|PIP_(CERT|INDEX_URL)|SSL_CERT_FILE)$|_proxy$/i
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && value !== '' && wanted.test(name) ? [[name, value]] : [],
    ),
  )
}

/** The programs of a version of Node, with the npm that belongs to it, in one folder; fetched once. */
export function fetchNode(version: string): string {
  const at = join(folder, `node-${version}`)
  if (existsSync(join(at, 'bin'))) return at
  const npm = { 20: '10', 22: '10', 24: '11' }[version] ?? '10'
  mkdirSync(at, { recursive: true })
  const packages = [`node-linux-${process.arch}@${version}`, `npm@${npm}`]
  execFileSync('npm', ['install', '--prefix', at, '--no-save', '--force', ...packages], { stdio: 'ignore' })
  const draft = join(at, 'bin.new')
  mkdirSync(draft)
  execFileSync('ln', ['-s', `../node_modules/node-linux-${process.arch}/bin/node`, join(draft, 'node')])
  for (const name of ['npm', 'npx'])
    execFileSync('ln', ['-s', `../node_modules/npm/bin/${name}-cli.js`, join(draft, name)])
  execFileSync('mv', [draft, join(at, 'bin')])
  return at
}

function run(root: string, command: string): void {
  execFileSync('chroot', [root, 'sh', '-c', command], { stdio: ['ignore', 'ignore', 'inherit'] })
}
