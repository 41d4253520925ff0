import { quote, quoteAll } from '../../ssh/quote.ts'

export const managerNames = ['apt', 'dnf', 'yum', 'zypper', 'apk'] as const
export type ManagerName = (typeof managerNames)[number]

interface Manager {
  /** Prints `name<TAB>version` for each of the packages that is installed. */
  readonly installed: (names: readonly string[]) => string
  readonly refresh?: string
  /** Words of name and version, as this manager takes them. */
  readonly pinned: (name: string, version: string) => string
  readonly install: (words: readonly string[]) => string
  readonly remove: (names: readonly string[]) => string
}

const rpmInstalled = (names: readonly string[]) =>
  `for name in ${quoteAll(names)}; do rpm -q --qf '%{NAME}\\t%{VERSION}-%{RELEASE}\\n' "$name" 2>/dev/null | grep -v 'not installed' || true; done`

export const managers: Readonly<Record<ManagerName, Manager>> = {
  apt: {
    installed: (names) =>
      `dpkg-query -W -f='\${db:Status-Abbrev}\\t\${Package}\\t\${Version}\\n' ${quoteAll(names)} 2>/dev/null | sed -n 's/^ii *\\t//p'`,
    refresh: 'apt-get update -qq',
    pinned: (name, version) => `${name}=${version}`,
    install: (words) =>
      `DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends ${quoteAll(words)}`,
    remove: (names) => `DEBIAN_FRONTEND=noninteractive apt-get remove -y -q ${quoteAll(names)}`,
  },
  dnf: rpmManager('dnf'),
  yum: rpmManager('yum'),
  zypper: {
    installed: rpmInstalled,
    pinned: (name, version) => `${name}=${version}`,
    install: (words) => `zypper --non-interactive install --no-recommends ${quoteAll(words)}`,
    remove: (names) => `zypper --non-interactive remove ${quoteAll(names)}`,
  },
  apk: {
    installed: (names) =>
      `for name in ${quoteAll(names)}; do apk info -e "$name" >/dev/null 2>&1 && apk list -I "$name" 2>/dev/null | sed -n "s/^$name-\\([0-9][^ ]*\\) .*/$name\\t\\1/p"; done; true`,
    refresh: 'apk update -q',
    pinned: (name, version) => `${name}=${version}`,
    install: (words) => `apk add -q ${quoteAll(words)}`,
    remove: (names) => `apk del -q ${quoteAll(names)}`,
  },
}

function rpmManager(name: 'dnf' | 'yum'): Manager {
  return {
    installed: rpmInstalled,
    pinned: (packageName, version) => `${packageName}-${version}`,
    install: (words) => `${name} -y -q install ${quoteAll(words)}`,
    remove: (names) => `${name} -y -q remove ${quoteAll(names)}`,
  }
}

/** Prints the name of the manager a host has; dnf before yum, which may be its alias. */
export const findManager = `for name in ${managerNames.map((name) => quote(name === 'apt' ? 'apt-get' : name)).join(' ')}; do
  if command -v "$name" >/dev/null 2>&1; then echo "$name"; exit 0; fi
done
echo none`
