import type { AnyRule } from '../census/rule.ts'
import { administratorIsApplication } from './administrator-is-application.ts'
import { extensionNeedsSuperuser } from './extension-needs-superuser.ts'
import { managedTooOld } from './managed-too-old.ts'
import { needsSuperuser } from './needs-superuser.ts'
import { schemaChangesUnseen } from './schema-changes-unseen.ts'
import { serviceLogsPasswords } from './service-logs-passwords.ts'
import { serviceRightMissing } from './service-right-missing.ts'
import { unseenAtService } from './unseen-at-service.ts'

/** Rules about a side whose administrator is no superuser. */
export const ofServices: readonly AnyRule[] = [
  managedTooOld,
  serviceRightMissing,
  serviceLogsPasswords,
  schemaChangesUnseen,
  administratorIsApplication,
  unseenAtService,
  needsSuperuser,
  extensionNeedsSuperuser,
]
