import { parseArgs } from 'node:util'

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { loadConfig, type Config } from '../config/config.ts'
import { QianyunError } from '../domain/errors.ts'
import { nameOf, say } from '../domain/words/said.ts'
import { firstRun } from './first-run.ts'
import { endLabCommand } from './end-lab.ts'
import { onEndRequests } from './end-requests.ts'
import { homeLayout, type HomeLayout } from './layout.ts'
import { repository } from './programs.ts'
import { language, says } from './sentences.ts'
import { usage } from './setup/usage.mjs'
import { assertStateHere, prepareStack, type Stack } from './stack.ts'
import { findState } from './state.ts'

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      'no-lab': { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      lang: { type: 'string' },
    },
  })
  // Servers of the stack and the lab run as users of their own and must get into the folders made here.
  process.umask(0o022)
  const config = loadConfig()
  if (values.fresh) assertStateHere(config)
  if (values.fresh && !(await mayErase(homeLayout(config.home), values.yes))) {
    process.exitCode = 1
    return
  }
  const startedAt = performance.now()
  console.log(says.starting(config.home))
  if (values['no-lab']) console.log(says.withoutLab)

  const stack = prepareStack({
    home: config.home,
    ports: config.ports,
    lab: !values['no-lab'],
    fresh: values.fresh,
    say: (line) => console.log(line),
  })
  const asked = endOnRequest(stack)
  try {
    await stack.start()
  } catch (error) {
    // What was starting when the end was asked for fails because of it.
    if (asked.aborted) return
    throw error
  }

  console.log(says.ready(((performance.now() - startedAt) / 1000).toFixed(1)))
  console.log(says.page(config.apiUrl))
  if (config.temporalUiUrl !== undefined) console.log(says.temporal(config.temporalUiUrl))
  console.log(says.logs(homeLayout(config.home).logs))
  if (!values['no-lab']) {
    // The stack is of use without the move: what kept it from beginning is told, and all stays up.
    await launchPermitDesk(config).catch((error: unknown) => {
      if (!asked.aborted) console.error(explain(error))
    })
  } else {
    console.log(says.nextWithoutLab)
    sayWhereToSignIn(config)
  }
  if (!asked.aborted) console.log(says.howToEnd)
}

/** Shows what goes, and gives whether it may. A person is asked; where nobody can be, `yes` must have been given. */
async function mayErase(layout: HomeLayout, yes: boolean): Promise<boolean> {
  const found = findState(layout)
  if (found.length === 0) return true
  console.log([says.freshRemoves, ...found.map((path) => `  ${path}`), says.freshKeeps].join('\n'))
  if (yes) return true
  if (!process.stdin.isTTY) {
    console.error(says.freshNeedsYes)
    return false
  }
  const input = createInterface({ input: process.stdin, output: process.stdout })
  const interrupted = new AbortController()
  input.once('SIGINT', () => interrupted.abort())
  const answer = await input.question(says.freshAsk, { signal: interrupted.signal }).catch(() => '')
  input.close()
  if (answer.trim() === 'yes') return true
  console.log(says.freshNot)
  return false
}

/** The main job begins by itself; what it waits for is said with the exact commands to type. */
async function launchPermitDesk(config: Config): Promise<void> {
  console.log(says.launching)
  let shown = ''
  const seen = await firstRun({
    home: config.home,
    apiUrl: config.apiUrl,
    patienceMs: 120_000,
    onProgress: (m) => {
      const step = m.step === undefined ? '' : ` · ${nameOf(language, 'step', m.step.id)}`
      const place = `${nameOf(language, 'phase', m.phase)}${step}`
      if (place !== shown) console.log(says.at(place))
      shown = place
    },
  })
  if (seen === undefined) return
  // The CLI tells it itself: phase, what is waited for, and what to type.
  const cli = join(repository, 'cli/qianyun.mjs')
  spawnSync(process.execPath, [cli, 'migration', 'show', seen.system, '--lang', language], {
    stdio: 'inherit',
    env: { ...process.env, QIANYUN_HOME: config.home },
  })
  sayWhereToSignIn(config)
}

/** A token that lasts is shown to whoever sits at the terminal, and written into no log. */
function sayWhereToSignIn(config: Config): void {
  const tokenPath = join(config.home, 'accounts', 'coordinator-chen.token')
  if (!process.stdout.isTTY) {
    console.log(says.pageWithToken(config.apiUrl, tokenPath))
    return
  }
  console.log(says.signedInPage(`${config.apiUrl}/#token=${readFileSync(tokenPath, 'utf8').trim()}`))
}

/** The first request ends in order, a second Ctrl-C at once, a third one waits for nothing. Gives what tells that the end was asked for. */
function endOnRequest(stack: Stack): AbortSignal {
  const asked = new AbortController()
  let isHurried = false
  const end = async () => {
    asked.abort()
    console.log(`\n${says.ending}`)
    await stack.stop()
    if (isHurried) return
    console.log(says.ended)
    process.exit()
  }
  const endAtOnce = async () => {
    isHurried = true
    console.log(`\n${says.killing}`)
    await stack.kill().then(
      () => console.log(says.killed),
      (error: unknown) => console.error(explain(error)),
    )
    process.exit(130)
  }
  const waitForNothing = () => {
    console.log(says.labEndsAlone(endLabCommand(stack.layout)))
    process.exit(130)
  }
  onEndRequests([() => void end(), () => void endAtOnce(), waitForNothing])
  return asked.signal
}

/** What a person can act on is a sentence; anything else is a fault of ours and shows where. */
function explain(error: unknown): unknown {
  if (error instanceof QianyunError)
    return error.told === undefined ? error.message : say(language, error.told, error.message)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (error instanceof Error && code.startsWith('ERR_PARSE_ARGS')) return `${error.message}\n${usage.start}`
  return error instanceof Error && /^E[A-Z]+$/.test(code) ? error.message : error
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(explain(error))
  process.exitCode = 1
})
