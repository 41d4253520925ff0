import { quote, quoteAll } from '../../ssh/quote.ts'

export const managerNames = ['apt', 'dnf', 'yum', 'zypper', 'apk'] as const
export type ManagerName = (typeof managerNames)[number]

/** A package, and its version if the version matters. */
export interface Wanted {
  readonly name: string
  readonly version?: string
}

interface Manager {
  /** Prints `name<TAB>version` for each installed package of the list. */
  readonly installed: (names: readonly string[]) => string
  readonly refresh?: string
  readonly install: (packages: readonly Wanted[]) => string
  readonly remove: (names: readonly string[]) => string
}

const rpmInstalled = (names: readonly string[]) =>
  `for name in ${quoteAll(names)}; do rpm -q --qf '%{NAME}\\t%{VERSION}-%{RELEASE}\\n' "$name" 2>/dev/null | grep -v 'not installed' || true; done`

// Waits for other installations under way; changed configuration files of a package stay.
const aptOptions =
  '-y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold'

/** apt takes only full versions, so the newest available version that begins with the wanted one is looked up. */
function aptInstall(packages: readonly Wanted[]): string {
  const named = packages.filter(({ version }) => version === undefined).map(({ name }) => name)
  const lookUps = packages.flatMap(({ name, version }) =>
    version === undefined
      ? []
      : [
          `version=$(apt-cache madison ${quote(name)} | awk -F ' *[|] *' -v want=${quote(version)} '
  { bare = $2; if (want !~ /:/) sub(/^[0-9]+:/, "", bare); next_one = substr(bare, length(want) + 1, 1) }
  index(bare, want) == 1 && (next_one == "" || next_one ~ /[-+~]/) { print $2; exit }')
[ -n "$version" ] || { echo ${quote(`apt knows no version ${version} of ${name}`)} >&2; exit 100; }
set -- "$@" ${quote(name)}="$version"`,
        ],
  )
  return `set -e
set -- ${quoteAll(named)}
${[...lookUps, `DEBIAN_FRONTEND=noninteractive apt-get install ${aptOptions} --no-install-recommends "$@"`].join('\n')}`
}

/** Arguments of name and version. */
export function pinned(packages: readonly Wanted[], between: '=' | '-'): readonly string[] {
  return packages.map(({ name, version }) => (version === undefined ? name : `${name}${between}${version}`))
}

export const managers: Readonly<Record<ManagerName, Manager>> = {
  apt: {
    installed: (names) =>
      `dpkg-query -W -f='\${db:Status-Abbrev}\\t\${Package}\\t\${Version}\\n' ${quoteAll(names)} 2>/dev/null | sed -n 's/^.i *\\t//p'`,
    refresh: 'apt-get update -qq',
    install: aptInstall,
    remove: (names) => `DEBIAN_FRONTEND=noninteractive apt-get remove ${aptOptions} ${quoteAll(names)}`,
  },
  dnf: rpmManager('dnf'),
  yum: rpmManager('yum'),
  zypper: {
    installed: rpmInstalled,
    install: (packages) =>
      `zypper --non-interactive install --no-recommends ${quoteAll(pinned(packages, '='))}`,
    remove: (names) => `zypper --non-interactive remove ${quoteAll(names)}`,
  },
  apk: {
    installed: (names) =>
      `for name in ${quoteAll(names)}; do apk info -e "$name" >/dev/null 2>&1 && apk list -I "$name" 2>/dev/null | sed -n "s/^$name-\\([0-9][^ ]*\\) .*/$name\\t\\1/p"; done; true`,
    refresh: 'apk update -q',
    install: (packages) => `apk add -q ${quoteAll(pinned(packages, '='))}`,
    remove: (names) => `apk del -q ${quoteAll(names)}`,
  },
}

function rpmManager(name: 'dnf' | 'yum'): Manager {
  return {
    installed: rpmInstalled,
    install: (packages) => `${name} -y -q install ${quoteAll(pinned(packages, '-'))}`,
    remove: (names) => `${name} -y -q remove ${quoteAll(names)}`,
  }
}

/** Prints the name of the host's package manager; dnf comes before yum, which may be its alias. */
export const findManager = `for name in ${managerNames.map((name) => quote(name === 'apt' ? 'apt-get' : name)).join(' ')}; do
  if command -v "$name" >/dev/null 2>&1; then echo "$name"; exit 0; fi
done
echo none`
