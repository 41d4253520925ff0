import type pg from 'pg'
import { pour } from '../../copy/pour.ts'
import { oneRow, withClient } from '../../server/connections.ts'
import { ensureControl } from '../../server/control.ts'
import { controlDatabase } from '../../server/control-schema.ts'
import { TargetNotEmptyError } from '../../errors.ts'
import { countLargeObjects } from '../../copy/large-objects.ts'
import { clearTarget, dropDatabase, lookForDatabase, makeDatabase } from '../../copy/make-database.ts'
import { copyDatabaseAttributes, copyRoles, withRolesOf } from '../../copy/roles.ts'
import { serverMajor } from '../../replication/subscriptions.ts'
import { writeManifest } from '../../verify/manifest.ts'
import { type RangeSums, rangeSums } from '../../verify/sums.ts'
import { verifiedTables } from '../../verify/tables.ts'
import { sourceName } from '../../verify/verify.ts'
import type { StepContext, StepResult } from '../../../../runner/steps/kind.ts'
import { implementKind } from '../../../../runner/steps/implement-kind.ts'
import { implementation as postgresql } from '../../index.ts'
import { namedSides } from '../named-sides.ts'
import { type PostgresCopyParams, postgresCopy } from './params.ts'

interface PostgresCopyFacts {
  readonly sides: Readonly<Record<'from' | 'to', string>>
  readonly targetExists: boolean
  readonly targetTables: readonly string[]
  readonly sourceTables: readonly string[]
}

/** Carries {@link postgresCopy} out. */
export const implementation = implementKind<PostgresCopyParams, PostgresCopyFacts>(postgresCopy, {
  // The target is filled in one transaction: an interrupted copy leaves nothing behind.
  interrupted: () => 'plan-again',
  async gather({ from, to }, context) {
    const [source, target] = await Promise.all([
      lookForDatabase(context.dataset(from, postgresql)),
      lookForDatabase(context.dataset(to, postgresql)),
    ])
    return {
      sides: namedSides({ from, to }, context),
      sourceTables: source.tables,
      targetExists: target.exists,
      targetTables: target.tables,
    }
  },
  plan({ mode, replace }, { sides: { from, to }, targetExists, targetTables, sourceTables }) {
    if (targetTables.length > 0 && !replace) throw new TargetNotEmptyError(to, targetTables)
    const drop = targetTables.length > 0
    const part = (name: string, title: string) => ({ do: 'procedure' as const, name, title })
    return [
      part('roles', `copy the roles ${from} needs to the server of ${to}`),
      ...(drop ? [part('drop', `drop database ${to} with its ${targetTables.length} tables`)] : []),
      ...(drop || !targetExists
        ? [part('create', `create database ${to} with the encoding of ${from}`)]
        : []),
      part(
        'pour',
        `pour ${mode === 'schema-only' ? 'the schema' : 'schema and data'} of ${sourceTables.length} tables`,
      ),
      part('analyze', `analyze ${to}`),
    ]
  },
  carryOut: async (params, _facts, _commands, context) => copyDatabase(params, context),
  async carryOutUndo({ to }, { targetExists }, context) {
    // A database that existed before is left empty, because its contents are gone.
    const port = context.dataset(to, postgresql)
    await dropDatabase(port)
    if (targetExists) await makeDatabase(port, port).catch(() => undefined)
    return { dropped: true }
  },
})

async function copyDatabase(params: PostgresCopyParams, context: StepContext): Promise<StepResult> {
  const from = context.dataset(params.from, postgresql)
  const to = context.dataset(params.to, postgresql)
  const began = Date.now()
  await clearTarget(to, params.replace)
  return withClient(from, 'copy', async (source) => {
    const roles = await withClient(
      to,
      'copy',
      async (client) => (await copyRoles(source, client, from)).made,
      'postgres',
    )
    await makeDatabase(from, to)
    const bytes = await pourSnapshot(params, context, source)
    return withClient(to, 'copy', async (target) => {
      const names = { from: from.database, to: to.database }
      const carry = async () => copyDatabaseAttributes(source, target, names)
      await withRolesOf({ from, to }, carry, (line) => {
        context.say(line)
      })
      await target.query('analyze')
      return {
        rolesMade: roles,
        tables: (await lookForDatabase(to)).tables.length,
        largeObjects: await countLargeObjects(target),
        dumpBytes: bytes,
        elapsedMs: Date.now() - began,
      }
    })
  })
}

/**
 * Pours one snapshot of the source, and records the sum of every range in it: the source goes on changing, and the copy is verified
 * against that record.
 */
async function pourSnapshot(
  params: PostgresCopyParams,
  context: StepContext,
  source: pg.Client,
): Promise<number> {
  const from = context.dataset(params.from, postgresql)
  const to = context.dataset(params.to, postgresql)
  const schemaOnly = params.mode === 'schema-only'
  const fromMajor = await serverMajor(source)
  await source.query('begin isolation level repeatable read')
  const { snapshot } = await oneRow<{ snapshot: string }>(source, 'select pg_export_snapshot() as snapshot')
  const bytes = await pour({
    from,
    fromMajor,
    to,
    schemaOnly,
    snapshot,
    signal: context.signal,
    onBytes: everyTenMegabytes(context),
  })
  if (!schemaOnly) {
    const manifest = new Map<string, RangeSums>()
    for (const table of await verifiedTables(source))
      manifest.set(table.name, await rangeSums(source, table, 'open-transaction'))
    await ensureControl(to)
    const write = async (control: pg.Client) =>
      writeManifest(control, to.database, sourceName(from), manifest)
    await withClient(to, 'copy', write, controlDatabase)
  }
  await source.query('commit')
  return bytes
}

function everyTenMegabytes(context: StepContext): (bytes: number) => void {
  let said = 0
  return (bytes) => {
    if (bytes - said < 10_000_000) return
    said = bytes
    context.say(`${Math.round(bytes / 1_000_000)} MB poured`)
  }
}
