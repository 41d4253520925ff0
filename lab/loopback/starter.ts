import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LabAlreadyRunningError } from '../errors.ts'
import { identify, isAlive } from './processes.ts'

const starterSchema = z.object({ pid: z.number(), startTicks: z.number() })
export type Starter = z.infer<typeof starterSchema>

/** Notes this process as the one that runs the lab. Throws LabAlreadyRunningError while another one lives. */
export async function claimLab(home: string): Promise<void> {
  const other = await findStarter(home)
  if (other !== undefined && other.pid !== process.pid) throw new LabAlreadyRunningError(home, other.pid)
  const draft = `${starterPath(home)}.${process.pid}`
  await writeFile(draft, JSON.stringify(await identify(process.pid)))
  await rename(draft, starterPath(home))
}

/** The process that runs the lab, if it still lives. */
export async function findStarter(home: string): Promise<Starter | undefined> {
  const text = await readFile(starterPath(home), 'utf8').catch(() => undefined)
  const starter = text === undefined ? undefined : starterSchema.safeParse(JSON.parse(text)).data
  return starter !== undefined && (await isAlive(starter)) ? starter : undefined
}

export async function releaseLab(home: string): Promise<void> {
  if ((await findStarter(home))?.pid === process.pid) await rm(starterPath(home), { force: true })
}

const starterPath = (home: string) => join(home, 'lab', 'starter.json')
