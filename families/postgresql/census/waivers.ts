import type { WasWaived } from '../../../domain/assessment/assessed-waivers.ts'
import { type Waiver, type Waivers, coversByPattern, waiverFor } from '../../../domain/plan/waiving.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import { postgresql } from '../declaration.ts'
import { largeObjects } from '../rules/large-objects.ts'

/** The waivers a step is given. */
export interface GivenWaivers {
  readonly waivers: Waivers
  /** What waivers covered as the system was assessed; absent outside a move and in the assessment itself. */
  readonly wasWaived?: WasWaived | undefined
}

/** The waivers of a step, with what they covered as its move was assessed. */
export async function givenWaivers(
  { from, waivers }: { readonly from: string; readonly waivers: Waivers },
  context: Pick<StepContext, 'wasWaived'>,
): Promise<GivenWaivers> {
  return { waivers, wasWaived: await context.wasWaived(from, postgresql) }
}

/** The waiver that fits what a rule found; `late` when that was not there yet as its pattern was agreed to. */
export interface Fitting {
  readonly waiver: Waiver
  readonly late: boolean
}

/** Makes ready to be asked about many objects. An object that came after the assessment is covered by its name alone. */
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

/** Whether large objects are copied at each switch, by waiver: they are not replicated. */
export function copiesLargeObjects(given: GivenWaivers): boolean {
  return fitting(given)(largeObjects.id, largeObjects.id)?.late === false
}
