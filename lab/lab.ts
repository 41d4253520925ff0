import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readSecretFile } from '../config/secrets.ts'
import {
  type HostName,
  hostNames,
  type LabDescription,
  labDescriptionSchema,
  type LabPorts,
} from './description.ts'
import { LabNotFoundError } from './errors.ts'
import { removeLoopbackLab, startLoopbackLab, stopLoopbackLab } from './loopback/provider.ts'

export type { DatabaseSide, HostName } from './description.ts'

/** A small machine room with a small cloud. Who provides it (loopback addresses today) does not show from here. */
export interface Lab {
  readonly description: LabDescription
  /** Gives a secret by the name the description uses. */
  secret(name: string): string
  /** Ends everything the lab runs. Its data stays. */
  stop(): Promise<void>
}

export interface StartLabOptions {
  readonly home: string
  /** The hosts to start; default: all. */
  readonly only?: readonly HostName[]
  /** Ports to use at the first start instead of free ones. */
  readonly ports?: Partial<LabPorts>
}

/**
 * Brings up the lab of a home folder, or adopts one that an earlier process left running. Data of earlier runs is kept.
 * Throws the errors of lab/errors.ts: a package missing, the home closed to other users, a port taken, a part not answering.
 */
export async function startLab({ home, only = hostNames, ports = {} }: StartLabOptions): Promise<Lab> {
  const absolute = resolve(home)
  return new StoppableLab(await startLoopbackLab({ home: absolute, only, ports }))
}

/** Reads the lab of a home folder, running or not. Throws LabNotFoundError. */
export async function openLab(home: string): Promise<Lab> {
  const path = join(resolve(home), 'lab', 'lab.json')
  const text = await readFile(path, 'utf8').catch(() => {
    throw new LabNotFoundError(home, `it has no "${path}"`)
  })
  const parsed = labDescriptionSchema.safeParse(JSON.parse(text))
  if (!parsed.success) {
    throw new LabNotFoundError(home, `"${path}" was written by another version of the lab`)
  }
  return new StoppableLab(parsed.data)
}

/** Ends whatever the lab of a home folder runs, also after its starter was killed. Its data stays. */
export function stopLab(home: string): Promise<void> {
  return stopLoopbackLab(resolve(home))
}

/** Ends the lab of a home folder and removes all its data. */
export function removeLab(home: string): Promise<void> {
  return removeLoopbackLab(resolve(home))
}

class StoppableLab implements Lab {
  constructor(readonly description: LabDescription) {}

  secret(name: string): string {
    return readSecretFile(this.description.home, name)
  }

  stop(): Promise<void> {
    return stopLoopbackLab(this.description.home)
  }
}
