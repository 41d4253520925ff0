import { readFile } from 'node:fs/promises'
import { LabCommandError } from '../errors.ts'
import { type Account, type Privilege, root } from './privilege.ts'

/**
 * Gives the system user of that name, made when absent. It owns nothing outside the lab's folder: its home is `/`, and
 * each lab gives its sessions a HOME of their own, because several labs share the users.
 */
export async function ensureUser(privilege: Privilege, name: string): Promise<Account> {
  const found = await findUser(name)
  if (found !== undefined) return found
  try {
    await privilege.run(root, 'useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/',
      '--shell',
      '/bin/bash',
      '--comment',
      'a host of the Qianyun lab',
      name,
    ])
  } catch (error) {
    // Another lab may have made the user in the meantime.
    const made = await findUser(name)
    if (made !== undefined) return made
    throw error
  }
  const made = await findUser(name)
  if (made === undefined)
    throw new LabCommandError('root', `useradd ${name}`, 0, 'the user is not in /etc/passwd')
  return made
}

async function findUser(name: string): Promise<Account | undefined> {
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [user, , uid, gid] = line.split(':')
    if (user === name) return { name, uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}
