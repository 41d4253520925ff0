import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

import { useApi } from '../support/api.ts'
import { useCli } from '../support/cli.ts'

const api = useApi()
const cli = useCli(api)

/** An address where nobody listens any more. */
async function closedAddress(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

describe('the server', () => {
  it('that is not there ends in 4, with what to do', async () => {
    const server = await closedAddress()
    const ran = await cli.run(['migration', 'list', '--server', server])
    expect(ran.exitCode).toBe(4)
    expect(ran.stderr).toContain(`Nothing answers at "${server}" (ECONNREFUSED)`)
    expect(ran.stderr).toContain('npm start')
    const chinese = await cli.run(['migration', 'list', '--server', server, '--lang', 'zh'])
    expect(chinese.stderr).toContain('没有应答')
  })

  it('that is something else ends in 4', async () => {
    const other = createServer((_, response) => response.end('<h1>hello</h1>'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    try {
      const ran = await cli.run(['migration', 'list', '--server', `http://127.0.0.1:${port}`])
      expect(ran.exitCode).toBe(4)
      expect(ran.stderr).toContain('is not Qianyun')
    } finally {
      other.close()
    }
  })

  it('is named by an address', async () => {
    expect(await cli.run(['migration', 'list', '--server', 'localhost'])).toMatchObject({ exitCode: 2 })
  })
})

describe('the token', () => {
  it('that is wrong ends in 5, and is not repeated', async () => {
    const file = cli.file('wrong.token', 'thisisnotatokenofanybodyatall0000000000000')
    chmodSync(file, 0o600)
    const ran = await cli.run(['migration', 'list', '--token-file', file])
    expect(ran.exitCode).toBe(5)
    expect(ran.stderr).toContain('did not accept the token')
    expect(ran.stderr + ran.stdout).not.toContain('thisisnotatoken')
  })

  it('that nobody named ends in 5, with how to sign in', async () => {
    const ran = await cli.run(['migration', 'list'], {
      env: { QIANYUN_CONTEXT_FILE: join(cli.home, 'none.json'), QIANYUN_SERVER: api.url },
    })
    expect(ran.exitCode).toBe(5)
    expect(ran.stderr).toContain('qianyun context use')
  })

  it('in a file that others can read is not used', async () => {
    const file = cli.file('open.token', 'x')
    chmodSync(file, 0o644)
    const ran = await cli.run(['migration', 'list', '--token-file', file])
    expect(ran.exitCode).toBe(2)
    expect(ran.stderr).toContain(`chmod 600 ${file}`)
  })

  it('may come from the environment, without any context', async () => {
    const env = {
      QIANYUN_HOME: join(cli.home, 'empty'),
      QIANYUN_SERVER: api.url,
      QIANYUN_TOKEN: api.people.owner.token,
    }
    expect((await cli.run(['context', 'show', '--json'], { env })).json).toMatchObject({
      account: 'owner-li',
      role: 'owner',
    })
  })

  it('of an account of the home folder is found by the account’s name', async () => {
    const env = { QIANYUN_CONTEXT_FILE: join(cli.home, 'none.json'), QIANYUN_SERVER: api.url }
    const ran = await cli.run(['context', 'show', '--account', 'vendor-zhao', '--json'], { env })
    expect(ran.json).toMatchObject({ account: 'vendor-zhao', role: 'vendor', organisation: 'permit-soft' })
  })
})

describe('contexts', () => {
  it('are set, used, listed and removed, in a file only its owner reads', async () => {
    const file = join(cli.home, 'own', 'context.json')
    const env = { QIANYUN_CONTEXT_FILE: file }
    const tokenFile = join(cli.home, 'accounts', 'owner-li.token')
    const missing = await cli.run(['context', 'set', 'first'], { env })
    expect(missing.exitCode).toBe(2)
    expect(missing.stderr).toContain('--server, --account, --token-file')
    const given = ['--server', api.url, '--account', 'owner-li', '--token-file', tokenFile]
    expect((await cli.run(['context', 'set', 'first', ...given], { env })).exitCode).toBe(0)
    expect((await cli.run(['context', 'set', 'second', ...given, '--role', 'owner'], { env })).exitCode).toBe(
      0,
    )
    expect((await cli.run(['context', 'use', 'second'], { env })).stdout).toContain('"second"')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toContain(api.people.owner.token)
    const list = await cli.run(['context', 'list'], { env })
    expect(list.stdout).toMatch(/^\* {2}second +owner-li +owner/m)
    expect((await cli.run(['context', 'set', 'second', '--remove'], { env })).exitCode).toBe(0)
    const gone = await cli.run(['context', 'use', 'second'], { env })
    expect(gone.exitCode).toBe(2)
    expect(gone.stderr).toContain('there are: first')
  }, 60_000)

  it('of a file that is not valid are named with every problem', async () => {
    const broken = cli.file('broken.json', '{"current":"A B","contexts":{"x":{"server":"nowhere"}}}')
    const ran = await cli.run(['context', 'list'], { env: { QIANYUN_CONTEXT_FILE: broken } })
    expect(ran.exitCode).toBe(2)
    expect(ran.stderr).toMatch(/current.*contexts\.x\.server.*contexts\.x\.account/)
  })
})

describe('the command line', () => {
  it('alone says what there is, in the language of the locale', async () => {
    const help = await cli.run([])
    expect(help.exitCode).toBe(0)
    expect(help.stdout).toContain('qianyun migration')
    expect(help.stdout).toContain('Exit codes: 0 done')
    const chinese = await cli.run(['--help'], { env: { LC_ALL: 'zh_CN.UTF-8' } })
    expect(chinese.stdout).toContain('退出码')
    expect(chinese.stdout).toContain('命令：')
  })

  it.each([
    [['migration', 'shwo', 'x'], 'Did you mean "show"?'],
    [['migration'], 'A command is missing'],
    [['migration', 'show'], 'Not enough arguments: got 0, at least 1 expected.'],
    [['migration', 'list', '--colour'], 'colour'],
    [['rollback', 'x'], 'reason'],
    [['migration', 'watch', 'x', '--timeout', 'soon'], '"soon" is not a duration'],
    [['playbook', 'plan', 'x', '--plan', 'y', '--host', 'nowhere'], '"nowhere" is not name=value'],
    [['audit', 'verify', '/nowhere.ndjson'], '"/nowhere.ndjson" cannot be read (ENOENT)'],
    [['plan', 'create', '/nowhere.yaml'], '"/nowhere.yaml" cannot be read (ENOENT)'],
  ])('%j ends in 2 and says why', async (args, reason) => {
    const ran = await cli.run(args)
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' })
    expect(ran.stderr).toContain(reason)
  })

  it('completes words for the shells', async () => {
    const groups = await cli.run(['--get-yargs-completions', 'qianyun', ''])
    expect(groups.stdout.split('\n')).toEqual(expect.arrayContaining(['migration', 'task', 'rollback']))
    const verbs = await cli.run(['--get-yargs-completions', 'qianyun', 'signoff', ''])
    expect(verbs.stdout.split('\n')).toEqual(expect.arrayContaining(['show', 'sign']))
    for (const shell of ['bash', 'zsh', 'fish']) {
      expect((await cli.run(['completion', shell])).stdout).toContain('--get-yargs-completions')
    }
  })

  it('prints no colour when piped, unless it is told to', async () => {
    const escape = '\u001b['
    expect((await cli.run(['context', 'list'])).stdout).not.toContain(escape)
    expect((await cli.run(['context', 'list', '--color'])).stdout).toContain(escape)
    expect(
      (await cli.run(['context', 'list'], { env: { NO_COLOR: '1', FORCE_COLOR: '1' } })).stdout,
    ).not.toContain(escape)
  })
})

describe('a number on the command line', () => {
  it.each([
    [['audit', 'list', '--limit', 'abc'], '--limit "abc" is not a whole number from 1 to 1000.'],
    [['audit', 'list', '--limit', '0'], '--limit "0" is not a whole number from 1 to 1000.'],
    [['audit', 'list', '--after', '-1'], '--after "-1" is not a whole number of 0 or more.'],
    [['audit', 'list', '--after', '1.5'], '--after "1.5" is not a whole number of 0 or more.'],
    [['migration', 'watch', 'x', '--events', 'many'], '--events "many" is not a whole number of 0 or more.'],
    [['migration', 'show', 'x', '--events', ''], '--events "" is not a whole number of 0 or more.'],
  ])('that is none is named before anything is asked: %p', async (args, says) => {
    const ran = await cli.run([...args, '--server', 'http://127.0.0.1:1'])
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' })
    expect(ran.stderr).toContain(says)
  })

  it('that is one counts', async () => {
    const ran = await cli.run(['audit', 'list', '--after', '0', '--limit', '1', '--json'])
    expect(ran.json).toMatchObject({ lines: [{ entry: { sequence: 1 } }] })
  })
})

describe('files', () => {
  it('that are not YAML are named with the place', async () => {
    const ran = await cli.run(['plan', 'create', cli.file('bad.yaml', 'a: [1, 2\nb: 3\n')])
    expect(ran.exitCode).toBe(2)
    expect(ran.stderr).toMatch(/bad\.yaml" is neither YAML nor JSON/)
  })

  it('with aliases are not unfolded', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x]\n${'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index] ?? ''},`.repeat(8)}]`)
      .join('\n')}\n`
    const ran = await cli.run(['system', 'import', cli.file('bomb.yaml', bomb)])
    expect(ran.exitCode).toBe(2)
    expect(ran.stderr).toContain('neither YAML nor JSON')
  })

  it('of systems may be GBK, as spreadsheets write it; another kind of list is told which columns are wanted', async () => {
    const gbk = [Buffer.from('system,name\nx,'), Buffer.from([0xba, 0xc3, 0xb5, 0xc4]), Buffer.from('\n')]
    const lacking = await cli.run(['system', 'import', cli.file('gbk.csv', Buffer.concat(gbk))])
    expect(lacking.exitCode).toBe(1)
    expect(lacking.stderr).toContain('has the columns "system", "name"; department missing.')
    expect(lacking.stderr).toContain('system, name, department, vendor, network')
    const whole = [Buffer.from('system,name,department\nBad One,'), gbk[1]!, Buffer.from(',bureau\n')]
    const read = await cli.run(['system', 'import', cli.file('gbk.csv', Buffer.concat(whole)), '--json'])
    expect(read.stderr).toContain('"path":"1.system"')
    expect(read.stderr).not.toContain('"path":"1.name"')
    const neither = cli.file('broken.csv', Buffer.from([0x41, 0xff, 0xff, 0x0a]))
    expect(await cli.run(['system', 'import', neither])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('neither in UTF-8 nor in UTF-16 nor in GB18030 (GBK)'),
    })
  })

  it('of systems tell every bad row; nothing is taken over then', async () => {
    const csv = cli.file('systems.csv', 'system,name,department\ngood-one,好的,bureau\nBad One,x,bureau\n')
    const ran = await cli.run(['system', 'import', csv])
    expect(ran.exitCode).toBe(1)
    expect(ran.stdout + ran.stderr).toMatch(/system.*lower case/)
    expect((await cli.as('coordinator', 'system', 'list', '--json')).json).toEqual({ systems: [] })
  })

  it('of a plan are refused with every problem, as one document with --json', async () => {
    const ran = await cli.run(['plan', 'create', cli.file('plan.yaml', 'plan: x\nsystem: Y Z\n'), '--json'])
    expect(ran).toMatchObject({ exitCode: 1, stdout: '' })
    const { error } = JSON.parse(ran.stderr) as { error: { code: string; problem: { problems: unknown[] } } }
    expect(error.code).toBe('invalid-input')
    expect(error.problem.problems.length).toBeGreaterThan(3)
  })

  it('with a key of another kind do not sign', async () => {
    const file = cli.file('rsa.key', '-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n')
    chmodSync(file, 0o600)
    const ran = await cli.run([
      'signoff',
      'sign',
      'permit-desk',
      '--yes',
      '--key-file',
      file,
      '--context',
      'owner',
    ])
    expect(ran.exitCode).toBe(2)
    expect(ran.stderr).toContain('does not hold an Ed25519 private key')
  })
})

describe('what the account may not do', () => {
  it('ends in 1 with the server’s sentence', async () => {
    const ran = await cli.run(['migration', 'launch', 'x', '--context', 'auditor'])
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr).toContain(
      '"auditor-qian" has the role auditor; this needs one of the roles coordinator.',
    )
  })

  it('and what is not there look alike', async () => {
    const ran = await cli.run(['migration', 'show', 'nothing', '--lang', 'zh'])
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr).toContain('没有迁移“nothing”，或无权查看。')
  })
})
