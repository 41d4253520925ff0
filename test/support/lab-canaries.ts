import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { databaseSides } from '../../lab/description.ts'
import { openLab } from '../../lab/lab.ts'
import { withSide } from '../../lab/writers/places.ts'
import { canaryOf, type Canary } from './canaries.ts'

/** What people use as passwords, around a part that stands nowhere else in the world. */
const shapes: Readonly<Record<string, (core: string) => string>> = {
  'lab-postgres-old': (core) => `pa ss'${core}\\`,
  'lab-postgres-staging': (core) => `密码${core}口令`,
  'lab-postgres-cloud': (core) => `/${core}+%&=?#@:`,
  'lab-pgbouncer': (core) => `<${core}>&amp;'`,
  'lab-permit-desk': (core) => `a$(${core})\`;b`,
}

/** The passwords of a lab to come, kept in the home folder that it will have. Gives each as a canary, with its value. */
export function writeLabPasswords(home: string): readonly (Canary & { readonly value: string })[] {
  mkdirSync(home, { recursive: true, mode: 0o755 })
  mkdirSync(join(home, 'secrets'), { recursive: true, mode: 0o700 })
  return Object.entries(shapes).map(([name, shape]) => {
    const core = randomBytes(12).toString('hex')
    const value = shape(core)
    writeFileSync(join(home, 'secrets', name), value, { mode: 0o600 })
    return { ...canaryOf(name, core), value }
  })
}

/** What a stack makes for itself as it starts: its own passwords, tokens, the keys people sign with and the key of its hosts. */
export async function madeByStack(home: string): Promise<readonly Canary[]> {
  const sshKey = join(home, 'secrets', 'lab-ssh-key')
  while (!existsSync(join(home, 'lab', 'lab.json')) || readdirSync(join(home, 'accounts')).length < 12)
    await sleep(100)
  const inFolder = (folder: string) =>
    readdirSync(join(home, folder)).map((name) => {
      const text = readFileSync(join(home, folder, name), 'utf8').trim()
      return text.includes('PRIVATE KEY') ? keyCanary(name, text) : canaryOf(name, text)
    })
  return [
    ...inFolder('accounts'),
    ...inFolder('own-secrets'),
    keyCanary('ssh key', readFileSync(sshKey, 'utf8')),
  ]
}

/** By the part of the file that stands for the secret half of an Ed25519 key: the public half is everybody's. */
function keyCanary(name: string, pem: string): Canary {
  const body = pem.replaceAll(/-----[^-]+-----|\s/g, '')
  const bytes = Buffer.from(body, 'base64')
  const marker = Buffer.from('ssh-ed25519')
  const first = bytes.indexOf(marker)
  const seedAt =
    first === -1
      ? bytes.length - 32
      : bytes.lastIndexOf(bytes.subarray(first + marker.length + 4, first + marker.length + 36)) - 32
  const text = body.slice(Math.ceil((seedAt * 8) / 6) + 1, Math.floor(((seedAt + 32) * 8) / 6))
  return { name, parts: [text.slice(0, 13), text.slice(13, 26), text.slice(26)] }
}

/** Has the servers of a lab write every statement of their administrators into their logs, as an audit of the operating unit would. */
export async function logEverything(home: string): Promise<void> {
  const lab = await openLab(home)
  for (const side of databaseSides)
    await withSide(lab, side, async (client) => {
      const { adminUser } = lab.description.databases[side]
      await client.query(`alter role ${adminUser} set log_statement = 'all'`)
    })
}
