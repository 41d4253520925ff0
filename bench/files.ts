import { quote } from '../runner/ssh/quote.ts'
import { runOn } from '../lab/ssh.ts'
import type { Lab } from '../lab/lab.ts'
import { Room } from './room.ts'

export interface FilesBench {
  readonly files: number
  readonly sizeGb: number
  readonly json: boolean
}

/** How often both carry the tree from nothing, in turns; the quicker time of each counts. */
const rounds = 2
const changedShare = 0.01
const hosts = { from: 'old', to: 'cloud' } as const

/** What one way of carrying took: of everything, of nothing that has changed, of one file in a hundred. */
interface Times {
  readonly firstMs: number
  readonly unchangedMs: number
  readonly changedMs: number
}

/**
 * Carries a tree between two hosts by `sync-files`, journaled and passed on by a runner, and by rsync alone from one host into the other. The
 * step proves by another pass that nothing is left to do, and puts on record what it carried; rsync alone does neither.
 */
export async function benchFiles({ files, sizeGb, json }: FilesBench): Promise<void> {
  const say = (line: string) => {
    if (json) console.error(line)
    else console.log(line)
  }
  say('bringing up a stack and a lab of the benchmark’s own')
  const room = await Room.open(say)
  try {
    const tree = await Tree.make(room, { files, sizeGb })
    const own: Times[] = []
    const alone: Times[] = []
    for (let round = 1; round <= rounds; round++) {
      alone.push(await tree.timed(async () => tree.byRsync()))
      own.push(await tree.timed(async () => tree.byStep()))
      say(
        `round ${round}: ${JSON.stringify(own.at(-1))} by the step, ${JSON.stringify(alone.at(-1))} by rsync alone`,
      )
    }
    report(json, { bench: 'files', files, sizeGb }, quickest(own), quickest(alone))
    await tree.remove()
  } finally {
    await room.close()
  }
}

/** The tree on the one host, its copy on the other, and a login from the one to the other. */
class Tree {
  private constructor(
    private readonly room: Room,
    private readonly from: string,
    private readonly to: string,
  ) {}

  static async make(room: Room, { files, sizeGb }: Pick<FilesBench, 'files' | 'sizeGb'>): Promise<Tree> {
    const { lab } = room
    const [from, to] = [`${await homeOf(lab, 'from')}/bench/from`, `${await homeOf(lab, 'to')}/bench/to`]
    const bytes = Math.max(1, Math.round((sizeGb * 1e9) / files))
    // Sizes as people's uploads have them: many small files, few large ones, the same sum.
    await on(
      lab,
      'from',
      `rm -rf ${quote(from)} && mkdir -p ${quote(from)} && cd ${quote(from)} &&
awk 'BEGIN { for (i = 0; i < ${files}; i++) { size = i % 10 == 0 ? ${bytes} * 5.5 : ${bytes} * 0.5; printf "%d/%d/%d %d\\n", i % 20, i / 20 % 25, i, size } }' |
python3 -c '
import os, sys
noise = os.urandom(1 << 20) * 64
for number, line in enumerate(sys.stdin):
    name, size = line.rsplit(" ", 1)
    os.makedirs(os.path.dirname(name), exist_ok=True)
    begin = number * 4099 % (1 << 20)
    open(name, "wb").write(noise[begin:begin + int(size)])
'`,
    )
    const key = `${from}.key`
    const { address, sshPort, user } = lab.description.hosts.cloud
    await on(
      lab,
      'from',
      `umask 077; printf '%s\\n' ${quote(lab.secret(lab.description.sshKeySecret))} >${quote(key)}`,
    )
    const tree = new Tree(room, from, to)
    tree.rsync = `rsync -rlptHOSAX --stats -e ${quote(
      `ssh -q -p ${String(sshPort)} -i ${key} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null`,
    )} ${quote(`${from}/`)} ${user}@${address}:${to}/`
    return tree
  }

  private rsync = ''

  async byRsync(): Promise<void> {
    await on(this.room.lab, 'from', this.rsync)
  }

  async byStep(): Promise<void> {
    await this.room.runText('bench-files', playbookOf(this.from, this.to))
  }

  async timed(carry: () => Promise<void>): Promise<Times> {
    await on(this.room.lab, 'to', `rm -rf ${quote(this.to)} && mkdir -p ${quote(this.to)} && sync`)
    const firstMs = await took(carry)
    const unchangedMs = await took(carry)
    const every = Math.round(1 / changedShare)
    await on(
      this.room.lab,
      'from',
      `cd ${quote(this.from)} && find . -type f | awk 'NR % ${every} == 0' | xargs -d '\\n' -n 1 sh -c 'echo more >>"$0"'`,
    )
    return { firstMs, unchangedMs, changedMs: await took(carry) }
  }

  async remove(): Promise<void> {
    await on(this.room.lab, 'from', `rm -rf ${quote(this.from)} ${quote(`${this.from}.key`)}`)
    await on(this.room.lab, 'to', `rm -rf ${quote(this.to)}`)
  }
}

async function homeOf(lab: Lab, side: keyof typeof hosts): Promise<string> {
  return (await on(lab, side, 'printf %s "$HOME"')).trim()
}

async function on(lab: Lab, side: keyof typeof hosts, command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runOn(lab, hosts[side], command)
  if (exitCode !== 0) throw new Error(`"${hosts[side]}" ended with ${exitCode}: ${stderr.slice(-500)}`)
  return stdout
}

function playbookOf(from: string, to: string): string {
  return `playbook: bench-files
title: { zh: bench-files, en: Files }
inputs:
  from: { type: host }
  to: { type: host }
steps:
  - id: files
    kind: sync-files
    timeout: 60m
    with:
      from: { host: from, path: ${JSON.stringify(from)} }
      to: { host: to, path: ${JSON.stringify(to)} }
`
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round(performance.now() - began)
}

function quickest(times: readonly Times[]): Times {
  const least = (of: (one: Times) => number) => Math.min(...times.map(of))
  return {
    firstMs: least(({ firstMs }) => firstMs),
    unchangedMs: least(({ unchangedMs }) => unchangedMs),
    changedMs: least(({ changedMs }) => changedMs),
  }
}

function report(
  json: boolean,
  measured: { readonly bench: string; readonly files: number; readonly sizeGb: number },
  own: Times,
  rsync: Times,
): void {
  const ratio = Math.round((own.firstMs / rsync.firstMs) * 100) / 100
  if (json) {
    console.log(JSON.stringify({ ...measured, ...own, rsync, ratio }))
    return
  }
  console.log(`
${measured.files} files, ${measured.sizeGb} GB: ${own.firstMs} ms by the step, ${rsync.firstMs} ms by rsync alone: ${ratio} of it
nothing changed: ${own.unchangedMs} ms, ${rsync.unchangedMs} ms; one file in a hundred: ${own.changedMs} ms, ${rsync.changedMs} ms`)
}
