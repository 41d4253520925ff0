import type { CommandData, CommandName } from '../move/command.ts'
import type { MigrationEvent } from '../move/event.ts'
import type { Actor } from '../organisation.ts'

/** What was asked of a move, and by whom. */
export interface GivenCommand<N extends CommandName = CommandName> {
  readonly migration: string
  readonly name: N
  /** Chosen by whoever asks: the same id is the same request. */
  readonly requestId: string
  readonly actor: Actor
  readonly data: Readonly<CommandData[N]>
  /** SHA-256 of what came over the API, by which a request that comes again is known; absent for what the product asks itself. */
  readonly bodyDigest?: string
}

/** The record of what was asked of moves: what does not stand there, nobody has asked. */
export interface CommandsPort {
  /**
   * Puts a command on record before it is sent to its move; again, it counts as asked now.
   * @throws RequestReusedError when the id stands for another request
   */
  give(command: GivenCommand, atMs: number): Promise<void>
  find(migration: string, requestId: string): Promise<RecordedCommand | undefined>
  /** The events on record that carry a command out. */
  carriedOutBy(migration: string, requestId: string): Promise<readonly EventPlace[]>
  /** Puts on record that a move was asked for what nobody has given, past the API. */
  noteNotGiven(what: NotGiven): Promise<void>
}

export interface RecordedCommand extends GivenCommand {
  readonly givenAtMs: number
}

export type EventPlace = Pick<MigrationEvent, 'sequence' | 'type'>

/** What was asked for, and in whose name. */
export interface NotGiven {
  readonly migration: string
  readonly what: string
  readonly account: string
}
