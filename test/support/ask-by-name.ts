import { Console } from '../../families/postgresql/pgbouncer/admin.ts'
import { checkHttp } from '../../runner/http/check.ts'
import { observeAvailability } from '../../runner/http/probe.ts'
import { writeProbe } from '../../runner/http/write-probe.ts'

/** What is asked by name, in a process with names of its own: `tsx ask-by-name.ts <JSON>` of a list of what and settings. */
const ways = {
  check: async ({ url, method = 'GET' }: { url: string; method?: 'GET' | 'POST' }) => {
    const { answer, ...found } = await checkHttp(
      { url, method, timeoutMs: 3_000 },
      {},
      { attempts: 1, intervalMs: 0, signal: new AbortController().signal },
    )
    return { status: answer.status, ...found }
  },
  observe: async ({ url }: { url: string }) =>
    observeAvailability({ urls: [url], intervalMs: 100, untilMs: Date.now() + 350, timeoutMs: 3_000 }),
  write: async ({ url }: { url: string }) =>
    writeProbe({
      url,
      path: '/notes',
      body: '{"note":"{unique}"}',
      readPath: '/notes/{unique}',
      timeoutMs: 3_000,
    }),
  pooler: async (where: { address: string; port: number; user: string; password: string }) => {
    const console = await Console.open(where)
    const { processes } = console
    const everyone = await console.assertAllAnswer().then(
      () => 'answers',
      (error: unknown) => String(error),
    )
    await console.close()
    return { processes, everyone }
  },
} as const

type Asked = readonly [keyof typeof ways, object]

async function answer([what, settings]: Asked): Promise<object> {
  const way = ways[what] as (settings: unknown) => Promise<unknown>
  return way(settings).then(
    (found) => ({ found }),
    (error: unknown) => ({ failed: String(error) }),
  )
}

const answers: object[] = []
for (const asked of JSON.parse(process.argv[2] ?? '[]') as readonly Asked[]) answers.push(await answer(asked))
process.stdout.write(JSON.stringify(answers))
