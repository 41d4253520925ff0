import { z } from 'zod'
import { wanted } from './schema-problems.ts'

/** A service of runit or systemd. */
export const ServiceName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9@_.-]{0,127}$/, wanted('name-of-service'))
