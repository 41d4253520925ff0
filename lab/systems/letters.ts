import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql, { type Connection } from 'mysql2/promise'
import { chooseHome } from '../../config/home.mjs'
import type { System } from '../../domain/ledger/system.ts'
import type { Place, PlanInputV2 } from '../../domain/plan/plan.ts'
import { quote } from '../../runner/ssh/quote.ts'
import { databaseSides, type DatabaseSide, type LabDescription } from '../description.ts'
import type { Lab } from '../lab.ts'
import { lettersSecret, mariadbSecretOf } from '../loopback/describe.ts'
import { mariadbAdmin, mariadbPort, startMariadbOn } from '../loopback/mariadb-server.ts'
import { ensureMariadb } from '../loopback/mariadb.ts'
import { packApplication } from '../loopback/pack.ts'
import { here, host, httpEndpoint, organisations, policy } from '../plan.ts'
import { ensureSecret } from '../secrets.ts'
import { runOn } from '../ssh.ts'
import type { LabSystem } from './system.ts'

const service = 'letters'
/** The database of the letters, and the account of their application. */
export const database = 'letters'
export const appUser = 'letters'

const ledger: System = {
  system: service,
  name: '群众来信登记系统',
  department: 'permit-bureau',
  vendor: 'permit-soft',
  network: 'extranet-administrative',
  mlpsLevel: 2,
  classified: false,
  description:
    'The register of letters of the lab: HTTP, a MariaDB that it connects to itself, and uploaded files.',
}

/** Where it lies on the old host; on every other one at the same place below that host's own folder. */
function placesOf({ permitDesk }: LabDescription) {
  return {
    codeDir: join(dirname(permitDesk.codeDir), service),
    configFile: join(dirname(permitDesk.configFile), 'letters.conf'),
    uploadDir: join(dirname(dirname(permitDesk.uploadDir)), service, 'uploads'),
  }
}

function databasePlace(lab: LabDescription, side: DatabaseSide): Place {
  return {
    host: side,
    address: lab.hosts[side].address,
    port: mariadbPort(lab),
    database,
    adminUser: mariadbAdmin,
    adminSecret: mariadbSecretOf(side),
    appUsers: [appUser],
    appSecret: lettersSecret,
  }
}

function uploadPlace(lab: LabDescription, side: DatabaseSide): Place {
  return { host: side, path: here(lab, side, placesOf(lab).uploadDir) }
}

/** The plan that moves the register of letters, with its clients connected to its MariaDB themselves. */
function plan(lab: LabDescription): PlanInputV2 {
  const { codeDir, configFile } = placesOf(lab)
  const site = (side: DatabaseSide) => ({
    host: side,
    url: `http://${lab.hosts[side].address}:${String(lab.permitDesk.port)}`,
    directory: here(lab, side, codeDir),
    configFile: here(lab, side, configFile),
    service,
  })
  const sides = (place: typeof databasePlace) => ({
    source: place(lab, 'old'),
    staging: place(lab, 'staging'),
    target: place(lab, 'cloud'),
  })
  return {
    version: 2,
    plan: 'letters-plan',
    system: ledger.system,
    hosts: {
      old: { ...host(lab, 'old', 'source'), hostKey: lab.hosts.old.hostKeyFingerprint },
      staging: host(lab, 'staging', 'staging'),
      cloud: host(lab, 'cloud', 'target'),
      entry: { ...host(lab, 'entry', 'entry'), hostKey: lab.hosts.entry.hostKeyFingerprint },
    },
    datasets: {
      letters: { family: 'mysql', ...sides(databasePlace) },
      uploads: { family: 'files', ...sides(uploadPlace) },
    },
    endpoints: {
      letters: { kind: 'none', fronts: 'letters', clients: [] },
      http: httpEndpoint(lab.entry, service),
    },
    applications: {
      letters: {
        healthPath: '/health',
        writeProbe: {
          path: '/letters',
          body: JSON.stringify({ key: '{unique}', text: '割接验证' }),
          readPath: '/letters?key={unique}',
        },
        sites: { source: [site('old')], staging: [site('staging')], target: [site('cloud')] },
      },
    },
    playbooks: {
      deploy: 'letters-deploy',
      copy: 'mysql-copy',
      rehearse: 'mysql-rehearsal',
      replicate: 'mysql-replicate',
      cutover: 'system-cutover',
      afterCutover: 'system-after-cutover',
      rollback: 'system-rollback',
      close: 'system-close',
    },
    organisations,
    policy: policy(),
    waivers: [],
    inputs: { 'load-path': '/letters' },
  }
}

