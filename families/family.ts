import type { z } from 'zod'
import type { Finding } from '../domain/assessment/finding.ts'
import type { LocalText } from '../domain/identifier.ts'
import type { ClientHost } from '../domain/plan/client-hosts.ts'
import type { Endpoint } from '../domain/plan/endpoint.ts'
import type { Method, MethodFacts } from '../domain/plan/method.ts'
import type { Waivers } from '../domain/plan/waiving.ts'
import type { SecretUse } from '../domain/secret-use.ts'
import type { Said } from '../domain/words/message.ts'
import type { HostPort, ListedKind } from '../runner/steps/kind.ts'
import type { BothSides } from './both-sides.ts'
import type { WayBackPorts, WayBackWatcher } from './way-back.ts'

/**
 * What can be said of a family without reaching a dataset. `Place` is one side of a dataset, as a plan has it. A declaration
 * stands in the family's `declaration.ts`, which is pure: zod and domain/ only.
 */
export interface FamilyDeclaration<Place> {
  /** What plans call it. */
  readonly name: string
  /** What people call it. */
  readonly title: LocalText
  /** The schema of one side of a dataset in a plan. */
  readonly place: z.ZodType<Place>
  /** The kinds of endpoints that stand in front of its datasets. */
  readonly endpoints: readonly string[]
  /** Whether several of its datasets can be switched at one decision point; absent where that is one. */
  readonly switchesTogether?: true
  /** The kinds of steps it brings. */
  readonly steps: readonly ListedKind[]
  /** Fills a place with what it takes of the files of the playbook that deploys the application; absent where that is nothing. */
  filled?(
    place: Place,
    files: ReadonlyMap<string, string>,
  ): { readonly place: Place; readonly missing: readonly string[] }
  /** How a dataset of it crosses, by its places and what stands before it. */
  method?(facts: MethodFacts<Place>): Method
  /** The program whose process says that a host has a dataset of this family, by the command line of the process. */
  readonly program?: RegExp
  /** Whether two places are the same: a place used for two sides would be wiped while it holds the only copy. */
  samePlace(one: Place, other: Place): boolean
}

/** What a family opens its places with. */
export interface FamilyPorts {
  /** The place's name for people: the playbook's own, or the side it belongs to. */
  readonly called: string
  /** A host of the plan, by the name the place gives. */
  readonly host: (name: string) => HostPort
  readonly secret: (name: string, use: SecretUse) => Promise<string>
  /** How long an outage of the other side is to be survived, where a policy says so. */
  readonly outageToSurviveMs?: number
}

/** What hands out the handles of a family. */
export interface OpensPlaces<Place, Handle> {
  readonly name: string
  readonly place: z.ZodType<Place>
  /** Connects nowhere yet. */
  open(place: Place, ports: FamilyPorts): Handle
}

/** An endpoint of a plan that stands in front of a dataset. Hosts are reached as they are asked for. */
export interface EndpointInFront {
  readonly endpoint: Endpoint
  readonly host: (name: string) => HostPort
  /** The hosts of the plan's applications, and where a database with nothing in front of it expects them to come from. */
  readonly clients: { readonly hosts: readonly ClientHost[]; readonly addresses: readonly string[] }
  readonly secret: (name: string, use: SecretUse) => Promise<string>
}

/** What a look at a dataset that is to move found, and what it comes to. */
export interface DatasetAssessment<Facts> {
  /** Plain JSON. */
  readonly facts: Facts
  /** Those that a waiver of the plan covers carry its reason. */
  readonly findings: readonly Finding[]
  /** What is to be upgraded on the way, for people: `PostgreSQL 11.2 → 15.8`. */
  readonly upgrades: readonly string[]
}

/** What stands at a place before it is removed, as the proof of the removal shows it. Plain JSON. */
export interface FoundAtPlace {
  readonly bytes: number
}

