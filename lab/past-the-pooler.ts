import { runOn } from './ssh.ts'
import type { Lab } from './lab.ts'

/** Has the permit desk of the old host connect to its database itself, as many systems do that never had a pooler. */
export async function leadPastThePooler(lab: Lab): Promise<void> {
  const { configFile, service } = lab.description.permitDesk
  const { address, port } = lab.description.databases.old
  const { serviceDir } = lab.description.hosts.old
  const { exitCode, stderr } = await runOn(
    lab,
    'old',
    `sed -i -e 's/^DB_HOST=.*/DB_HOST=${address}/' -e 's/^DB_PORT=.*/DB_PORT=${String(port)}/' '${configFile}' && sv restart '${serviceDir}/${service}'`,
  )
  if (exitCode !== 0) throw new Error(`the permit desk could not be led past its pooler: ${stderr}`)
}
