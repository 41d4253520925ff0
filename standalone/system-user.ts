import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'

import { firstClosedFolder } from '../config/home.mjs'
import { QianyunError } from '../domain/errors.ts'
import { says } from './sentences.ts'

export interface SystemUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Thrown when a server that must not run as root cannot reach its files as its own user. */
export class FolderClosedError extends QianyunError {
  override name = 'FolderClosedError'
  readonly code = 'folder-closed'

  constructor(
    readonly folder: string,
    readonly needed: string,
    readonly userName: string,
  ) {
    super(says.folderClosed(folder, needed, userName))
  }
}

/**
 * The user PostgreSQL runs as: a system user of its own when root runs the stack (PostgreSQL refuses root),
 * undefined for the invoking user. The user is made when it is absent.
 */
export function stackUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const name = 'qy-stack'
  const found = findUser(name)
  if (found !== undefined) return found
  const shell = '/usr/sbin/nologin'
  execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', shell, name], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const made = findUser(name)
  if (made === undefined) throw new Error(`useradd made no user "${name}"`)
  return made
}

/** Throws FolderClosedError when `user` could not pass the folders on the way to `path`. */
export function assertReachable(path: string, user: SystemUser): void {
  const closed = firstClosedFolder(dirname(path))
  if (closed !== undefined) throw new FolderClosedError(closed, path, user.name)
}

function findUser(name: string): SystemUser | undefined {
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[0] === name)
  return entry === undefined ? undefined : { name, uid: Number(entry[2]), gid: Number(entry[3]) }
}
