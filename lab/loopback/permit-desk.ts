import { join } from 'node:path'
import type { LabDescription, LabPorts } from '../description.ts'
import { type Host, writeFile } from './host.ts'
import { packApplication } from './pack.ts'
import { addresses } from './ports.ts'
import { appDatabase, appUser } from './postgres.ts'
import { quote } from './privilege.ts'
import { writeService } from './runit.ts'

/** Where the permit desk lies on the old host. */
export function permitDeskPlaces(host: Host): Omit<LabDescription['permitDesk'], 'host' | 'port'> {
  const codeDir = join(host.home, 'srv/permit-desk')
  return {
    codeDir,
    configFile: join(host.etc, 'permit-desk.conf'),
    passwordFile: join(host.etc, 'permit-desk.password'),
    uploadDir: join(host.home, 'data/permit-desk/uploads'),
    logFile: join(host.logDir, 'permit-desk.log'),
    service: 'permit-desk',
    crontab: join(host.etc, 'crontab'),
    cronJob: join(codeDir, 'bin/daily-summary'),
  }
}

/** False once the permit desk was seeded; from then on its files belong to it, or to whoever moves it away. */
export async function needsPermitDesk(host: Host): Promise<boolean> {
  const answer = await host.privilege.script(host.account, `[ -e ${quote(madeMark(host))} ] || echo yes`)
  return answer.trim() === 'yes'
}

/** Deploys the permit desk on the old host with its service down; its supervisor may start afterwards. */
export async function deployPermitDesk(host: Host, ports: LabPorts, appPassword: string): Promise<void> {
  const { codeDir, configFile, passwordFile, uploadDir, crontab, cronJob, service } = permitDeskPlaces(host)
  const archive = await packApplication('permit-desk', 'pg')
  const script = `umask 027
mkdir -p ${quote(codeDir)} ${quote(uploadDir)} || exit 1
${writeFile(configFile, configuration(host, ports))}
${writeFile(passwordFile, appPassword, { mode: 600 })}
${writeFile(crontab, `# 行政许可受理系统\n*/5 * * * * ${cronJob} ${configFile}\n`)}
${writeService(host, { name: service, command: [join(codeDir, 'bin/permit-desk'), configFile], workingDir: codeDir, down: true })}
`
  await host.privilege.script(host.account, script)
  await host.privilege.run(host.account, 'tar', ['-xf', '-', '-C', codeDir], { input: archive })
}

/** Fills the permit desk's database and upload folder, always with the same data, and starts it. */
export async function seedPermitDesk(host: Host, ports: LabPorts): Promise<void> {
  const { codeDir, configFile, service } = permitDeskPlaces(host)
  // Straight to the database: the entry may still be on its way up.
  const seed = ['node', join(codeDir, 'seed.mjs'), configFile, host.address, String(ports.postgres)]
  const serviceDir = quote(join(host.serviceDir, service))
  await host.privilege.script(
    host.account,
    `umask 027
${seed.map(quote).join(' ')} || exit 1
rm -f ${serviceDir}/down
sv up ${serviceDir} && touch ${quote(madeMark(host))}
`,
    host.env,
  )
}

const madeMark = (host: Host) => join(host.etc, 'permit-desk.made')

function configuration(host: Host, ports: LabPorts): string {
  const { passwordFile, uploadDir } = permitDeskPlaces(host)
  return `# 行政许可受理系统 permit desk
SITE=${host.name}
LISTEN_HOST=${host.address}
LISTEN_PORT=${ports.app}
PUBLIC_URL=http://${host.address}:${ports.app}
DB_HOST=${addresses.entry}
DB_PORT=${ports.pgbouncer}
DB_NAME=${appDatabase}
DB_USER=${appUser}
DB_PASSWORD_FILE=${passwordFile}
UPLOAD_DIR=${uploadDir}
`
}
