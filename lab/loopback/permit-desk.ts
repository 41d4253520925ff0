import { join } from 'node:path'
import type { LabDescription } from '../description.ts'
import type { Host } from './host.ts'

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
