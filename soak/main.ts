import { parseArgs } from 'node:util'
import { usage } from '../standalone/setup/usage.mjs'
import { soakSwitchovers } from './switchovers.ts'

async function main(args: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '100' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      datasets: { type: 'string', default: '2' },
      databases: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const numbers = {
    count: Number(values.count),
    seed: Number(values.seed),
    datasets: Number(values.datasets),
    ...(values.databases !== undefined && { databases: Number(values.databases) }),
  }
  const wrong = Object.entries(numbers).find(([, value]) => !Number.isInteger(value) || value <= 0)
  if (positionals[0] !== 'switchovers' || wrong !== undefined) {
    console.error(
      wrong === undefined ? usage.soak : `"${wrong[0]}" must be a whole number above 0.\n${usage.soak}`,
    )
    process.exitCode = 2
    return
  }
  const say = (line: string) => {
    if (values.json) console.error(line)
    else console.log(line)
  }
  const end = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      say('ends after the switches under way')
      end.abort()
    })
  const result = await soakSwitchovers({ ...numbers, signal: end.signal, say })
  const { lostWrites, bothOpen, noneOpen, replicationDead, stuck } = result
  if (values.json) console.log(JSON.stringify(result))
  if (lostWrites + bothOpen + noneOpen + replicationDead + stuck > 0) process.exitCode = 1
}

await main(process.argv.slice(2))
