import type { WasWaived } from '../../domain/assessment/assessed-waivers.ts'
import { outageToSurviveMs } from '../../domain/plan/policy.ts'
import { datasetsOf, endpointsOf, hostsOf } from '../../domain/plan/places.ts'
import { asksFor, secretUsesOf } from '../../domain/plan/secret-uses.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { Playbook } from '../../domain/playbook/playbook.ts'
import { onHost, type SecretUse } from '../../domain/secret-use.ts'
import type { StepJournal } from '../../domain/playbook/step-journal.ts'
import type { FamilyPorts, OpenedDataset, OpensPlaces } from '../../families/family.ts'
import { loadFamily } from '../../families/index.ts'
import { UndeclaredSecretError, UnknownPlaybookFileError } from '../language/errors.ts'
import { type Variables, evaluateCondition } from '../language/expression.ts'
import { fillText } from '../language/template.ts'
import { targetOf } from '../ssh/plan-target.ts'
import type { HostPool } from '../ssh/pool.ts'
import type { Implementations } from '../steps/find-kind.ts'
import type { SecretReader } from '../secrets/bound-secrets.ts'
import type {
  AnyStepImplementation,
  ClosedTask,
  HostPort,
  RecordedRetention,
  StepContext,
} from '../steps/kind.ts'
import { Bindings } from './bindings.ts'
import { datasetPlace } from './datasets.ts'
import { eachStep, type RunStep } from './each-step.ts'
import { type InputValue, resolveInputs } from './inputs.ts'
import { Redactor } from './redactor.ts'
import { UnknownStepError } from './errors.ts'
import { runVariables } from './variables.ts'

export interface PlaybookRunParts {
  readonly request: RunRequest
  readonly playbook: Playbook
  /** The files of the playbook's folder: path → text. */
  readonly files: ReadonlyMap<string, string>
  readonly secrets: SecretReader
  readonly journal: StepJournal
  readonly hostPool: HostPool
  /** The implementations of the playbook's kinds. */
  readonly implementations: Implementations
  readonly retentionOf?: (migration: string) => Promise<RecordedRetention | undefined>
  readonly closedTasksOf?: (migration: string) => Promise<readonly ClosedTask[]>
  readonly waivedOf?: (migration: string, dataset: string) => Promise<WasWaived | undefined>
}

export interface StepSurroundings {
  readonly signal: AbortSignal
  readonly marks: StepContext['marks']
  readonly say: (line: string) => void
}

/** How much of a line a heartbeat contains. */
const longestLine = 500

/** One run of a playbook with its names bound, which every step gets. */
export class PlaybookRun {
  readonly request: RunRequest
  /** The steps as they run: a repeated step occurs once for each item. */
  readonly playbook: Omit<Playbook, 'steps'> & { readonly steps: readonly RunStep[] }
  readonly journal: StepJournal
  readonly bindings: Bindings
  readonly inputs: Readonly<Record<string, InputValue>>
  readonly redactor = new Redactor()
  /** What was read once is not asked for again: in a switch nothing waits for the product's own database. */
  private readonly known = new Map<string, Promise<string>>()

  /** @throws InvalidInputError if inputs are missing or invalid; ExpressionError if a `forEach` fails */
  constructor(private readonly parts: PlaybookRunParts) {
    const { request, playbook } = parts
    this.request = request
    this.journal = parts.journal
    this.bindings = new Bindings(request, playbook)
    this.inputs = resolveInputs(playbook, request, this.bindings)
    const variables = runVariables(request, this.bindings, this.inputs, [])
    this.playbook = { ...playbook, steps: eachStep(playbook.steps, variables) }
  }

  /** @throws UnknownStepError */
  step(id: string): RunStep {
    const step = this.playbook.steps.find((one) => one.id === id)
    if (step === undefined) throw new UnknownStepError(id, this.playbook.playbook)
    return step
  }

  /** The implementation of a kind of this playbook. @throws TypeError for a kind that the playbook does not use */
  implementation(kind: string): AnyStepImplementation {
    const found = this.parts.implementations.get(kind)
    if (found === undefined) throw new TypeError(`The kind "${kind}" is not loaded.`)
    return found
  }

  /** The variables of expressions, with the results of the steps that are done. */
  async variables(): Promise<Variables> {
    const journal = await this.journal.readRun(this.request.runId)
    return runVariables(this.request, this.bindings, this.inputs, journal)
  }