/**
 * What became of the bytes of what was removed, a word each. The words of NIST SP 800-88 are used as it does: to overwrite once
 * what the file system gives out is "clear", and that on a disk that writes in place; "purge" and "destroy" are the disk owner's.
 */
export interface Disposal {
  readonly overwritten: readonly Said[]
  readonly removedOnly: readonly Said[]
  /** What is still there beside it, and holds, or may hold, the same data. */
  readonly stillThere: readonly Said[]
  readonly notLookedAt: readonly Said[]
}

export interface RemovalOptions {
  /** Whether it is right that there is nothing to remove. */
  readonly mayBeEmpty: boolean
  /** Whether what is on disk is overwritten first, where the family knows how. */
  readonly overwrite: boolean
  readonly signal: AbortSignal
}

/**
 * Removes a side for good. An interrupted removal goes through the same steps again: a check, what is there, its removal, what
 * is left of it, and what is remembered of the side elsewhere.
 */
export interface Removal<Handle, Found extends FoundAtPlace> {
  /** Refuses a side that serves, or that nothing proves to be left. A place where nothing is passes. */
  check(handle: Handle): Promise<void>
  find(handle: Handle, options: RemovalOptions): Promise<Found>
  remove(handle: Handle, found: Found, options: RemovalOptions): Promise<void>
  /** What became of the bytes. From what was found before: a run that goes on later says the same. */
  disposal(handle: Handle, found: Found, options: Pick<RemovalOptions, 'overwrite'>): Disposal
  /** What of it is still there; empty when nothing is. */
  left(handle: Handle, found: Found): Promise<readonly string[]>
  /** Forgets the side once nothing of it is left. */
  forget(handle: Handle): Promise<void>
}

/** The code that knows one sort of dataset. `Handle` is what its own code works on one side of a dataset with. */
export interface Family<Place, Handle, Facts = unknown, Found extends FoundAtPlace = FoundAtPlace>
  extends FamilyDeclaration<Place>, OpensPlaces<Place, Handle> {
  readonly name: string
  readonly place: z.ZodType<Place>
  /** Logs in once where the dataset is, or is to be. @throws when that is refused, or nobody answers */
  reach(handle: Handle): Promise<void>
  /**
   * Takes stock of a dataset and judges it, together with the place it moves to as far as that is there already.
   * @throws when the dataset itself cannot be reached
   */
  assess(
    source: Handle,
    options: {
      readonly target?: Handle
      readonly waivers: Waivers
      readonly inFront?: readonly EndpointInFront[]
    },
  ): Promise<DatasetAssessment<Facts>>
  /**
   * Refuses what stands against a switch and can be known while the new side is empty; absent where nothing can.
   * @throws with every obstacle that no waiver covers
   */
  preflight?(
    source: Handle,
    options: {
      readonly target: Handle
      readonly waivers: Waivers
      readonly inFront: readonly EndpointInFront[]
    },
  ): Promise<void>
  /** What is done on both sides at once; absent where a family's datasets do not serve by themselves. */
  readonly bothSides?: BothSides<Handle>
  /**
   * Watches how well the old side of its datasets follows the new one; absent where a family keeps no way back. Connects
   * nowhere yet.
   */
  health?(ports: WayBackPorts<Handle>): WayBackWatcher
  /** Removes a side for good. */
  readonly removal: Removal<Handle, Found>
}

/** A family whose types are hidden: what one of its methods gives, another of the same family is given. */
export type AnyFamily = Family<unknown, unknown>

/**
 * A line of the list of families: `{ ...declaration, load: () => import('./<family>/index.ts') }`. Importing the list loads
 * none of the packages that reaching a dataset needs.
 */
export interface ListedFamily extends FamilyDeclaration<unknown> {
  load(): Promise<{ readonly implementation: AnyFamily }>
}

/** One side of a dataset, opened, with its family. */
export interface OpenedDataset {
  readonly family: AnyFamily
  readonly handle: unknown
}
