import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Checks, then tests; with arguments only the tests they name. The last line is `tests: N passed, N failed`.
 * Gives the exit code.
 */
export async function runTests(repository, args) {
  const bin = (name) => join(repository, 'node_modules', '.bin', name)
  const checkCode = args.length === 0 ? await show('npm', ['run', 'check'], repository) : 0
  const folder = mkdtempSync(join(tmpdir(), 'qianyun-results-'))
  const results = join(folder, 'results.json')
  try {
    const jestCode = await show(
      bin('jest'),
      ['--json', `--outputFile=${results}`, ...args],
      repository,
      'no-output',
    )
    const { passed, failed } = count(results)
    if (checkCode !== 0) console.log('check failed')
    if (jestCode !== 0 && failed === 0) console.log(`jest ended with exit code ${jestCode}`)
    console.log(`tests: ${passed} passed, ${failed} failed`)
    return jestCode === 0 ? checkCode : jestCode
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Jest tells people on standard error; with --json its standard output is for programs. */
function show(command, args, cwd, output) {
  const stdio = ['ignore', output === 'no-output' ? 'ignore' : 'inherit', 'inherit']
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio })
    const pass = (signal) => child.kill(signal)
    // Ctrl-C reaches the child by itself; here it only must not end us before the last line.
    const wait = () => undefined
    process.on('SIGTERM', pass).on('SIGINT', wait)
    child.once('error', () => resolve(127))
    child.once('close', (code) => {
      process.off('SIGTERM', pass).off('SIGINT', wait)
      resolve(code ?? 1)
    })
  })
}

/** A file that could not even be loaded counts as one failed test. */
function count(results) {
  if (!existsSync(results)) return { passed: 0, failed: 0 }
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(results, 'utf8'),
  )
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }
}
