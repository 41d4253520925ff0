import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import type { Command } from '../kind.ts'
import { asRoot } from '../../ssh/root.ts'
import { type ManagerName, type Wanted, findManager, managerNames, managers, pinned } from './managers.ts'
import { implementKind } from '../implement-kind.ts'
import { type PackageParams, packageKind } from './params.ts'

interface PackageFacts {
  readonly manager: ManagerName
  readonly isRoot: boolean
  /** The installed packages: name → version. */
  readonly installed: Readonly<Record<string, string>>
}

/** Thrown when a host has no package manager that this kind knows. */
export class NoPackageManagerError extends QianyunError {
  override name = 'NoPackageManagerError'
  readonly code = 'no-package-manager'

  constructor(readonly host: string) {
    super(said('no-package-manager', { host, known: managerNames }))
  }
}

/** Carries {@link packageKind} out. */
export const implementation = implementKind<PackageParams, PackageFacts>(packageKind, {
  interrupted: () => 'plan-again',
  async gather(params, context) {
    const host = context.host(params.host)
    const { stdout } = await host.run(`PATH="$PATH:/usr/sbin:/sbin"\nid -u\n${findManager}`, {
      signal: context.signal,
    })
    const [uid, found] = stdout.split('\n')
    const manager = managerNames.find((name) => name === (found === 'apt-get' ? 'apt' : found))
    if (manager === undefined) throw new NoPackageManagerError(host.name)
    const listed = await host.run(managers[manager].installed(wanted(params).map(({ name }) => name)), {
      signal: context.signal,
    })
    const rows = listed.stdout.split('\n').flatMap((row) => {
      const [name, version] = row.split('\t')
      return name === undefined || version === undefined ? [] : [[name, version] as const]
    })
    return { manager, isRoot: uid === '0', installed: Object.fromEntries(rows) }
  },
  plan(params, facts) {
    const { installed } = facts
    if (params.state === 'absent') {
      return removal(
        params,
        facts,
        wanted(params).flatMap(({ name }) => (installed[name] === undefined ? [] : [name])),
      )
    }
    const missing = wanted(params).filter(({ name, version }) => {
      const present = installed[name]
      return present === undefined || (version !== undefined && !sameVersion(present, version))
    })
    return installation(params, facts, missing)
  },
  undo(params, before) {
    const names = wanted(params).map(({ name }) => name)
    if (params.state === 'present') {
      return removal(
        params,
        before,
        names.filter((name) => before.installed[name] === undefined),
      )
    }
    return installation(
      params,
      before,
      names.flatMap((name) => (before.installed[name] === undefined ? [] : [{ name }])),
    )
  },
})

function wanted({ packages }: PackageParams): readonly Wanted[] {
  return packages.map((one) => (typeof one === 'string' ? { name: one } : one))
}

/** A version without packaging suffix and epoch matches any of them: `15.8` matches `1:15.8-0+deb12u1`. */
function sameVersion(present: string, version: string): boolean {
  const bare = version.includes(':') ? present : present.replace(/^\d+:/, '')
  return bare === version || (bare.startsWith(version) && /^[-+~]/.test(bare.slice(version.length)))
}

function installation(
  params: PackageParams,
  facts: PackageFacts,
  missing: readonly Wanted[],
): readonly Command[] {
  if (missing.length === 0) return []
  const { host } = params
  const manager = managers[facts.manager]
  const words = pinned(missing, '=')
  const refresh: Command[] =
    manager.refresh === undefined
      ? []
      : [
          {
            do: 'shell',
            host,
            title: 'refresh the list of packages',
            script: asRoot(manager.refresh, facts.isRoot),
          },
        ]
  const script = asRoot(manager.install(missing), facts.isRoot)
  return [...refresh, { do: 'shell', host, title: `install ${words.join(', ')}`, script }]
}

function removal(params: PackageParams, facts: PackageFacts, names: readonly string[]): readonly Command[] {
  if (names.length === 0) return []
  const script = asRoot(managers[facts.manager].remove(names), facts.isRoot)
  return [{ do: 'shell', host: params.host, title: `remove ${names.join(', ')}`, script }]
}
