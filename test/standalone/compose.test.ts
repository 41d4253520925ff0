import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import { useHomeFolder } from '../support/home-folder.ts'

const folder = useHomeFolder()
const repository = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(repository, path), 'utf8')

/** The three commands of docs/operations.md, as they stand there. */
const commands = /its tables and namespace:\n\n((?: {4}\S.*\n)+)/
  .exec(read('docs/operations.md'))![1]!
  .split('\n')
  .map((line) => line.trim())
  .filter(Boolean)

describe('the commands for the servers of docker-compose.yml', () => {
  it('are three, and the same in both places', () => {
    expect(commands).toHaveLength(3)
    for (const command of commands) expect(read('docker-compose.yml')).toContain(`#   ${command}\n`)
  })

  it.each([
    ['nothing', undefined],
    ['other settings', 'QIANYUN_POSTGRES_PORT=7433\n'],
  ])('keep the only copy of the password when they are run again, over %s', (name, before) => {
    const cwd = join(folder, name)
    mkdirSync(cwd)
    if (before !== undefined) writeFileSync(join(cwd, '.env'), before, { mode: 0o600 })
    const run = () => execFileSync('sh', ['-c', commands[0]!], { cwd })

    run()
    const first = readFileSync(join(cwd, '.env'), 'utf8')
    run()

    expect(first).toMatch(/^POSTGRES_PASSWORD=[0-9a-f]{48}$/m)
    expect(first).toContain(before ?? '')
    expect(readFileSync(join(cwd, '.env'), 'utf8')).toBe(first)
    expect(statSync(join(cwd, '.env')).mode & 0o777).toBe(0o600)
  })

  it('wait for the namespace by making it, and two that make it at the same time both succeed', () => {
    const bin = join(folder, 'bin')
    mkdirSync(bin)
    // As the other one would: what is created is there already, though a look before found nothing.
    writeFileSync(
      join(bin, 'temporal'),
      `#!/bin/sh
      mkdir -p "${bin}/made"
      case "$*" in
        *create*) for word in "$@"; do :; done; touch "${bin}/made/$(echo "$*" | tr -dc 'A-Za-z')"
          echo "already exists" >&2; exit 1 ;;
        *describe*) ls "${bin}/made" | grep -q operatornamespacecreate ;;
        *list*) ls "${bin}/made" | grep -o 'Migration[A-Z][a-z]*' || true ;;
      esac`,
      { mode: 0o755 },
    )
    const run = () =>
      execFileSync('sh', [join(repository, 'standalone/compose/namespace.sh')], {
        env: { PATH: `${bin}:/usr/bin:/bin` },
        stdio: 'pipe',
      })

    expect(run).not.toThrow()
    expect(commands[1]).toBe('docker compose up -d && docker compose run --rm --no-deps namespace')
  })
})
