import type { Task, WaitingFor } from '../contract.ts'

type Asked = Pick<Task, 'id' | 'state' | 'wantsEvidence' | 'wantsSignature' | 'openFindings'>

/**
 * What is typed next, without the program's name: the one place that knows, for command line and page. `task` is that of a wait for one,
 * where it is at hand. Empty where only time ends the wait.
 */
export function nextCommands(
  waiting: Pick<WaitingFor, 'code' | 'subject' | 'givesUp' | 'maySkip'>,
  system: string,
  task?: Asked,
): string[]

/** The command lines that bring a task on from where it stands. */
export function taskCommands(task: Asked, system: string): string[]

/** The word for what a task waits for. */
export function taskCode(
  task: Pick<Task, 'state' | 'wantsSignature'> | undefined,
): 'waits-task' | 'waits-task-open' | 'waits-task-taken' | 'waits-task-to-sign' | 'waits-task-to-review'
