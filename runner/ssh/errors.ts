import { QianyunError } from '../../domain/errors.ts'
import { said, inForeignWords } from '../../domain/words/said.ts'
import type { Said } from '../../domain/words/message.ts'

/** Thrown before anything is sent if no host key is approved for the host. */
export class HostKeyNotPinnedError extends QianyunError {
  override name = 'HostKeyNotPinnedError'
  readonly code = 'host-key-not-pinned'

  constructor(
    readonly host: string,
    readonly address: string,
  ) {
    super(said('host-key-not-pinned', { host, address }))
  }
}

/** Thrown when the host presents another key than the pinned one. Nothing was sent to it. */
export class WrongHostKeyError extends QianyunError {
  override name = 'WrongHostKeyError'
  readonly code = 'wrong-host-key'

  constructor(
    readonly host: string,
    readonly address: string,
    readonly pinned: string,
    readonly shown: string,
  ) {
    super(said('wrong-host-key', { host, address, shown, pinned }))
  }
}

/** Thrown when no connection to the host can be made. */
export class HostUnreachableError extends QianyunError {
  override name = 'HostUnreachableError'
  readonly code = 'host-unreachable'

  constructor(
    readonly host: string,
    readonly address: string,
    readonly port: number,
    readonly reason: Said,
  ) {
    super(said('host-unreachable', { host, address, port, reason }))
  }
}

/** Thrown when the host does not finish the SSH handshake in time. */
export class ConnectTimeoutError extends QianyunError {
  override name = 'ConnectTimeoutError'
  readonly code = 'connect-timeout'

  constructor(
    readonly host: string,
    readonly address: string,
    readonly port: number,
    readonly timeoutMs: number,
  ) {
    super(said('connect-timeout', { host, address, port, timeoutMs }))
  }
}

/** Thrown when the SSH handshake fails for another reason than the host key and the login. */
export class HandshakeFailedError extends QianyunError {
  override name = 'HandshakeFailedError'
  readonly code = 'ssh-handshake-failed'

  constructor(
    readonly host: string,
    readonly address: string,
    readonly port: number,
    readonly reason: Said,
  ) {
    super(said('ssh-handshake-failed', { host, address, port, reason }))
  }
}

/** Thrown when the host refuses the user or the key. */
export class LoginRefusedError extends QianyunError {
  override name = 'LoginRefusedError'
  readonly code = 'login-refused'

  constructor(
    readonly host: string,
    readonly address: string,
    readonly user: string,
  ) {
    super(said('login-refused', { host, address, user }))
  }
}

/** Thrown when sudo does not take the password of the login user. It is not asked again on this connection: wrong ones lock accounts. */
export class SudoPasswordRefusedError extends QianyunError {
  override name = 'SudoPasswordRefusedError'
  readonly code = 'sudo-password-refused'

  constructor(
    readonly host: string,
    readonly user: string,
    readonly output: string,
  ) {
    super(said('sudo-password-refused', { host, user, output }))
  }
}

/** Thrown when a private key cannot be used. The key itself is not part of the message. */
export class UnusablePrivateKeyError extends QianyunError {
  override name = 'UnusablePrivateKeyError'
  readonly code = 'unusable-private-key'

  constructor(readonly host: string) {
    super(said('unusable-private-key', { host }))
  }
}

/** What the C library calls EPERM, which is told to root as well. */
const notPermitted = /Operation not permitted|不允许的操作/

function hintOn(stderr: string): Said | undefined {
  if (notPermitted.test(stderr)) return said('command-not-permitted')
  return /sudo: .*password is required/.test(stderr) ? said('command-needs-sudo-password') : undefined
}

/** Thrown when a command ends with an exit code that does not count as success. The error keeps the last 4 KiB of the output. */
export class CommandFailedError extends QianyunError {
  override name = 'CommandFailedError'
  readonly code = 'command-failed'

  constructor(
    readonly host: string,
    readonly command: string,
    readonly exitCode: number,
    readonly stdout: string,
    readonly stderr: string,
    readonly expectedExitCodes: readonly number[] = [0],
  ) {
    super(
      said('command-failed', {
        host,
        exitCode,
        expected: expectedExitCodes,
        output: lastLine(stderr) ?? lastLine(stdout),
        hint: hintOn(stderr),
        command: firstLine(command),
      }),
    )
  }
}

