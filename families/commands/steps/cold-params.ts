import { z } from 'zod'
import { DatasetReference } from '../../../domain/identifier.ts'

/** Two sides of a dataset that is moved by commands, by the playbook's names. */
export const coldSides = { from: DatasetReference, to: DatasetReference }

/** How long `stop` and its proof may take. */
export const stopTimeoutMs = z.int().min(1_000).max(3_600_000).default(300_000)
/** How long `start` and its proof may take. */
export const startTimeoutMs = z.int().min(1_000).max(3_600_000).default(300_000)
