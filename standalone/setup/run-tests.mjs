import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { words } from './words.mjs'

/**
 * Checks, then tests; with arguments only the tests they name. `--slow` runs those that take minutes of their own, `--all` all of
 * them. The last line is `tests: N passed, N failed`. Gives the exit code.
 */
export async function runTests(repository, args) {
  const rest = args.filter((argument) => argument !== '--slow' && argument !== '--all')
  const suites = args.includes('--all') ? ['usual', 'slow'] : [args.includes('--slow') ? 'slow' : 'usual']
  const checks = rest.length === 0 && suites.includes('usual')
  const checkCode = checks ? await show('npm', ['run', 'check'], { cwd: repository }) : 0
  let code = checkCode
  const sum = { passed: 0, failed: 0 }
  for (const suite of suites) {
    const ended = await runSuite(repository, suite, rest)
    sum.passed += ended.passed
    sum.failed += ended.failed
    if (ended.code !== 0) code = ended.code
  }
  if (checkCode !== 0) console.log(words.checkFailed)
  console.log(`tests: ${sum.passed} passed, ${sum.failed} failed`)
  return code
}

async function runSuite(repository, suite, args) {
  const folder = mkdtempSync(join(tmpdir(), 'qianyun-results-'))
  const results = join(folder, 'results.json')
  try {
    const jest = join(repository, 'node_modules', '.bin', 'jest')
    const code = await show(jest, ['--json', `--outputFile=${results}`, ...args], {
      cwd: repository,
      env: { ...process.env, QIANYUN_TESTS: suite },
      stdout: 'ignore',
    })
    const { passed, failed } = count(results)
    if (code !== 0 && failed === 0) console.log(words.jestEnded(code))
    return { code, passed, failed }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Jest tells people on standard error; with --json its standard output is for programs. */
function show(command, args, { stdout = 'inherit', ...options }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', stdout, 'inherit'] })
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
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numRuntimeErrorTestSuites = 0,
  } = JSON.parse(readFileSync(results, 'utf8'))
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }
}
