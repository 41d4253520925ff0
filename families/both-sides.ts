import type { WasWaived } from '../domain/assessment/assessed-waivers.ts'
import type { GivenUp, KeptDump } from '../domain/move/giving-up.ts'
import type { Side, SidesLook } from '../domain/move/workflow-end.ts'
import type { Waivers } from '../domain/plan/waiving.ts'
import type { ClosedTask, HostPort } from '../runner/steps/kind.ts'
import type { EndpointInFront } from './family.ts'

/** What stands on record on both sides of a dataset. */
export interface DatasetSides extends SidesLook {
  /** What they have on record of the switch that opened the new side, where that is open. */
  readonly switched?: Readonly<Record<string, unknown>>
  /** A switch was cut off, and nobody has on record that clients are led to the side that serves. Run again it sees to that. */
  readonly unsettled?: true
}

export interface SettleOptions<Handle> {
  /** The endpoints that lead to the dataset. */
  readonly inFront: readonly EndpointInFront[]
  /** The plan's other datasets of the same family. A switch of several at once was decided by one of them. */
  readonly others?: readonly {
    readonly old: Handle
    readonly newSide: Handle
    readonly inFront: readonly EndpointInFront[]
  }[]
  readonly signal: AbortSignal
}

/** A dataset of which exactly one side serves, with its clients going on there. */
export interface SettledDataset {
  /** `none`: nobody has ever prepared it for a switch, and the old side serves. */
  readonly serves: Side | 'none'
  /** The side that serves had been closed, and was opened again. */
  readonly undone: boolean
}

export interface ReseedOptions {
  readonly waivers: Waivers
  /** What waivers covered as the system was assessed. */
  readonly wasWaived: WasWaived | undefined
  /** What the old side was given up by, where it may hold what is nowhere else. */
  readonly givenUp?: Pick<GivenUp, 'dump' | 'by'> | undefined
  readonly signal: AbortSignal
}

/** What tells whether a side may be given up. */
export interface GivingUpOptions {
  readonly dump: KeptDump
  readonly host: (name: string) => HostPort
  readonly closedTasks: () => Promise<readonly ClosedTask[]>
  readonly signal: AbortSignal
}

/** A side that has everything again. */
export interface Reseeded {
  readonly rows: number
  readonly copyMs: number
}

/** A change of the schema that both sides get while one follows the other. */
export interface SchemaChangeOptions {
  /** The same change under the same name is made once, and goes on where it stopped. */
  readonly id: string
  readonly sql: string
  /** The role it is made as, where that is not obvious. */
  readonly role?: string | undefined
  /** An earlier try was cut off, and one side may have it. */
  readonly mayBeHalfMade: boolean
  readonly signal: AbortSignal
}

/** What a schema change came to. */
export interface SchemaChanged {
  /** Tables that are followed from now on. */
  readonly newTables: readonly string[]
  /** How long statements may have waited for it on the side that serves. */
  readonly heldMs: number
}

/** What is done on both sides at once of a dataset that serves by itself. */
export interface BothSides<Handle> {
  /** Asks which of them serves. */
  look(old: Handle, newSide: Handle): Promise<DatasetSides>
  /**
   * Brings a dataset to exactly one side that serves, its endpoints leading there, before anything of it is undone or taken for
   * granted. Harmless when repeated.
   */
  settle(old: Handle, newSide: Handle, options: SettleOptions<Handle>): Promise<SettledDataset>
  /** Seeds the old side anew from the new one, which goes on serving, and verifies it. Goes on where it stopped. */
  reseed(old: Handle, newSide: Handle, options: ReseedOptions): Promise<Reseeded>
  /**
   * Makes sure that what a side took alone may be given up: its dump is kept, and two people have agreed. Undefined where it took nothing
   * alone.
   */
  mayGiveUp(
    side: Handle,
    serving: Handle,
    options: GivingUpOptions,
  ): Promise<Pick<GivenUp, 'dump' | 'by'> | undefined>
  /** Removes a side that was given up, so that it can be made anew. Harmless when repeated. */
  dropGivenUp(side: Handle, serving: Handle, givenUp: Pick<GivenUp, 'dump' | 'by'>): Promise<void>
  /**
   * Changes the schema on both sides while the new one serves, the old one first; refused where that could not follow any
   * more. Absent where a family's datasets have no schema.
   */
  changeSchema?(old: Handle, newSide: Handle, options: SchemaChangeOptions): Promise<SchemaChanged>
}
