import { runOn } from '../lab/ssh.ts'
import { Room } from './room.ts'

export interface StepsBench {
  readonly steps: number
  readonly json: boolean
}

/** How often the engine and the script take turns; the quickest of each counts. */
const rounds = 3

/**
 * Runs the same command on the same host as the steps of one playbook, each journaled, its outcome on record, and as a script does it: a
 * connection a command, and nothing kept. The ratio says how many such commands a step takes.
 */
export async function benchSteps({ steps, json }: StepsBench): Promise<void> {
  const say = (line: string) => {
    if (json) console.error(line)
    else console.log(line)
  }
  say('bringing up a stack and a lab of the benchmark’s own')
  const room = await Room.open(say)
  try {
    const text = playbookOf(steps)
    await room.runText('bench-steps', playbookOf(1))
    const stepMs: number[] = []
    const commandMs: number[] = []
    for (let round = 1; round <= rounds; round++) {
      stepMs.push(await eachMs(steps, async () => room.runText('bench-steps', text)))
      commandMs.push(await eachMs(steps, async () => runByHand(room, steps)))
      say(`round ${round}: ${String(stepMs.at(-1))} ms a step, ${String(commandMs.at(-1))} ms a command`)
    }
    report(json, { bench: 'steps', steps, stepMs: Math.min(...stepMs), commandMs: Math.min(...commandMs) })
  } finally {
    await room.close()
  }
}

function playbookOf(steps: number): string {
  const step = (number: number) => `
  - id: step-${number}
    kind: command
    host: from
    with: { argv: [/bin/true], changesNothing: true }`
  return `playbook: bench-steps
title: { zh: bench-steps, en: Steps }
inputs:
  from: { type: host }
  to: { type: host }
steps:${Array.from({ length: steps }, (_, index) => step(index + 1)).join('')}
`
}

async function runByHand(room: Room, commands: number): Promise<void> {
  for (let left = commands; left > 0; left--) {
    const { exitCode, stderr } = await runOn(room.lab, 'old', '/bin/true')
    if (exitCode !== 0) throw new Error(`"/bin/true" ended with ${exitCode}: ${stderr}`)
  }
}

async function eachMs(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round(((performance.now() - began) / count) * 10) / 10
}

function report(
  json: boolean,
  measured: { bench: string; steps: number; stepMs: number; commandMs: number },
): void {
  const ratio = Math.round((measured.stepMs / measured.commandMs) * 100) / 100
  if (json) {
    console.log(JSON.stringify({ ...measured, ratio }))
    return
  }
  console.log(`
${measured.steps} steps: ${measured.stepMs} ms each; by hand ${measured.commandMs} ms a command: a step takes ${ratio} of them`)
}
