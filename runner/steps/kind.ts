import type { Readable, Writable } from 'node:stream'
import type { WasWaived } from '../../domain/assessment/assessed-waivers.ts'
import type { OpenedDataset, OpensPlaces } from '../../families/family.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { PersonStep } from '../../domain/playbook/outcome.ts'
import type { Replacement } from '../ssh/replace-file.ts'
import type { StepDeclaration } from './declaration.ts'

/**
 * One thing a step wants done. Commands are data: `plan` returns them without touching anything, a dry run prints
 * them, and carrying out runs them in order. Secret values never appear in a command; `secretStdin` names one.
 */
export type Command =
  | {
      readonly do: 'shell'
      readonly host: string
      readonly title: string
      /** POSIX shell text; every value in it has gone through `quote`. */
      readonly script: string
      readonly stdin?: string
      readonly secretStdin?: string
      /** Exit codes that count as success (default: [0]). */
      readonly okExitCodes?: readonly number[]
      /** It only looks: a dry run does not count it as a change. */
      readonly changesNothing?: boolean
    }
  | ({
      readonly do: 'write-file'
      readonly host: string
      readonly title: string
      readonly path: string
      readonly content: string | Buffer
      /** What a dry run prints instead of the content, which may hold what was on the host before. */
      readonly shownAs?: string
    } & Omit<Replacement, 'signal'>)
  | {
      /** A part of a procedure the kind carries out itself (`carryOut`): named for the dry run and the journal. */
      readonly do: 'procedure'
      readonly name: string
      readonly title: string
      readonly changesNothing?: boolean
    }

/** What ran, as kept in the journal and shown to people. */
export interface ShellResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** A host as a step sees it: one SSH connection, reused. */
export interface HostPort {
  readonly name: string
  readonly address: string
  /** Folder of runit services on hosts without systemd. */
  readonly serviceDir?: string | undefined
  /** @throws CommandFailedError when the exit code is not among `okExitCodes`. */
  run(script: string, options?: RunOptions): Promise<ShellResult>
  readFile(path: string): Promise<Buffer>
  /** Starts a script and leaves its streams open, for bytes that flow from one host to another. */
  start(script: string): Promise<RemoteProcess>
}

/** A script running on a host. */
export interface RemoteProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** The exit code. Streams must be read for it to come. @throws ConnectionLostError */
  readonly ended: Promise<number>
  /** Kills the process group on the host. */
  kill(): Promise<void>
}

export interface RunOptions {
  readonly stdin?: string | Buffer
  /** The command is killed after this time. Default: until `signal` fires, or 10 minutes without a signal. */
  readonly timeoutMs?: number
  readonly okExitCodes?: readonly number[]
  readonly signal?: AbortSignal
  readonly onOutput?: (chunk: string) => void
  /** Standard output and standard error are kept up to this size each (default: 4 MiB); beyond it the command is killed. */
  readonly maxOutputBytes?: number
}

/** Until when a move keeps the old side, and whether the owner has released it. */
export type RecordedRetention = Pick<NonNullable<Migration['retention']>, 'untilMs' | 'release'>

/** The ports a step works through. Everything in it belongs to one playbook run. */
export interface StepContext {
  readonly runId: string
  readonly stepId: string
  /** By the playbook's name of the host. @throws UnknownHostError */
  host(name: string): HostPort
  /**
   * One side of a dataset, by the playbook's name of it, as its family hands it out. The same name with another family is
   * that family's dataset. @throws UnknownDatabaseError
   */
  dataset<Place, Handle>(name: string, family: OpensPlaces<Place, Handle>): Handle
  /** One side of a dataset with its family, whichever it is. @throws UnknownDatabaseError */
  anyDataset(name: string): Promise<OpenedDataset>
  secret(name: string): Promise<string>
  /** Playbook inputs, resolved. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>
  /** The text of a file of the playbook's folder, as it was frozen. @throws UnknownPlaybookFileError */
  playbookFile(path: string): string
  readonly signal: AbortSignal
  /** Marks already passed by an interrupted run of this very step, oldest first. */
  readonly marks: readonly { readonly name: string; readonly detail?: unknown }[]
  /** Durable when it resolves. */
  mark(name: string, detail?: unknown): Promise<void>
  /** What the move has on record of its retention; undefined outside a move and before a cutover. */
  retention(): Promise<RecordedRetention | undefined>
  /** What waivers covered in a dataset as the move was assessed; undefined outside a move. @throws UnknownDatabaseError */
  wasWaived(name: string, family: { readonly name: string }): Promise<WasWaived | undefined>
  /** Evaluates a CEL condition over the run's variables, with `facts` added. @throws ExpressionError */
  condition(expression: string, facts?: Readonly<Record<string, unknown>>): boolean
  /** Fills the `${…}` of a text, a template's for example. @throws ExpressionError */
  fill(text: string): string
  /** A line for people, never with a secret in it. */
  say(line: string): void
  /** A text without the secrets in it; what is to be shortened is given here first, as half a secret is not recognised. */
  redact(text: string): string
}

/** JSON of up to 256 KiB: ends up in the journal and as evidence. */
export type StepResult = Readonly<Record<string, unknown>>

/**
 * What carries a kind of step out. `P` are its parameters, `F` the facts it needs. `plan` is pure: facts in, commands out,
 * an empty list means "already so". An undo starts from the facts found before the step changed anything.
 */
export interface StepImplementation<P, F> {
  /**
   * What a run does with a step that was interrupted: `plan-again` when facts tell the truth about what is already so,
   * `ask` when only a person can know whether it ran.
   */
  interrupted(params: P): 'plan-again' | 'ask'
  gather(params: P, context: StepContext): Promise<F>
  plan(params: P, facts: F): readonly Command[]
  undo?(params: P, factsBefore: F): readonly Command[]
  /** The facts as the journal keeps them for `undo`: without contents of files, which may hold what must not be stored. */
  keep?(facts: F): F
  /** Replaces running the commands one after another, for procedures with a critical section or measurements. */
  carryOut?(params: P, facts: F, commands: readonly Command[], context: StepContext): Promise<StepResult>
  /** Replaces running the undo commands one after another. `unreachable` in what it gives names where nothing was undone. */
  carryOutUndo?(params: P, factsBefore: F, context: StepContext): Promise<StepResult>
}

/** An implementation whose parameter and fact types are hidden. */
export interface AnyStepImplementation {
  /** The name of the kind it carries out. */
  readonly kind: string
  bind(params: unknown): BoundStep
}

/**
 * A line of a list of kinds: `{ ...declaration, load: () => import('./<kind>/index.ts') }`. Importing the list loads no
 * implementation, and none of the packages one needs.
 */
export interface ListedKind extends StepDeclaration<unknown> {
  load(): Promise<{ readonly implementation: AnyStepImplementation }>
}

/** A kind with its parameters parsed: facts flow from `gather` to `plan` without leaving it. */
export interface BoundStep {
  person(): Omit<PersonStep, 'step'> | undefined
  interrupted(): 'plan-again' | 'ask'
  gather(context: StepContext): Promise<unknown>
  plan(facts: unknown): readonly Command[]
  undo(factsBefore: unknown): readonly Command[]
  undoable(): boolean
  keep(facts: unknown): unknown
  carryOut(
    facts: unknown,
    commands: readonly Command[],
    context: StepContext,
  ): Promise<StepResult | undefined>
  carryOutUndo(factsBefore: unknown, context: StepContext): Promise<StepResult | undefined>
}
