import type { StepResult } from '../steps/kind.ts'

/** Limit of a result: results are kept in the journal and as evidence, and that of a switch also in the workflow. */
const limitBytes = 256 * 1024

/** A result that is small enough to keep: fields beyond the limit are dropped and named in `leftOut`. */
export function trimmedResult(result: StepResult): StepResult {
  if (sizeOf(result) <= limitBytes) return result
  const kept: Record<string, unknown> = {}
  const leftOut: string[] = []
  for (const [key, value] of Object.entries(result)) {
    if (sizeOf({ ...kept, [key]: value, leftOut: [...Object.keys(result)] }) <= limitBytes) kept[key] = value
    else leftOut.push(key)
  }
  return { ...kept, leftOut }
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
