import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readConfig } from './config.mjs'
import { Database } from './database.mjs'

// Run by cron: counts the last days anew, refreshes the monthly summary, and leaves a file for the reporting office.
const config = readConfig(process.argv[2])
const database = new Database(config)
await database.query(
  `INSERT INTO daily_summary (day, accepted, fees_cents)
   SELECT (submitted_at AT TIME ZONE 'Asia/Shanghai')::date, count(*), sum(fee_cents) FROM permit
   WHERE submitted_at > now() - interval '3 days' GROUP BY 1
   ON CONFLICT (day) DO UPDATE SET accepted = excluded.accepted, fees_cents = excluded.fees_cents`,
)
await database.query('REFRESH MATERIALIZED VIEW monthly_summary')
const { rows } = await database.query(
  'SELECT day::text, accepted, fees_cents FROM daily_summary ORDER BY day DESC LIMIT 30',
)
const path = join(dirname(config.UPLOAD_DIR), 'summaries', 'daily.csv')
await mkdir(dirname(path), { recursive: true })
await writeFile(
  `${path}.part`,
  ['日期,受理,费用(分)', ...rows.map((row) => `${row.day},${row.accepted},${row.fees_cents}`)].join('\n') +
    '\n',
)
await rename(`${path}.part`, path)
await database.end()
