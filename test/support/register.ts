import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandsPlace } from '../../families/commands/declaration.ts'
import { freePort } from './sshd.ts'

const server = join(import.meta.dirname, '../../lab/apps/register/server.mjs')

/** The register of the lab on one side, as its vendor's commands work on it. */
export interface Register {
  readonly folder: string
  readonly url: string
  readonly place: CommandsPlace
  entries(): readonly string[]
}

/** A folder, a configuration and the commands; nothing runs yet. */
export async function register(
  host: string,
  folder: string,
  over: Partial<CommandsPlace['scripts']> = {},
  without: CommandsPlace['without'] = [],
): Promise<Register> {
  mkdirSync(join(folder, 'data'), { recursive: true })
  const [port, data] = [await freePort('127.0.0.1'), join(folder, 'data/entries.jsonl')]
  const config = `ADDRESS=127.0.0.1\nPORT=${String(port)}\nSITE=${host}\nDATA_FILE=${data}\n`
  writeFileSync(join(folder, 'register.conf'), config)
  const pid = `${folder}/register.pid`
  const lives = `[ -e '${pid}' ] && kill -0 "$(cat '${pid}')" 2>/dev/null`
  const url = `http://127.0.0.1:${String(port)}`
  const all: CommandsPlace['scripts'] = {
    stop: `if ${lives}; then kill "$(cat '${pid}')"; while ${lives}; do sleep 0.05; done; fi`,
    'is-stopped': `! { ${lives}; }`,
    start: `if ! { ${lives}; }; then
      setsid '${process.execPath}' '${server}' '${folder}/register.conf' >>'${folder}/register.log' 2>&1 </dev/null &
      echo $! > '${pid}'
    fi`,
    'is-running': `curl -fsS -m 2 '${url}/health'`,
    measure: `echo "entries $(wc -l < "$QY_DATA")"; echo "sha256 $(sha256sum < "$QY_DATA" | cut -c1-64)"`,
    give: `cat "$QY_DATA"`,
    take: `mkdir -p '${folder}/data'; cat > "$QY_DATA.new"; sync "$QY_DATA.new"; mv "$QY_DATA.new" "$QY_DATA"`,
    ...over,
  }
  const has = (name: string) => !without.some((one) => one === name)
  const place: CommandsPlace = {
    ...{ host, paths: [join(folder, 'data')], commands: 'commands', without, values: { DATA: data } },
    scripts: Object.fromEntries(Object.entries(all).filter(([name]) => has(name))),
  }
  return {
    folder,
    url,
    place,
    entries: () =>
      readFileSync(data, { encoding: 'utf8', flag: 'a+' })
        .split('\n')
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { key: string }).key),
  }
}

/** Somebody who writes to whichever of several addresses takes it, and knows what was acknowledged. */
export class RegisterWriter {
  readonly acknowledged: string[] = []
  private isWriting = true
  private readonly writing: Promise<void>

  constructor(private readonly urls: readonly string[]) {
    this.writing = this.write()
  }

  async stop(): Promise<readonly string[]> {
    this.isWriting = false
    await this.writing
    return this.acknowledged
  }

  /** Waits for so many further acknowledgements. */
  async further(count: number): Promise<void> {
    const wanted = this.acknowledged.length + count
    while (this.acknowledged.length < wanted) await sleep(10)
  }

  private async write(): Promise<void> {
    for (let round = 0; this.isWriting; round += 1) {
      const url = this.urls[round % this.urls.length] ?? ''
      const key = `entry-${String(round)}`
      try {
        const body = JSON.stringify({ key, text: '来访' })
        const { status } = await fetch(`${url}/entries`, { method: 'POST', body })
        if (status === 201) this.acknowledged.push(key)
      } catch {
        // It serves elsewhere, or nowhere for now.
      }
      await sleep(5)
    }
  }
}
