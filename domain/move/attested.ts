import type { StepOutcome } from '../playbook/outcome.ts'
import { refuse, type Refusal } from './command.ts'
import type { Migration } from './migration.ts'
import type { Task } from './task.ts'

/** The figures that are written with a task of a tracked move, and how each is read. */
const kindOf = {
  'began-at': 'instant',
  'ended-at': 'instant',
  'done-by': 'text',
  serves: 'side',
  lost: 'text',
  'items-compared': 'count',
  'items-different': 'count',
  'failed-share': 'share',
  'p95-ratio': 'number',
  'cutover-minutes': 'number',
  'rollback-minutes': 'number',
  'stop-minutes': 'number',
  'stop-minutes-back': 'number',
  availability: 'share',
  'longest-outage-minutes': 'number',
  incidents: 'count',
  'removed-bytes': 'count',
  method: 'text',
} as const
export type FigureName = keyof typeof kindOf
type Figures = Readonly<Record<string, string>>

/** Who did it, and when: with every task of a tracked move. */
export const doneFigures = ['done-by', 'began-at', 'ended-at'] as const satisfies readonly FigureName[]

/** What is written besides, by what a task attests. */
export const attestedFigures = {
  verify: ['items-compared', 'items-different'],
  'load-test': ['failed-share', 'p95-ratio'],
  rehearse: ['cutover-minutes', 'rollback-minutes', 'stop-minutes', 'stop-minutes-back'],
  switch: ['serves', 'lost'],
  wipe: ['method', 'removed-bytes'],
  sides: ['serves'],
  'trial-run': ['availability', 'longest-outage-minutes', 'incidents'],
} as const satisfies Readonly<Record<string, readonly FigureName[]>>
export type Attested = keyof typeof attestedFigures

/** The figures of a task that attests something, or of one that only says that it was done. */
export function figuresOf(attests: Attested | undefined): readonly FigureName[] {
  return [...doneFigures, ...(attests === undefined ? [] : attestedFigures[attests])]
}

const reads: Readonly<Record<(typeof kindOf)[FigureName], (text: string) => boolean>> = {
  instant: (text) => /T.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  text: (text) => text.trim() !== '',
  side: (text) => text === 'old' || text === 'new',
  count: (text) => /^\d{1,15}$/.test(text),
  share: (text) => /^(0(\.\d+)?|1(\.0+)?)$/.test(text),
  number: (text) => /^\d{1,9}(\.\d{1,6})?$/.test(text),
}

/** A clock that is a little ahead of ours. */
const toleranceMs = 300_000

/** Why the figures written with a task are not those it wants. */
export function figuresRefusal(
  m: Pick<Migration, 'cutover' | 'switches'>,
  { id, wantsFigures = [] }: Pick<Task, 'id' | 'wantsFigures'>,
  figures: Figures,
  nowMs: number,
): Refusal | undefined {
  const missing = wantsFigures.filter((name) => !Object.hasOwn(figures, name))
  if (missing.length > 0) return refuse('figures-missing', { task: id, missing })
  const unknown = Object.keys(figures).filter((name) => !wantsFigures.includes(name))
  if (unknown.length > 0) return refuse('figures-unknown', { task: id, unknown, wanted: wantsFigures })
  const unread = wantsFigures.filter((name) => !reads[kindOf[name as FigureName]](figures[name] ?? ''))
  if (unread.length > 0) return refuse('figures-unread', { task: id, unread })
  if (!wantsFigures.includes('began-at')) return undefined
  const [began, ended] = [Date.parse(figures['began-at'] ?? ''), Date.parse(figures['ended-at'] ?? '')]
  // Written before it is so, or the wrong way round, it is nothing that somebody saw.
  if (ended < began || ended > nowMs + toleranceMs) return refuse('figures-out-of-order', { task: id })
  const startsAtMs = m.cutover?.window.startsAtMs
  const isSwitch = wantsFigures.includes('lost') && m.switches.at(-1)?.kind !== 'cutover'
  return isSwitch && startsAtMs !== undefined && began < startsAtMs
    ? refuse('switched-before-window', { task: id })
    : undefined
}

/** A task that was closed, as the outcome of a step that attests what the engine would have measured. */
export function attestedOutcome(
  step: string,
  attests: Exclude<Attested, 'sides' | 'trial-run'>,
  task: Task,
): StepOutcome {
  const result = resultOf(attests, task.figures ?? {})
  return { step, kind: 'task', does: attests, result: { ...result, attested: true, task: task.id } }
}

function resultOf(attests: Exclude<Attested, 'sides' | 'trial-run'>, figures: Figures) {
  const number = (name: FigureName): number => Number(figures[name] ?? 0)
  const minutes = (name: FigureName): number => number(name) * 60_000
  switch (attests) {
    case 'verify':
      return { compared: number('items-compared'), different: number('items-different') }
    case 'load-test':
      return { failedShare: number('failed-share'), p95Ratio: number('p95-ratio') }
    case 'rehearse':
      return {
        cutoverMs: minutes('cutover-minutes'),
        rollbackMs: minutes('rollback-minutes'),
        cutoverGapMs: minutes('stop-minutes'),
        rollbackGapMs: minutes('stop-minutes-back'),
      }
    case 'switch':
      return { serves: figures['serves'] ?? '', lost: figures['lost'] ?? '' }
    case 'wipe':
      return { method: figures['method'] ?? '', removedBytes: number('removed-bytes') }
  }
}
