import { refuse } from '../../domain/move/command.ts'
import { routes } from '../contract.ts'
import { CommandRefusedError } from '../../moves/errors.ts'
import { alreadySent, handle } from '../http/handler.ts'
import { visibleMove } from '../use-cases/visibility.ts'

/** Byte by byte what was digested: whoever keeps the answer can check the ETag against it. */
export const showReport = handle(routes.showReport, async ({ params, query, reply, account }, context) => {
  const move = await visibleMove(context, account, params.system)
  const digest = query.digest ?? move.report?.digest
  if (digest === undefined) {
    throw new CommandRefusedError(refuse('no-report'))
  }
  const report = await context.stores.reports.get(move.migration, digest)
  await reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('etag', `"${report.digest}"`)
    .header('x-report-version', String(report.version))
    .send(Buffer.from(report.text, 'utf8'))
  return alreadySent
})
