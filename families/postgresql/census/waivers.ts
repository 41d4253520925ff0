import type { WasWaived } from '../../../domain/assessment/assessed-waivers.ts'
import { type Waiver, type Waivers, coversByPattern, waiverFor } from '../../../domain/plan/waiving.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import { postgresql } from '../declaration.ts'
import { largeObjects } from '../rules/large-objects.ts'

/** The waivers of a step. */
export interface GivenWaivers {
  readonly waivers: Waivers
  /** What waivers covered at the assessment; absent outside a move and in the assessment itself. */
  readonly wasWaived?: WasWaived | undefined
}

/** The waivers of a step, with what they covered at the assessment of its move. */
export async function givenWaivers(
  { from, waivers }: { readonly from: string; readonly waivers: Waivers },
  context: Pick<StepContext, 'wasWaived'>,
): Promise<GivenWaivers> {
  return { waivers, wasWaived: await context.wasWaived(from, postgresql) }
}

/** The waiver that matches a finding; `late` if the object did not exist when its pattern was agreed. */
export interface Fitting {
  readonly waiver: Waiver
  readonly late: boolean
}

/** Prepares look-ups for many objects. An object from after the assessment is covered only by its own name. */
export function fitting({
  waivers,
  wasWaived,
}: GivenWaivers): (rule: string, object: string) => Fitting | undefined {
  const waiving = waiverFor(waivers)
  return (rule, object) => {
    const waiver = waiving(rule, object)
    if (waiver === undefined) return undefined
    const late = wasWaived !== undefined && coversByPattern(waiver) && !wasWaived(rule, object)
    return { waiver, late }
  }
}

/** Whether a waiver lets each switch copy large objects, which are not replicated. */
export function copiesLargeObjects(given: GivenWaivers): boolean {
  return fitting(given)(largeObjects.id, largeObjects.id)?.late === false
}
