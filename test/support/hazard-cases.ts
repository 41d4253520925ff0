import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { load } from 'js-yaml'
import { z } from 'zod'

/** Where the lab of hazards keeps its cases: a new report is a new file. */
export const hazardFolder = join(import.meta.dirname, '../families/postgresql/hazards')

const sql = z.string().min(1)

/** What becomes of a database with such a thing in it. */
const outcome = z.enum([
  /** The rules refuse it, before anything is copied. */
  'refused',
  /** It crosses; what is changed on either side arrives on the other, before a switch and after it. */
  'carried',
  /** Its schema is not taken by the new server, which says why. */
  'schema refused',
  /** It is copied, and no switch begins; repaired and replicated again, it crosses. */
  'switch refused',
  /** Its first copy ends soon, with the server's own message; repaired, it crosses. */
  'copy ends',
])

const hazardCase = z.strictObject({
  /** What there is, in a sentence. */
  what: z.string().min(10),
  /** The name of the database, where that matters. */
  database: z.string().optional(),
  /** On the old side, as an administrator, each by itself. */
  administrator: z.array(sql).default([]),
  /** On the old side, as the application, before replication begins. */
  before: sql.optional(),
  /** On the old side, as the application, once replication has begun. */
  between: sql.optional(),
  /** On the old side, as the administrator, once replication has begun and before a switch that is to be refused. */
  meanwhile: sql.optional(),
  /** On the new side, as the application, after the switch: it has to arrive on the old one. Default: `between`. */
  after: sql.optional(),
  waivers: z.array(z.strictObject({ rule: z.string(), pattern: z.string(), reason: z.string() })).default([]),
  /** What the assessment finds, or the check before a switch where that refuses: `code object`. */
  finds: z.array(z.string()).default([]),
  outcome,
  /** What the refusal says, a regular expression. */
  says: z.string().optional(),
  /** On the old side, as the administrator: what a person then does, after which it is carried. */
  repair: sql.optional(),
  /** On the new side, as its administrator, after it. */
  repairThere: sql.optional(),
  /** What both sides have to answer alike at the end, besides their rows. */
  alike: z.array(sql).default([]),
})

export type HazardCase = z.infer<typeof hazardCase> & { readonly name: string }

/** Every case of the lab, by the name of its file. */
export function hazardCases(): readonly HazardCase[] {
  return readdirSync(hazardFolder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const parsed = hazardCase.safeParse(load(readFileSync(join(hazardFolder, file), 'utf8')))
      if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`)
      return { name: basename(file, '.yaml'), ...parsed.data }
    })
}

const programFolder = join(hazardFolder, '..')

/** The files of tests that share the cases out among themselves, so that they are tried side by side. */
export function hazardPrograms(): readonly string[] {
  return readdirSync(programFolder)
    .filter((file) => /^hazards-\d+\.test\.ts$/.test(file))
    .sort()
    .map((file) => join(programFolder, file))
}

/** The cases that fall to one of these files. Each has as many of each outcome as the others: those take alike. */
export function hazardCasesOf(program: string): readonly HazardCase[] {
  const programs = hazardPrograms()
  const own = programs.indexOf(program)
  if (own === -1) throw new Error(`${program} is none of the files that share the cases out.`)
  return hazardCases()
    .toSorted((one, other) => one.outcome.localeCompare(other.outcome))
    .filter((_, at) => at % programs.length === own)
}
