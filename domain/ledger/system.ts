import { z } from 'zod'
import { saying, wanted } from '../schema-problems.ts'
import { said } from '../words/said.ts'
import { Identifier } from '../identifier.ts'
import { maskSecrets } from '../secret-text.ts'
import { isUnknownCell, readClassified, readDowntimeHours, readMlpsLevel, unknown } from './cells.ts'

/** Where a ledger entry stands before and after its move. */
export const systemStates = ['registered', 'planned', 'moving', 'moved', 'closed', 'aborted'] as const
export type SystemState = (typeof systemStates)[number]

/** `<system>-<n>` names a move: a system of such a name would be taken for one, and a move for it. */
const SystemName = Identifier.refine((name) => !/-\d+$/.test(name), wanted('id-not-of-move'))

const networks = [
  'intranet',
  'extranet-public',
  'extranet-administrative',
  'private-network',
  'internet',
  'standalone',
  unknown,
] as const

/** A cell in any of its usual spellings; one that nobody can read is refused with what may stand there. */
const cell = <T>(
  read: (cell: unknown) => T | undefined,
  name: 'mlpsLevel' | 'classified' | 'acceptableDowntimeHours',
) =>
  z.unknown().transform((found, context): T => {
    const known = read(found)
    if (known !== undefined) return known
    context.issues.push({
      code: 'custom',
      input: found,
      ...saying(said(`cell-${name}`, { found: quoted(found) })),
    })
    return z.NEVER
  })

const Classified = z.union([z.boolean(), z.literal(unknown)])
const Level = z.literal([0, 1, 2, 3, 4, 5, unknown])

/**
 * One entry of the ledger (台账). Later columns are additions. What a department left blank is `unknown`: never the harmless
 * value.
 */
export const System = z.strictObject({
  system: SystemName,
  name: z.string().trim().min(1).max(200),
  /** Who owns it. */
  department: Identifier,
  vendor: Identifier.optional(),
  network: z.enum(networks).default(unknown),
  /** 等保 level, 0 for not graded. The cloud carries level 3 and below (上海 2019 §3(三)6). */
  mlpsLevel: cell(readMlpsLevel, 'mlpsLevel').pipe(Level).prefault(unknown),
  /** 涉密. */
  classified: cell(readClassified, 'classified').pipe(Classified).prefault(unknown),
  /** 可接受停机时长: how long it may be away for its users at a switch; absent while its department has not said. */
  acceptableDowntimeHours: cell(readDowntimeHours, 'acceptableDowntimeHours')
    .pipe(z.number())
    .exactOptional(),
  description: z.string().max(2000).default(''),
})
export type System = z.infer<typeof System>

const mayBeUnknown = new Set(['vendor', 'network', 'acceptableDowntimeHours'])

/**
 * A row as it is read: blank cells say nothing, and neither do a vendor and a network nobody knows yet. What departments write
 * into remarks is masked before anything else is done with it.
 */
export function ledgerRow(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row
  return Object.fromEntries(
    Object.entries(row)
      .filter(([column, value]) => !isBlank(value) && !(mayBeUnknown.has(column) && isUnknownCell(value)))
      .map(([column, value]) => [
        column,
        typeof value === 'string' ? maskSecrets(value) : (value as unknown),
      ]),
  )
}

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')

function quoted(found: unknown): string {
  return JSON.stringify(found).slice(0, 60)
}
