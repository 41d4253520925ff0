import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { LabDescription, LabPorts } from '../description.ts'
import { type Host, writeFile } from './host.ts'
import { addresses } from './ports.ts'
import { appDatabase, appUser } from './postgres.ts'
import { quote } from './privilege.ts'
import { writeService } from './runit.ts'

const labFolder = dirname(import.meta.dirname)
const modulesFolder = join(dirname(labFolder), 'node_modules')

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
  const archive = await pack()
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

/** The application's folder with the packages it needs, as a tar archive. */
async function pack(): Promise<Buffer> {
  const modules = await packagesOf('pg')
  const args = ['-c', '--mode=u+rwX,g+rX', '-C', join(labFolder, 'apps/permit-desk'), '.']
  const packages = modules.flatMap((name) => ['-C', dirname(modulesFolder), join('node_modules', name)])
  return new Promise((resolve, reject) => {
    const tar = spawn('tar', [...args, ...packages], { stdio: ['ignore', 'pipe', 'inherit'] })
    const chunks: Buffer[] = []
    tar.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    tar.on('error', reject)
    tar.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks))
      else reject(new Error(`tar ended with ${code ?? 'a signal'} while packing the permit desk`))
    })
  })
}

const manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) })

async function packagesOf(name: string, known = new Set<string>()): Promise<string[]> {
  if (known.has(name)) return []
  known.add(name)
  const text = await readFile(join(modulesFolder, name, 'package.json'), 'utf8')
  for (const dependency of Object.keys(manifest.parse(JSON.parse(text)).dependencies)) {
    await packagesOf(dependency, known)
  }
  return [...known]
}

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
