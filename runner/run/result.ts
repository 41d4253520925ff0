import type { StepResult } from '../steps/kind.ts'

/** Results end up in the journal and as evidence, proofs of what was removed among them; that of a switch in the workflow too. */
const limitBytes = 256 * 1024

/** A result small enough to keep: fields that do not fit any more are left out and named in `leftOut`. */
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
