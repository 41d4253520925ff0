import { Console } from '../../pgbouncer/admin.ts'
import type { EntryTarget } from '../../pgbouncer/databases-file.ts'
import { pooledEntryOf } from '../../pgbouncer/endpoint.ts'
import { writeEntries } from '../../pgbouncer/entry-file.ts'
import { reloadOrPutBack } from '../../pgbouncer/reload-check.ts'
import { entryLine } from '../../pgbouncer/entry-line.ts'
import type { Pooler } from '../../pgbouncer/pooler.ts'
import { sameTarget, targetOf } from '../../pgbouncer/target.ts'
import type { StepContext } from '../../../../runner/steps/kind.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { implementation as postgresql } from '../../index.ts'
import { type EndpointPgbouncerParams, endpointPgbouncer } from './params.ts'

interface EndpointPgbouncerFacts {
  readonly file: EntryTarget
  readonly running: EntryTarget
  readonly paused: boolean
  readonly wanted: EntryTarget
}

/** Carries {@link endpointPgbouncer} out. */
export const implementation = implementKind<EndpointPgbouncerParams, EndpointPgbouncerFacts>(
  endpointPgbouncer,
  {
    interrupted: () => 'plan-again',
    async gather(params, context) {
      const entry = await pooledEntryOf(params.endpoint, context)
      const wanted = targetOf(context.dataset(params.to, postgresql))
      const file = await entryLine(entry.host, entry.file, entry.name, wanted)
      return withConsole(entry, async (console) => {
        const { host, port, database, paused } = await console.look(entry.name)
        return { file, running: { host, port, database }, paused, wanted }
      })
    },
    plan({ endpoint, to }, { file, running, paused, wanted }) {
      if (sameTarget(file, wanted) && sameTarget(running, wanted) && !paused) return []
      return [
        {
          do: 'procedure',
          name: 'point',
          title: `"${endpoint.entryName}": ${show(running)} → ${show(wanted)} ("${to}"), clients wait meanwhile`,
        },
      ]
    },
    async carryOut(params, { running, wanted }, _commands, context) {
      const waitedMs = await point(params, wanted, context)
      return { from: show(running), to: show(wanted), waitedMs }
    },
    async carryOutUndo(params, { file }, context) {
      const waitedMs = await point(params, file, context)
      return { to: show(file), waitedMs }
    },
  },
)

/** Pauses, writes the file, reloads and resumes. Clients are resumed whatever fails. */
async function point(
  { endpoint, pauseTimeoutMs }: EndpointPgbouncerParams,
  target: EntryTarget,
  context: StepContext,
): Promise<number> {
  const entry = await pooledEntryOf(endpoint, context)
  return withConsole(entry, async (console) => {
    await console.assertAllAnswer()
    await console.resume(entry.name)
    const began = performance.now()
    await console.pause(entry.name, pauseTimeoutMs)
    try {
      const before = await entryLine(entry.host, entry.file, entry.name, target)
      await writeEntries(entry.host, entry.file, [{ name: entry.name, target }])
      try {
        await reloadOrPutBack(console, entry, (look) => look !== undefined && sameTarget(look, target), {
          clientsWait: true,
        })
      } catch (error) {
        await writeEntries(entry.host, entry.file, [{ name: entry.name, target: before }])
        throw error
      }
    } finally {
      await console.resume(entry.name)
    }
    return Math.round(performance.now() - began)
  })
}

async function withConsole<T>(entry: Pooler, work: (console: Console) => Promise<T>): Promise<T> {
  const console = await Console.open(entry.console)
  try {
    return await work(console)
  } finally {
    await console.close()
  }
}

function show({ host, port, database }: EntryTarget): string {
  return `${host}:${port}/${database}`
}
