import type { DatabaseFacts } from '../facts/database-facts.ts'
import { unreadFile } from '../facts/host-of-server.ts'
import { type Found, answered } from '../census/rule.ts'

/** Who reads which file of text search: dictionaries by their options, and parsers of extensions, whose files are their own affair. */
export const searchFileReaders = `
  SELECT format('%I.%I', n.nspname, d.dictname) AS object, m.given[2] || e.ending AS file
    FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace JOIN pg_ts_template t ON t.oid = d.dicttemplate,
         regexp_matches(d.dictinitoption, '(\\w+)\\s*=\\s*''([a-z0-9_]+)''', 'g') AS m (given)
    JOIN (VALUES ('ispell', 'dictfile', '.dict'), ('ispell', 'afffile', '.affix'), ('ispell', 'stopwords', '.stop'), ('simple', 'stopwords', '.stop'),
                 ('snowball', 'stopwords', '.stop'), ('synonym', 'synonyms', '.syn'), ('thesaurus', 'dictfile', '.ths'),
                 ('unaccent', 'rules', '.rules'), ('xsyn_template', 'rules', '.rules')) AS e (template, option, ending)
      ON e.option = lower(m.given[1])
   WHERE e.template = t.tmplname
  UNION ALL
  SELECT quote_ident(x.extname), ''
    FROM pg_extension x JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid AND d.deptype = 'e'
     AND d.classid = 'pg_ts_parser'::regclass
  UNION ALL
  SELECT 'unaccent', 'unaccent.rules' WHERE EXISTS (SELECT FROM pg_extension WHERE extname = 'unaccent')
   ORDER BY 1, 2`

/** What comes with every server; a parser of an extension reads files that somebody has put there. */
const ofTheServer = /(_sample\w*\.\w+|\.stop|^unaccent\.rules)$/

/** The files that something of the database reads, once each, with the first that reads it. */
export function filesRead(
  facts: Pick<DatabaseFacts, 'answers' | 'searchFiles'>,
  id: string,
): readonly Found[] {
  const found = new Map<string, string>()
  for (const { object, values } of answered(facts, id)) {
    const file = String(values['file'])
    const read =
      file === '' ? Object.keys(facts.searchFiles).filter((name) => !ofTheServer.test(name)) : [file]
    for (const name of read) if (!found.has(name)) found.set(name, object)
  }
  return [...found].map(([object, by]) => ({ object, values: { by } }))
}

/** Whether the server read a file: one of another user's tells nothing. */
export function isRead(digest: string | undefined): digest is string {
  return digest !== undefined && digest !== unreadFile
}
