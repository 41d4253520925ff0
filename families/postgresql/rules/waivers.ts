import { z } from 'zod'

/** Waivers of a plan (`${waivers}`): the name of an object → the reason somebody gave for letting it pass. */
export const WaiverParams = z.record(z.string(), z.string().min(4)).default({})
