import { z } from 'zod'

/** What the ledger has against the move (domain/move/ledger-contradiction.ts). */
export const LedgerSchema = z.object({
  contradictions: z.array(
    z.object({
      cell: z.enum(['classified', 'mlpsLevel', 'department']),
      planned: z.string(),
      found: z.string(),
    }),
  ),
  atMs: z.number(),
})