const answersWithinMs = 60_000

/** A connection to the MariaDB of a host as its administrator, once that answers; the caller ends it. */
export async function connectedTo(lab: Lab, side: DatabaseSide): Promise<Connection> {
  const giveUpAtMs = Date.now() + answersWithinMs
  for (;;) {
    try {
      return await mysql.createConnection({
        host: lab.description.hosts[side].address,
        port: mariadbPort(lab.description),
        user: mariadbAdmin,
        password: lab.secret(mariadbSecretOf(side)),
        multipleStatements: true,
      })
    } catch (error) {
      if (Date.now() > giveUpAtMs) throw error
      await sleep(100)
    }
  }
}

/** Has every host run a MariaDB, that of the old one with the letters in it. */
async function installDatabases(lab: Lab, password: string): Promise<void> {
  const release = await ensureMariadb(chooseHome().path)
  await Promise.all(databaseSides.map(async (side) => startMariadbOn(lab, side, release)))
  for (const side of databaseSides) {
    const connection = await connectedTo(lab, side)
    if (side === 'old') {
      const schema = await readFile(join(import.meta.dirname, '../apps/letters/schema.sql'), 'utf8')
      await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4;
CREATE USER '${appUser}'@'%' IDENTIFIED BY '${password}'; GRANT ALL PRIVILEGES ON ${database}.* TO '${appUser}'@'%';
USE ${database}; ${schema}`)
    }
    await connection.end()
  }
}

/** Has the old host run the register of letters in the place of the permit desk, at the same address. */
async function install(lab: Lab): Promise<void> {
  const password = await ensureSecret(lab.description.home, lettersSecret)
  await installDatabases(lab, password)
  const { codeDir, configFile, uploadDir } = placesOf(lab.description)
  const { address, serviceDir, logDir } = lab.description.hosts.old
  const { port, service: replaced } = lab.description.permitDesk
  const folder = join(serviceDir, service)
  const archive = join(lab.description.home, 'lab', 'letters.tar')
  await writeFile(archive, await packApplication(service, 'mysql2'), { mode: 0o644 })
  const config = Object.entries({
    SITE: 'old',
    LISTEN_HOST: address,
    LISTEN_PORT: String(port),
    DB_HOST: address,
    DB_PORT: String(mariadbPort(lab.description)),
    DB_NAME: database,
    DB_USER: appUser,
    DB_PASSWORD_FILE: `${configFile}.password`,
    UPLOAD_DIR: uploadDir,
  }).map(([name, value]) => `${name}=${value}\n`)
  const run = `#!/bin/sh\nexec >>${quote(join(logDir, 'letters.log'))} 2>&1\nexec node ${quote(join(codeDir, 'server.mjs'))} ${quote(configFile)}\n`
  const write = (path: string, text: string) => `printf %s ${quote(text)} > ${quote(path)}`
  const { exitCode, stderr } = await runOn(
    lab,
    'old',
    `set -e; umask 027
sv -w 30 down ${quote(join(serviceDir, replaced))}; touch ${quote(join(serviceDir, replaced, 'down'))}
mkdir -p ${quote(codeDir)} ${quote(uploadDir)} ${quote(folder)}
tar -xf ${quote(archive)} -C ${quote(codeDir)}
${write(configFile, config.join(''))}
${write(`${configFile}.password`, password)}; chmod 600 ${quote(`${configFile}.password`)}
${write(join(folder, 'run.new'), run)}
chmod 750 ${quote(join(folder, 'run.new'))}; mv ${quote(join(folder, 'run.new'))} ${quote(join(folder, 'run'))}
left=100; until sv -w 30 up ${quote(folder)} 2>/dev/null; do left=$((left - 1)); [ $left -gt 0 ]; sleep 0.2; done`,
  )
  if (exitCode !== 0) throw new Error(`the register of letters could not be installed: ${stderr}`)
}

/** The register of letters, whose application connects to a MariaDB itself. */
export const letters: LabSystem = {
  name: service,
  ledger,
  plan,
  install,
  writers: 'letters',
  hasJobs: false,
}