/** Thrown when a command exceeds its time limit. Its process group on the host was killed. */
export class CommandTimeoutError extends QianyunError {
  override name = 'CommandTimeoutError'
  readonly code = 'command-timeout'

  constructor(
    readonly host: string,
    readonly command: string,
    readonly timeoutMs: number,
    readonly stderr: string,
  ) {
    super(said('command-timeout', { host, timeoutMs, command: firstLine(command) }))
  }
}

/** Thrown when the caller aborts a running command. Its process group on the host was killed. */
export class CommandAbortedError extends QianyunError {
  override name = 'CommandAbortedError'
  readonly code = 'command-aborted'

  constructor(
    readonly host: string,
    readonly command: string,
  ) {
    super(said('command-aborted', { host, command: firstLine(command) }))
  }
}

/** Thrown when a command prints more than the limit. Its process group on the host was killed. */
export class OutputLimitError extends QianyunError {
  override name = 'OutputLimitError'
  readonly code = 'output-limit'

  constructor(
    readonly host: string,
    readonly command: string,
    readonly limitBytes: number,
  ) {
    super(said('output-limit', { host, limitBytes, command: firstLine(command) }))
  }
}

/** Thrown when the connection is lost while a command runs; the outcome of the command is unknown. */
export class ConnectionLostError extends QianyunError {
  override name = 'ConnectionLostError'
  readonly code = 'connection-lost'

  constructor(
    readonly host: string,
    readonly command: string,
  ) {
    super(said('connection-lost', { host, command: firstLine(command) }))
  }
}

/** Thrown when the host does not start a command; nothing ran. */
export class CommandNotStartedError extends QianyunError {
  override name = 'CommandNotStartedError'
  readonly code = 'command-not-started'

  constructor(
    readonly host: string,
    /** In the words of the SSH library. */
    readonly reason: string,
  ) {
    super(said('command-not-started', { host, reason: inForeignWords(reason) }))
  }
}

/**
 * Thrown when a login shell does not run the script, or when its start-up files redirect the output: the script did not run, or
 * its output is unknown.
 */
export class LoginShellUnusableError extends QianyunError {
  override name = 'LoginShellUnusableError'
  readonly code = 'login-shell-unusable'

  constructor(
    readonly host: string,
    readonly exitCode: number,
    readonly noise: string,
  ) {
    super(said('login-shell-unusable', { host, exitCode, output: firstLines(noise) }))
  }
}

/** Thrown when a script is longer than a host accepts as one argument. */
export class ScriptTooLongError extends QianyunError {
  override name = 'ScriptTooLongError'
  readonly code = 'script-too-long'

  constructor(
    readonly host: string,
    readonly sizeBytes: number,
    readonly limitBytes: number,
  ) {
    super(said('script-too-long', { host, sizeBytes, limitBytes }))
  }
}

/** Thrown when a file changes after it was read; the file was not replaced. */
export class FileChangedError extends QianyunError {
  override name = 'FileChangedError'
  readonly code = 'file-changed'

  constructor(
    readonly host: string,
    readonly path: string,
  ) {
    super(said('file-changed', { path, host }))
  }
}

/** Thrown when the path of a file holds something other than a file; it was left unchanged. */
export class NotAFileError extends QianyunError {
  override name = 'NotAFileError'
  readonly code = 'not-a-file'

  constructor(
    readonly host: string,
    readonly path: string,
  ) {
    super(said('not-a-file', { path, host }))
  }
}

/** The first line is the shell's complaint; the rest repeats the script. */
function firstLines(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.length === 0 ? undefined : lines.slice(0, 2).join(' / ').slice(0, 300)
}

function lastLine(text: string): string | undefined {
  return text
    .trimEnd()
    .split('\n')
    .findLast((line) => line.trim() !== '')
    ?.slice(0, 300)
}

function firstLine(command: string): string {
  const line = command.split('\n').find((text) => text.trim() !== '' && text.trim() !== 'set -e') ?? ''
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line)
}
