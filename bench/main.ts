import { parseArgs } from 'node:util'
import { QianyunError } from '../domain/errors.ts'
import { usage } from '../standalone/setup/usage.mjs'
import { benchAudit } from './audit.ts'
import { benchCli } from './cli.ts'
import { benchCutover } from './cutover.ts'
import { benchFiles } from './files.ts'
import { benchMysql } from './mysql.ts'
import { benchSteps } from './steps.ts'

const benches = ['cutover', 'mysql', 'steps', 'files', 'cli', 'audit'] as const

async function main(args: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      switches: { type: 'string', default: '20' },
      'size-gb': { type: 'string', default: '1' },
      writers: { type: 'string', default: '16' },
      steps: { type: 'string', default: '100' },
      files: { type: 'string', default: '50000' },
      entries: { type: 'string', default: '100000' },
      json: { type: 'boolean', default: false },
    },
  })
  const numbers = {
    switches: Number(values.switches),
    sizeGb: Number(values['size-gb']),
    writers: Number(values.writers),
    steps: Number(values.steps),
    files: Number(values.files),
    entries: Number(values.entries),
  }
  const wrong = Object.entries(numbers).find(([, value]) => !Number.isFinite(value) || value <= 0)
  const [name] = positionals
  const bench = benches.find((one) => one === name)
  if (bench === undefined || wrong !== undefined) {
    console.error(
      wrong === undefined ? usage.bench : `"${wrong[0]}" must be a positive number.\n${usage.bench}`,
    )
    process.exitCode = 2
    return
  }
  const { json } = values
  switch (bench) {
    case 'cutover':
      return benchCutover({ ...numbers, json })
    case 'mysql':
      return benchMysql({ ...numbers, json })
    case 'steps':
      return benchSteps({ steps: numbers.steps, json })
    case 'files':
      return benchFiles({ files: numbers.files, sizeGb: numbers.sizeGb, json })
    case 'cli':
      return benchCli({ json })
    case 'audit':
      return benchAudit({ entries: numbers.entries, json })
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof QianyunError ? error.message : error)
  process.exitCode = 1
}
