import { text } from '../server/quote.ts'
import type { Session } from '../server/session.ts'

/** What is compared of the definitions of a database: each query gives names of things, with all that matters of them. */
const questions: Readonly<Record<string, string>> = {
  column: `SELECT CONCAT(table_name, '.', column_name) AS name, CONCAT_WS('|', ordinal_position, column_type, is_nullable,
             COALESCE(column_default, '-'), COALESCE(character_set_name, '-'), COALESCE(collation_name, '-'), extra,
             COALESCE(generation_expression, '-'), column_comment) AS words
        FROM information_schema.columns WHERE table_schema = {db}`,
  index: `SELECT CONCAT(table_name, '.', index_name, '.', seq_in_index) AS name,
             CONCAT_WS('|', column_name, non_unique, COALESCE(sub_part, '-'), index_type, nullable) AS words
        FROM information_schema.statistics WHERE table_schema = {db}`,
  constraint: `SELECT CONCAT(table_name, '.', constraint_name) AS name, check_clause AS words
        FROM information_schema.check_constraints WHERE constraint_schema = {db}
      UNION ALL SELECT CONCAT(table_name, '.', constraint_name), CONCAT_WS('|', referenced_table_name, update_rule, delete_rule)
        FROM information_schema.referential_constraints WHERE constraint_schema = {db}`,
  view: `SELECT table_name AS name, CONCAT_WS('|', view_definition, check_option, definer, security_type) AS words
        FROM information_schema.views WHERE table_schema = {db}`,
  trigger: `SELECT trigger_name AS name, CONCAT_WS('|', event_manipulation, event_object_table, action_timing, action_order,
             action_statement, definer, sql_mode) AS words
        FROM information_schema.triggers WHERE trigger_schema = {db}`,
  routine: `SELECT CONCAT(routine_type, ' ', routine_name) AS name, CONCAT_WS('|', routine_definition, security_type, sql_data_access,
             is_deterministic, definer, sql_mode, dtd_identifier) AS words
        FROM information_schema.routines WHERE routine_schema = {db}`,
  event: `SELECT event_name AS name, CONCAT_WS('|', event_definition, definer, sql_mode, time_zone, event_type, execute_at,
             interval_value, interval_field, starts, ends, on_completion) AS words
        FROM information_schema.events WHERE event_schema = {db}`,
}

/** Things whose definitions differ, by what they are and their name. */
export async function differingDefinitions(
  from: Session,
  to: Session,
  database: string,
): Promise<readonly string[]> {
  const differing: string[] = []
  for (const [what, question] of Object.entries(questions)) {
    const sql = question.replaceAll('{db}', () => text(database))
    const [own, other] = await Promise.all(
      [from, to].map(async (session) => {
        const rows = await session.rows<{ name: string; words: string | null }>(sql)
        return new Map(rows.map(({ name, words }) => [name, words ?? '']))
      }),
    )
    const names = new Set([...(own?.keys() ?? []), ...(other?.keys() ?? [])])
    for (const name of names) if (own?.get(name) !== other?.get(name)) differing.push(`${what} ${name}`)
  }
  return differing
}
