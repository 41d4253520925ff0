import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Runs a program of this folder that kills itself. @throws when it ended in another way */
export async function dieInChild(program: string, death: unknown): Promise<void> {
  const args = ['--import', 'tsx', join(import.meta.dirname, program), JSON.stringify(death)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  if (signal !== 'SIGKILL') throw new Error(`${program} was not killed: it ended with ${String(code)}.`)
}
