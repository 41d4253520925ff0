import { proxyAssignments } from '../../config/proxies.mjs'
import { aptProgress } from './apt-progress.mjs'
import { becomeRoot } from './privilege.mjs'
import { run } from './run.mjs'
import { programFailed, SetupError } from './sentence.mjs'
import { words } from './words.mjs'

const labPackages = ['openssh-server', 'postgresql', 'pgbouncer', 'haproxy', 'runit', 'rsync']

/**
 * Installs the Debian packages the lab is made of; services they bring are neither started nor enabled.
 * Throws SetupError with the exact command when apt may not be used, and when the lab could not act for its hosts.
 */
export async function installLabPackages(note) {
  const missing = await findMissing(labPackages)
  if (missing.length > 0) await installPackages(missing, note)
  if ((await becomeRoot()) === undefined) throw new SetupError(words.labNeedsRoot)
  return missing.length === 0 ? words.alreadyThere : words.installedPackages(missing.join(', '))
}

/** What of the lab nobody here may change, with the command for who may; empty for root, and where sudo asks for no password. */
export async function whatTheLabLacks() {
  if ((await becomeRoot()) !== undefined) return []
  try {
    const missing = await findMissing(labPackages)
    const names = missing.join(' ')
    return [words.labNeedsRoot, ...(missing.length === 0 ? [] : [words.packagesNeedRoot(names)])]
  } catch (error) {
    if (error instanceof SetupError) return [words.labNeedsRoot, error.message]
    throw error
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
    throw new SetupError(words.noDpkg(packages.join(' ')))
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

/**
 * Installs Debian packages; services they bring are neither started nor enabled. Waits a while for another apt.
 * Throws SetupError with the exact command when apt may not be used, or fails.
 */
export async function installPackages(packages, note) {
  const names = packages.join(' ')
  const { code, output } = await runAsRoot(
    ['sh', '-c', installScript, 'sh', ...packages],
    { names, what: `apt-get install ${names}` },
    note,
  )
  if (code !== 0) throw programFailed(words.packagesNotInstalled(names), output)
}

/** Has apt learn which packages there are, to find those of that name. Throws SetupError when apt may not be used, or fails. */
export async function updateLists(names, note) {
  const update = ['apt-get', '-o', `DPkg::Lock::Timeout=${lockWaitSeconds}`, 'update']
  const { code, output } = await runAsRoot(update, { names, what: 'apt-get update' }, note)
  if (code !== 0) throw programFailed(words.packagesNotInstalled(names), output)
}

async function runAsRoot(commandWords, { names, what }, note) {
  const root = await becomeRoot()
  if (root === undefined) throw new SetupError(words.packagesNeedRoot(names))
  const progress = aptProgress()
  note(words.running(what), progress.came)
  // What it prints is read, in whatever language people speak to it.
  const environment = ['LC_ALL=C.UTF-8', ...proxyAssignments(process.env)]
  const [command, ...args] = [...root, 'env', ...environment, ...commandWords]
  let waitsFor
  const onLine = (line) => {
    progress.onLine(line)
    const holder = /^Waiting for cache lock: .* held by process (.*?)\.*$/.exec(line.trim())?.[1]
    if (holder === undefined || holder === waitsFor) return
    // It says so each second.
    waitsFor = holder
    note(words.aptWaits(holder), progress.came)
  }
  return run(command, args, { onLine })
}

const lockWaitSeconds = 300

/** Which packages were installed here by us, one a line: what removing everything asks about. */
export const packagesRecord = '/var/lib/qianyun/installed-packages'

/**
 * policy-rc.d is what Debian's packages ask before they start a service (exit code 101: no); one that is there stays. What a
 * start of the machine would start is a link, whatever the init system: those that the installation adds are taken away
 * again, also of packages that came along. Links that were there before stay.
 */
const installScript = `
set -u
export DEBIAN_FRONTEND=noninteractive
record=${packagesRecord}
policy=/usr/sbin/policy-rc.d
made=no
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy" && made=yes
fi
trap '[ "$made" = yes ] && rm -f "$policy"' EXIT
links() {
  find /etc/systemd/system /etc/systemd/user /etc/rc[0-9S].d /etc/runlevels /etc/service /etc/runit/runsvdir -type l 2>/dev/null
}
before="
$(links)
"
install() { apt-get -o DPkg::Lock::Timeout=${lockWaitSeconds} install -y --no-install-recommends "$@"; }
install "$@" || { apt-get -o DPkg::Lock::Timeout=${lockWaitSeconds} update && install "$@"; } || exit 1
mkdir -p "\${record%/*}" && printf '%s\\n' "$@" >> "$record"
links | while read -r link; do
  case "$before" in *"
$link
"*) continue ;; esac
  name=\${link##*/}
  case $link in
    /etc/rc?.d/K*) ;;
    /etc/rc?.d/S*) update-rc.d "\${name#S??}" disable || rm -f "$link" ;;
    *)
      [ "$(readlink "$link")" = /dev/null ] && continue
      case $link in /etc/systemd/system/*) systemctl disable "$name" || true ;; esac
      rm -f "$link"
      ;;
  esac
done
exit 0
`
