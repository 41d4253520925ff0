import type { PlanView } from '../../api/contract.ts'
import { methodNames } from '../../api/contract.ts'
import { nameOf, say as sayWord } from '../../domain/words/said.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import type { Session } from '../identity/session.ts'
import { planMessages as m } from '../messages/ledger.ts'
import { nameValueLines } from '../terminal/table.ts'

/** Shows how the datasets of a system cross: by its newest plan, or, where it has none, what each method has to be given. */
export async function systemMethods(session: Session, system: string) {
  const api = await session.api()
  await api.call('showSystem', { params: { system } })
  const [{ plans }, { migrations }] = await Promise.all([api.call('listPlans'), api.call('listMigrations')])
  const [newest] = plans
    .filter((plan) => plan.system === system)
    .toSorted((one, other) => other.createdAtMs - one.createdAtMs)
  if (newest === undefined) {
    const needs = methodNames.map((method) => ({ method, needs: { code: `needs-${method}`, values: {} } }))
    session.show({ system, methods: needs }, () => linesWithoutPlan(session, system, needs))
    return exitCodes.ok
  }
  const view = await api.call('showPlan', { params: { plan: newest.plan } })
  const moved = migrations.some((move) => move.system === system)
  const move = moved ? await api.call('showMigration', { params: { system } }) : undefined
  const rehearsal = move?.planDigest === view.digest ? move.rehearsal : undefined
  const { methods, plan } = view
  session.show({ system, plan, methods, ...(rehearsal && { rehearsal }) }, () =>
    linesOfPlan(session, view, rehearsal),
  )
  return exitCodes.ok
}

function linesOfPlan(
  { say, paint, language }: Session,
  { plan, system, methods, content }: PlanView,
  rehearsal: { readonly cutoverGapMs?: number; readonly rollbackGapMs?: number } | undefined,
): string[] {
  const policy = content.policy.gates.maxWriteGapMs
  const hours = content.ledger?.acceptableDowntimeHours
  const { cutoverGapMs, rollbackGapMs } = rehearsal ?? {}
  const rehearsed =
    cutoverGapMs === undefined || rollbackGapMs === undefined
      ? undefined
      : say(m.rehearsedLine, { cutover: Math.round(cutoverGapMs), rollback: Math.round(rollbackGapMs) })
  return [
    paint.strong(say(m.methodsOf, { plan, system })),
    ...nameValueLines(
      [
        [say(m.allowed), say(m.allowedLine, { policy, hours })],
        [say(m.rehearsed), rehearsed],
      ],
      paint.quiet,
    ),
    ...methods.flatMap(({ dataset, family, method, because, writeGap, wayBack }) => [
      '',
      `${paint.strong(dataset)} (${family})`,
      ...nameValueLines(
        [
          [say(m.method), nameOf(language, 'method', method)],
          [say(m.because), sayWord(language, because)],
          [say(m.writeGap), sayWord(language, writeGap)],
          [say(m.wayBack), sayWord(language, wayBack)],
        ],
        paint.quiet,
      ),
    ]),
  ]
}

function linesWithoutPlan(
  { say, paint, language }: Session,
  system: string,
  all: readonly { readonly method: string; readonly needs: Parameters<typeof sayWord>[1] }[],
): string[] {
  return [
    say(m.methodsWithoutPlan, { system }),
    ...all.flatMap(({ method, needs }) => [
      '',
      paint.strong(nameOf(language, 'method', method)),
      ...nameValueLines([[say(m.needs), sayWord(language, needs)]], paint.quiet),
    ]),
  ]
}
