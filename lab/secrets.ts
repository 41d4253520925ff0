import { randomBytes } from 'node:crypto'
import { link, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSecretFile } from '../config/secrets.ts'

/** The path of a secret: one file in <home>/secrets. */
export function secretPath(home: string, name: string): string {
  return join(home, 'secrets', name)
}

/** Gives the secret of that name, made at random when there is none. Letters and digits only, safe in any file format. */
export async function ensureSecret(home: string, name: string): Promise<string> {
  await ensureSecretFile(home, name, (draft) =>
    writeFile(draft, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' }),
  )
  return readSecretFile(home, name)
}

/** Makes a secret's file when there is none: `write` fills the draft it is given, with mode 0600. */
export async function ensureSecretFile(
  home: string,
  name: string,
  write: (draft: string) => Promise<void>,
): Promise<void> {
  const path = secretPath(home, name)
  if (await stat(path).catch(() => undefined)) return
  await mkdir(join(home, 'secrets'), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  await write(draft)
  try {
    // A link never replaces: of two starters that both find nothing, one wins and both read the same.
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(draft)
  }
}
