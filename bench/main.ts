import { parseArgs } from 'node:util'
import { QianyunError } from '../domain/errors.ts'
import { usage } from '../standalone/setup/usage.mjs'
import { benchCutover } from './cutover.ts'
import { benchSteps } from './steps.ts'

async function main(args: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      switches: { type: 'string', default: '20' },
      'size-gb': { type: 'string', default: '1' },
      writers: { type: 'string', default: '16' },
      steps: { type: 'string', default: '100' },
      json: { type: 'boolean', default: false },
    },
  })
  const numbers = {
    switches: Number(values.switches),
    sizeGb: Number(values['size-gb']),
    writers: Number(values.writers),
    steps: Number(values.steps),
  }
  const wrong = Object.entries(numbers).find(([, value]) => !Number.isFinite(value) || value <= 0)
  const [name] = positionals
  if ((name !== 'cutover' && name !== 'steps') || wrong !== undefined) {
    console.error(
      wrong === undefined ? usage.bench : `"${wrong[0]}" must be a positive number.\n${usage.bench}`,
    )
    process.exitCode = 2
    return
  }
  const { json } = values
  await (name === 'steps' ? benchSteps({ steps: numbers.steps, json }) : benchCutover({ ...numbers, json }))
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof QianyunError ? error.message : error)
  process.exitCode = 1
}
