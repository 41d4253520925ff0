import type { GateResult, Rehearsal } from '../event.ts'
import { evaluateLoadGates } from './gates.ts'
import type { Said } from '../../words/message.ts'
import { said } from '../../words/said.ts'
import type { Gates } from './gates.ts'
import type { LoadReport } from '../../measurement/load.ts'
import { doneIn, type StepDoes } from '../../playbook/does.ts'
import type { StepOutcome } from '../../playbook/outcome.ts'

/** What a rehearsed switch forth and back reports (a step that does `rehearse`). */
export interface RehearsedSwitches {
  readonly cutoverMs: number
  readonly rollbackMs: number
  readonly cutoverGapMs: number
  readonly rollbackGapMs: number
  /** Absent where nobody can write meanwhile, as in a switch with the system stopped. */
  readonly ackedWrites?: number
  readonly lostWrites?: number
}

/** What a verification reports (a step that does `verify`). */
export interface VerificationResult {
  readonly equal: boolean
  readonly rows: number
  readonly differences: readonly string[]
  /** What was left out; absent in outcomes of older programs. */
  readonly notCompared?: readonly Said[]
}

/**
 * Holds the results of the rehearsal's steps against the policy. What was not done at all is a missed gate: a rehearsal
 * without a load test, a verification or a rehearsed switch does not pass. Every one of them counts, since each may be of
 * another application or dataset.
 */
export function judgeRehearsal(
  done: readonly StepOutcome[],
  gates: Gates,
): Omit<Rehearsal, 'evidenceDigest'> {
  const outcomes = (does: StepDoes) => done.filter((one) => doneIn(one) === does)
  const results = (does: StepDoes): readonly unknown[] => outcomes(does).map(({ result }) => result)
  const loads = outcomes('load-test').map(({ step, result }: { step: string; result: unknown }): LoadTest => [
    step,
    result as LoadReport,
  ])
  const verifications = results('verify') as readonly VerificationResult[]
  const switches = results('rehearse') as readonly RehearsedSwitches[]
  const sum = (of: (one: RehearsedSwitches) => number) => switches.reduce((total, one) => total + of(one), 0)
  const longest = (of: (one: RehearsedSwitches) => number) => Math.max(...switches.map(of))
  return {
    // One after another, as a window has to hold them.
    cutoverMs: sum((one) => one.cutoverMs),
    rollbackMs: sum((one) => one.rollbackMs),
    ...(switches.length > 0 && {
      cutoverGapMs: longest((one) => one.cutoverGapMs),
      rollbackGapMs: longest((one) => one.rollbackGapMs),
    }),
    gates: [
      ...(loads.length > 0 ? loadGates(loads, gates) : [notDone('load-test', said('load-test-not-run'))]),
      verifications.length > 0
        ? verified(verifications)
        : notDone('data-verified', said('data-not-verified')),
      ...(switches.length > 0
        ? switchGates(switches, gates)
        : [notDone('switch-rehearsed', said('switch-not-rehearsed'))]),
    ],
  }
}

const notDone = (name: string, found: Said): GateResult => ({ name, passed: false, found })

type LoadTest = readonly [step: string, report: LoadReport]

/** The gates of every load test. Where there are several, each gate names its target, and the step where that says which. */
function loadGates(tests: readonly LoadTest[], gates: Gates): GateResult[] {
  if (tests.length === 1) return tests.flatMap(([, report]) => evaluateLoadGates(report, gates))
  const names = tests.flatMap(([, { targets }]) => targets.map(({ name }) => name))
  const unique = new Set(names).size === names.length
  return tests.flatMap(([step, report]) =>
    evaluateLoadGates(report, gates).map((gate) => ({
      ...gate,
      target: gate.target === undefined ? step : unique ? gate.target : `${step}: ${gate.target}`,
    })),
  )
}

function verified(verifications: readonly VerificationResult[]): GateResult {
  const rows = verifications.reduce((sum, one) => sum + one.rows, 0)
  const differences = verifications.flatMap((one) => one.differences)
  const passed = verifications.every(({ equal }) => equal)
  const notCompared = [
    ...new Map(
      verifications.flatMap((one) => one.notCompared ?? []).map((what) => [JSON.stringify(what), what]),
    ).values(),
  ]
  return {
    name: 'data-verified',
    passed,
    found: passed
      ? said('rows-the-same', { rows, ...(notCompared.length > 0 && { notCompared }) })
      : said('rows-differ', { tables: differences }),
  }
}

function switchGates(switches: readonly RehearsedSwitches[], gates: Gates): GateResult[] {
  const worst = Math.max(...switches.flatMap((one) => [one.cutoverGapMs, one.rollbackGapMs]))
  const written = switches.filter(({ ackedWrites }) => ackedWrites !== undefined)
  const lost = written.reduce((sum, { lostWrites = 0 }) => sum + lostWrites, 0)
  const acked = written.reduce((sum, { ackedWrites = 0 }) => sum + ackedWrites, 0)
  const kept = {
    name: 'rehearsed-writes-kept',
    passed: written.every(({ ackedWrites = 0 }) => ackedWrites > 0) && lost === 0,
    found: said('writes-lost', { lost, acknowledged: acked }),
  }
  return [
    ...(written.length > 0 ? [kept] : []),
    {
      name: 'rehearsed-write-gap',
      passed: worst <= gates.maxWriteGapMs,
      found: said('longest-write-gap', { gapMs: Math.round(worst), allowedMs: gates.maxWriteGapMs }),
    },
  ]
}
