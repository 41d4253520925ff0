import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where the stack keeps what, in one home folder. */
export function homeLayout(home: string) {
  return {
    home,
    lock: join(home, 'standalone.json'),
    logs: join(home, 'logs'),
    secrets: join(home, 'secrets'),
    ownSecrets: join(home, 'own-secrets'),
    accounts: join(home, 'accounts'),
    postgresData: join(home, 'postgres'),
    temporalData: join(home, 'temporal'),
    lab: join(home, 'lab'),
    contexts: join(home, 'context.json'),
  }
}

export type HomeLayout = ReturnType<typeof homeLayout>

/** The programs the set-up put into a home folder. */
export function homeBinaries(home: string) {
  return {
    temporal: join(home, 'bin', 'temporal'),
    temporalTestServer: join(home, 'bin', 'temporal-test-server'),
    postgres: join(home, 'postgresql-18'),
  }
}

export type HomeBinaries = ReturnType<typeof homeBinaries>

/** Makes the folders. The home itself stays passable, because servers run as users of their own; secrets do not. */
export function makeFolders(layout: HomeLayout): void {
  mkdirSync(layout.home, { recursive: true, mode: 0o755 })
  mkdirSync(layout.logs, { recursive: true, mode: 0o755 })
  for (const folder of [layout.secrets, layout.ownSecrets, layout.accounts])
    mkdirSync(folder, { recursive: true, mode: 0o700 })
}
