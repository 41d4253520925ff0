import type pg from 'pg'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'

interface LeftOut {
  readonly unlogged: readonly string[]
  readonly generated: readonly string[]
  readonly foreign: readonly string[]
  readonly views: readonly string[]
  readonly sequences: number
}

const applicationOnly = `n.nspname not in ('pg_catalog', 'information_schema', 'qianyun') and n.nspname !~ '^pg_(toast|temp)'`

const relations = (condition: string) =>
  `array(select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${condition} and ${applicationOnly} order by 1)`

/** What a comparison of rows leaves out, a word each, as the catalogue of the source has it. */
export async function notCompared(
  client: pg.Client,
  outcome: {
    readonly except: readonly string[]
    readonly movingRows: number
    readonly largeObjects: boolean
  },
): Promise<readonly Said[]> {
  const { rows } = await client.query<LeftOut>(
    `select ${relations(`c.relkind in ('r', 'p') and c.relpersistence = 'u'`)} as unlogged,
            ${relations(`c.relkind = 'f'`)} as foreign, ${relations(`c.relkind = 'm'`)} as views,
            array(select format('%I.%I.%I', n.nspname, c.relname, a.attname)
               from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
              where a.attgenerated <> '' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
                and ${applicationOnly} order by 1) as generated,
            (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where c.relkind = 'S' and ${applicationOnly}) as sequences`,
  )
  const { unlogged = [], generated = [], foreign = [], views = [], sequences = 0 } = rows[0] ?? {}
  const { except, movingRows, largeObjects } = outcome
  return [
    ...(unlogged.length > 0 ? [said('not-compared-unlogged', { tables: unlogged })] : []),
    ...(except.length > 0 ? [said('not-compared-excepted', { tables: except })] : []),
    ...(generated.length > 0 ? [said('not-compared-generated', { columns: generated })] : []),
    ...(foreign.length > 0 ? [said('not-compared-foreign', { tables: foreign })] : []),
    ...(views.length > 0 ? [said('not-compared-views', { views })] : []),
    ...(sequences > 0 ? [said('not-compared-sequences', { count: sequences })] : []),
    ...(largeObjects ? [] : [said('not-compared-large-objects')]),
    ...(movingRows > 0 ? [said('not-compared-moving', { rows: movingRows })] : []),
    said('not-compared-definitions'),
  ]
}
