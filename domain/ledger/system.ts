import { z } from 'zod'
import { Identifier } from '../identifier.ts'

/** Where a ledger entry stands before and after its move. */
export const systemStates = ['registered', 'planned', 'moving', 'moved', 'closed', 'aborted'] as const
export type SystemState = (typeof systemStates)[number]

/** `<system>-<n>` names a move: a system of such a name would be taken for one, and a move for it. */
const SystemName = Identifier.refine(
  (name) => !/-\d+$/.test(name),
  'must not end in a hyphen and a number, as the ids of moves do; write "oa-phase2" or "oa2" for "oa-2"',
)

/** One entry of the ledger (台账). Later columns are additions. */
export const System = z.strictObject({
  system: SystemName,
  name: z.string().trim().min(1).max(200),
  department: Identifier,
  vendor: Identifier.optional(),
  network: z
    .enum([
      'intranet',
      'extranet-public',
      'extranet-administrative',
      'private-network',
      'internet',
      'standalone',
    ])
    .default('extranet-administrative'),
  /** 等保 level, 0 for not graded. The cloud carries level 3 and below (上海 2019 §3(三)6). */
  mlpsLevel: z.int().min(0).max(5).default(0),
  classified: z.boolean().default(false),
  description: z.string().max(2000).default(''),
})
export type System = z.infer<typeof System>
