import { proxyAssignments } from '../../config/proxies.mjs'
import { becomeRoot } from './privilege.mjs'
import { run, findOnPath } from './run.mjs'
import { lastLines, SetupError } from './sentence.mjs'

const labPackages = ['openssh-server', 'postgresql', 'pgbouncer', 'haproxy', 'runit', 'rsync']
const browsers = ['chromium', 'chromium-browser', 'google-chrome']

/**
 * Installs the Debian packages the lab is made of; services they bring are neither started nor enabled.
 * Throws SetupError with the exact command when apt may not be used, and when the lab could not act for its hosts.
 */
export async function installLabPackages(note) {
  const missing = await findMissing(labPackages)
  if (missing.length > 0) await installPackages(missing, note)
  if ((await becomeRoot()) === undefined) {
    throw new SetupError(
      "The lab's hosts run as users of their own: that takes root, or sudo without a password for the time of the lab.",
    )
  }
  return missing.length === 0 ? 'already there' : `installed: ${missing.join(', ')}`
}

/** Installs a browser for the page's tests when there is none and apt may; they are skipped without. */
export async function installBrowser(note) {
  if (browsers.some((browser) => findOnPath(browser) !== undefined)) return 'already there'
  try {
    await installPackages(['chromium'], note)
    return 'installed'
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    return `none: tests of the page in a browser are skipped (${error.message.split('\n')[0]})`
  }
}

/** Whether packages of the lab are missing; unknown counts as no. */
export async function needsLabPackages() {
  return findMissing(labPackages).then(
    (missing) => missing.length > 0,
    () => false,
  )
}

async function findMissing(packages) {
  const { code, output } = await run('dpkg-query', [
    '-W',
    '-f',
    '${Package} ${db:Status-Status}\n',
    ...packages,
  ])
  if (code === 127) {
    throw new SetupError(
      `The lab is made of Debian packages, and this machine has no dpkg. On Debian or Ubuntu it needs: ${packages.join(' ')}.`,
    )
  }
  const installed = new Set(
    output
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, status]) => status === 'installed')
      .map(([name]) => name),
  )
  return packages.filter((name) => !installed.has(name))
}

/** Installs Debian packages. Throws SetupError with the exact command when apt may not be used, or fails. */
export async function installPackages(packages, note) {
  const names = packages.join(' ')
  const root = await becomeRoot()
  if (root === undefined) {
    throw new SetupError(
      `Debian packages are missing and only root may install them. Run: sudo apt-get install -y ${names}`,
    )
  }
  note(`apt-get install ${names} …`)
  const environment = ['env', ...proxyAssignments(process.env)]
  const [command, ...args] = [...root, ...environment, 'sh', '-c', installScript, 'sh', ...packages]
  const { code, output } = await run(command, args)
  if (code !== 0) {
    throw new SetupError(
      `apt-get could not install: ${names}. Run it yourself to see why: sudo apt-get update && sudo apt-get install -y ${names}. ` +
        `It said:\n${lastLines(output)}`,
    )
  }
}

/**
 * policy-rc.d is what Debian's packages ask before they start a service (exit code 101: no); one that is there stays.
 * Services of packages that were there before are left as they are.
 */
const installScript = `
set -u
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
made=no
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy" && made=yes
fi
trap '[ "$made" = yes ] && rm -f "$policy"' EXIT
apt-get install -y --no-install-recommends "$@" || { apt-get update && apt-get install -y --no-install-recommends "$@"; } || exit 1
if [ -d /run/systemd/system ]; then
  for package in "$@"; do
    case $package in openssh-server) service=ssh;; postgresql|pgbouncer|haproxy) service=$package;; *) continue;; esac
    systemctl disable "$service" || true
  done
fi
`
