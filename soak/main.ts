import { parseArgs } from 'node:util'
import { usage } from '../standalone/setup/usage.mjs'
import { hostileServers } from './hostile/servers.ts'
import { soakHostile } from './hostile.ts'
import { soakSwitchovers } from './switchovers.ts'

type Say = (line: string) => void
type Numbers = Readonly<Record<'count' | 'seed' | 'datasets' | 'minutes' | 'texts', number>> & {
  readonly databases?: number
}
/** Carries a soak out, and tells how much of what is to be 0 is not. */
type Soak = (numbers: Numbers, signal: AbortSignal, say: Say) => Promise<readonly [object, number]>

const soaks: Readonly<Record<string, Soak>> = {
  switchovers: async (numbers, signal, say) => {
    const result = await soakSwitchovers({ ...numbers, signal, say })
    const { lostWrites, bothOpen, noneOpen, replicationDead, stuck } = result
    return [result, lostWrites + bothOpen + noneOpen + replicationDead + stuck]
  },
  hostile: async ({ seed, minutes, texts }, signal, say) => {
    const { servers, stop } = await hostileServers()
    try {
      const untilMs = Date.now() + minutes * 60_000
      const result = await soakHostile({ seed, untilMs, texts, servers, signal, say })
      return [result, result.succeeded]
    } finally {
      await stop()
    }
  },
}

async function main(args: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '100' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      datasets: { type: 'string', default: '2' },
      databases: { type: 'string' },
      minutes: { type: 'string', default: '1' },
      texts: { type: 'string', default: '100000' },
      json: { type: 'boolean', default: false },
    },
  })
  const numbers = {
    count: Number(values.count),
    seed: Number(values.seed),
    datasets: Number(values.datasets),
    minutes: Number(values.minutes),
    texts: Number(values.texts),
    ...(values.databases !== undefined && { databases: Number(values.databases) }),
  }
  const wrong = Object.entries(numbers).find(([, value]) => !Number.isInteger(value) || value <= 0)
  const soak = soaks[positionals[0] ?? '']
  if (soak === undefined || wrong !== undefined) {
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
      say('ends after what is under way')
      end.abort()
    })
  const [result, found] = await soak(numbers, end.signal, say)
  if (values.json) console.log(JSON.stringify(result))
  if (found > 0) process.exitCode = 1
}

await main(process.argv.slice(2))
