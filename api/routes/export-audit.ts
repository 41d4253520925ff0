import { Readable } from 'node:stream'
import { canonicalJson } from '../../domain/canonical-json.ts'
import type { AuditLog } from '../../storage/audit.ts'
import { routes } from '../contract.ts'
import { alreadySent, handle } from '../http/handler.ts'

/** One canonical JSON line for each entry, streamed: the log may be larger than memory. */
export const exportAudit = handle(routes.exportAudit, async ({ reply }, context) => {
  await reply
    .type('application/x-ndjson')
    .header('content-disposition', 'attachment; filename="audit.ndjson"')
    .send(Readable.from(linesOf(context.stores.audit)))
  return alreadySent
})

async function* linesOf(audit: AuditLog): AsyncGenerator<string> {
  for await (const line of audit.all()) yield `${canonicalJson(line)}\n`
}
