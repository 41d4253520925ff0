import type { Readable, Writable } from 'node:stream'
import type { WasWaived } from '../../domain/assessment/assessed-waivers.ts'
import type { OpenedDataset, OpensPlaces } from '../../families/family.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { SecretUse } from '../../domain/secret-use.ts'
import type { Task } from '../../domain/move/task.ts'
import type { PersonStep } from '../../domain/playbook/outcome.ts'
import type { Replacement } from '../ssh/replace-file.ts'
import type { StepDeclaration } from './declaration.ts'

/**
 * One action of a step. Commands are data: `plan` returns them without touching a host, a dry run prints them, and carrying out runs
 * them in order. Secret values never appear in a command; `secretStdin` names a secret.
 */
export type Command =
  | {
      readonly do: 'shell'
      readonly host: string
      readonly title: string
      /** POSIX shell text; every value in it was quoted by `quote`. */
      readonly script: string
      readonly stdin?: string
      readonly secretStdin?: string
      /** Exit codes that count as success; default: [0]. */
      readonly okExitCodes?: readonly number[]
      /** The command only looks, and a dry run does not count it as a change. */
      readonly changesNothing?: boolean
      /** It runs as root, by sudo where the login user is another. */
      readonly asRoot?: boolean
    }
  | ({
      readonly do: 'write-file'
      readonly asRoot?: boolean
      readonly host: string
      readonly title: string
      readonly path: string
      readonly content: string | Buffer
      /** What a dry run prints instead of the content, which may contain data of the host. */
      readonly shownAs?: string
    } & Omit<Replacement, 'signal'>)
  | {
      /** A part of a procedure that the kind carries out itself (`carryOut`); the name is for the dry run and the journal. */
      readonly do: 'procedure'
      readonly name: string
      readonly title: string
      readonly changesNothing?: boolean
    }

/** A command that ran, as it is kept in the journal and shown to people. */
export interface ShellResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** A host as a step sees it, over one shared SSH connection. */
export interface HostPort {
  readonly name: string
  readonly address: string
  /** The folder of runit services on a host without systemd. */
  readonly serviceDir?: string | undefined
  /** @throws CommandFailedError if the exit code is not in `okExitCodes` */
  run(script: string, options?: RunOptions): Promise<ShellResult>
  readFile(path: string): Promise<Buffer>
  /** Starts a script and leaves its streams open, so that bytes can flow from one host to another. */
  start(script: string): Promise<RemoteProcess>
}

/** A script that runs on a host. */
export interface RemoteProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** The exit code. It arrives only if the streams are read. @throws ConnectionLostError */
  readonly ended: Promise<number>
  /** Kills the process group on the host. */
  kill(): Promise<void>
}

export interface RunOptions {
  readonly stdin?: string | Buffer
  /** The command is killed after this time. Default: no limit with a `signal`, else 10 minutes. */
  readonly timeoutMs?: number
  readonly okExitCodes?: readonly number[]
  readonly signal?: AbortSignal
  readonly onOutput?: (chunk: string) => void
  /** Limit of standard output and of standard error, each (default: 4 MiB); beyond it the command is killed. */
  readonly maxOutputBytes?: number
}

/** The end of a move's retention, and whether the owner has released the old side. */
export type RecordedRetention = Pick<NonNullable<Migration['retention']>, 'untilMs' | 'release'>

/** A task of a move that a person has closed. */
export type ClosedTask = Pick<Task, 'id' | 'completedBy' | 'note' | 'evidence'>

/** The ports of a step. All of them belong to one run of a playbook. */
export interface StepContext {
  readonly runId: string
  readonly stepId: string
  /** The host with this name in the playbook. @throws UnknownHostError */
  host(name: string): HostPort
  /**
   * The side of a dataset with this name in the playbook, as a handle of the given family. The same name with another family is
   * that family's dataset. @throws UnknownDatabaseError
   */
  dataset<Place, Handle>(name: string, family: OpensPlaces<Place, Handle>): Handle
  /** The side of a dataset with this name, of any family. @throws UnknownDatabaseError */
  anyDataset(name: string): Promise<OpenedDataset>
  /** A secret, for what it is used for and where. @throws when it was not put there for that */
  secret(name: string, use: SecretUse): Promise<string>
  /** The resolved inputs of the playbook. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>
  /** The frozen text of a file of the playbook's folder. @throws UnknownPlaybookFileError */
  playbookFile(path: string): string
  readonly signal: AbortSignal
  /** Marks of an interrupted run of the same step, oldest first. */
  readonly marks: readonly { readonly name: string; readonly detail?: unknown }[]
  /** Records a mark, which is durable once the promise resolves. */
  mark(name: string, detail?: unknown): Promise<void>
  /** The recorded retention of the move; undefined outside a move and before a cutover. */
  retention(): Promise<RecordedRetention | undefined>
  /** The tasks of the move that people have closed; none outside a move. */
  closedTasks(): Promise<readonly ClosedTask[]>
  /** The objects of a dataset that waivers covered at the assessment; undefined outside a move. @throws UnknownDatabaseError */
  wasWaived(name: string, family: { readonly name: string }): Promise<WasWaived | undefined>
  /** Evaluates a CEL condition over the run's variables, with `facts` added. @throws ExpressionError */
  condition(expression: string, facts?: Readonly<Record<string, unknown>>): boolean
  /** Fills in the `${…}` of a text, such as a template. @throws ExpressionError */
  fill(text: string): string
  /** Reports a line to people; secrets in it are redacted. */
  say(line: string): void
  /** Removes secrets from a text. Call it before shortening a text: half a secret is not recognised. */
  redact(text: string): string
}

/** JSON of at most 256 KiB, kept in the journal and as evidence. */
export type StepResult = Readonly<Record<string, unknown>>

/**
 * The implementation of a kind. `P` are its parameters, `F` its facts. `plan` is pure: it takes facts and returns commands; an empty
 * list means "already so". An undo starts from the facts from before the step changed anything.
 */
export interface StepImplementation<P, F> {
  /**
   * What a run does with an interrupted step: `plan-again` if the facts show what is already done, `ask` if only a person can find
   * out whether the step ran.
   */
  interrupted(params: P): 'plan-again' | 'ask'
  gather(params: P, context: StepContext): Promise<F>
  plan(params: P, facts: F): readonly Command[]
  undo?(params: P, factsBefore: F): readonly Command[]
  /** The facts as the journal keeps them for `undo`, without contents of files, which may be confidential. */
  keep?(facts: F): F
  /** Replaces the default, which runs the commands one after another; for procedures with a critical section or measurements. */
  carryOut?(params: P, facts: F, commands: readonly Command[], context: StepContext): Promise<StepResult>
  /** Replaces the default, which runs the undo commands one after another. `unreachable` in the result names where nothing was undone. */
  carryOutUndo?(params: P, factsBefore: F, context: StepContext): Promise<StepResult>
}

/** An implementation whose parameter and fact types are hidden. */
export interface AnyStepImplementation {
  /** The name of the implemented kind. */
  readonly kind: string
  bind(params: unknown): BoundStep
}

/**
 * A line of a list of kinds: `{ ...declaration, load: () => import('./<kind>/index.ts') }`. Importing the list loads no implementation
 * and no package of an implementation.
 */
export interface ListedKind extends StepDeclaration<unknown> {
  load(): Promise<{ readonly implementation: AnyStepImplementation }>
}

/** A kind with parsed parameters: facts pass from `gather` to `plan` inside it. */
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