  context(stepId: string, variables: Variables, around: StepSurroundings): StepContext {
    const { runId } = this.request
    return {
      runId,
      stepId,
      inputs: this.inputs,
      playbookFile: (path) => this.file(path),
      signal: around.signal,
      marks: around.marks,
      host: (name) => this.host(name),
      dataset: (name, family) => this.dataset(name, family),
      anyDataset: async (name) => this.anyDataset(name),
      secret: async (name, use) => this.secret(name, use),
      mark: async (name, detail) => this.journal.mark(runId, stepId, name, this.redactor.json(detail)),
      retention: async () => this.parts.retentionOf?.(this.request.migration),
      closedTasks: async () => (await this.parts.closedTasksOf?.(this.request.migration)) ?? [],
      wasWaived: async (name, { name: family }) => {
        const { dataset } = datasetPlace(this.request.plan, this.bindings, name, family)
        return this.parts.waivedOf?.(this.request.migration, dataset)
      },
      condition: (expression, facts = {}) => evaluateCondition(expression, { ...variables, facts }),
      fill: (text) => String(fillText(text, variables)),
      say: (line) => {
        around.say(this.redactor.text(line).slice(0, longestLine))
      },
      redact: (text) => this.redactor.text(text),
    }
  }

  private file(path: string): string {
    const { files } = this.parts
    const text = files.get(path)
    if (text === undefined) throw new UnknownPlaybookFileError(path, [...files.keys()])
    return text
  }

  private host(name: string): HostPort {
    return this.reached(this.bindings.assertHost(name).name)
  }

  /** By the host's name in the plan. */
  private reached(name: string): HostPort {
    const secret = async (called: string, use: SecretUse) => this.readSecret(called, use)
    return this.parts.hostPool.host(targetOf(this.request, name, secret))
  }

  private dataset<Place, Handle>(name: string, family: OpensPlaces<Place, Handle>): Handle {
    const { place } = datasetPlace(this.request.plan, this.bindings, name, family.name)
    // The datasets of a plan were parsed by the schema of their family when the plan was made.
    return family.open(place as Place, this.ports(name))
  }

  private async anyDataset(name: string): Promise<OpenedDataset> {
    const { family: named, place } = datasetPlace(this.request.plan, this.bindings, name)
    const family = await loadFamily(named)
    return { family, handle: family.open(place, this.ports(name)) }
  }

  private ports(called: string): FamilyPorts {
    return {
      called,
      // A place names its host as the plan does, not as the playbook does.
      host: (name) => this.reached(name),
      secret: async (secret, use) => this.readSecret(secret, use),
      outageToSurviveMs: outageToSurviveMs(this.request.plan.policy),
    }
  }

  /**
   * Reads every secret that a step may meet, so that it is redacted in the output of hosts: a later activity may read back what an
   * earlier one of this run wrote. A secret that cannot be read is reported where it is needed.
   */
  async learnSecrets(): Promise<void> {
    const { plan } = this.request
    const names = new Set([...this.stepSecrets(), ...this.placeSecrets(/Secret$/)])
    const ofPlan = secretUsesOf(plan).filter(({ secret }) => names.has(secret))
    const ofPlaybook = this.playbook.secrets.flatMap((secret) =>
      hostsOf(plan).map(({ address }) => ({ secret, ...onHost(address) })),
    )
    await Promise.allSettled([...ofPlan, ...ofPlaybook].map(async (use) => this.readSecret(use.secret, use)))
  }

  private async secret(name: string, use: SecretUse): Promise<string> {
    if (!this.stepSecrets().includes(name)) throw new UndeclaredSecretError(name)
    return this.readSecret(name, use)
  }

  /** The secrets that the playbook declares, those of its databases' applications, and that of their entry. */
  private stepSecrets(): readonly string[] {
    const ofDatabases = this.placeSecrets(/^appSecret$/)
    const ofEntries = endpointsOf(this.request.plan, 'pgbouncer').map(({ adminSecret }) => adminSecret)
    return [...this.playbook.secrets, ...ofDatabases, ...ofEntries]
  }

  /** The secrets of the places of this run, by the names of their fields. */
  private placeSecrets(called: RegExp): readonly string[] {
    const roles = new Set(this.bindings.databaseNames().map((name) => this.bindings.assertDatabase(name)))
    return datasetsOf(this.request.plan).flatMap((dataset) =>
      [...roles].flatMap((role) =>
        Object.entries(dataset[role]).flatMap(([field, value]) =>
          called.test(field) && typeof value === 'string' ? [value] : [],
        ),
      ),
    )
  }

  private async readSecret(name: string, { purpose, address }: SecretUse): Promise<string> {
    const key = JSON.stringify([name, purpose, address])
    const reading = this.known.get(key) ?? this.readAnew(name, { purpose, address })
    this.known.set(key, reading)
    reading.catch(() => this.known.delete(key))
    return reading
  }

  private async readAnew(name: string, use: SecretUse): Promise<string> {
    const { plan } = this.request
    const value = await this.parts.secrets.read(name, { ...use, ...asksFor(plan) })
    this.redactor.learn(name, value)
    return value
  }
}
