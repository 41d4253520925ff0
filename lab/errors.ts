import { QianyunError } from '../domain/errors.ts'
import { says } from './sentences.ts'

/** Thrown when a program the lab is made of is not installed. */
export class LabPackageMissingError extends QianyunError {
  override name = 'LabPackageMissingError'
  readonly code = 'lab-package-missing'

  constructor(
    readonly packages: readonly string[],
    readonly programs: readonly string[],
    readonly command = `apt-get install --no-install-recommends -y ${packages.join(' ')}`,
  ) {
    super(says.packageMissing(programs, command))
  }
}

/** Thrown when the lab can neither act as root nor use sudo without a password; its hosts are users of their own. */
export class LabNeedsRootError extends QianyunError {
  override name = 'LabNeedsRootError'
  readonly code = 'lab-needs-root'

  constructor(readonly user: string) {
    super(says.needsRoot(user))
  }
}

/** Thrown when the lab's home lies in a folder that the users of its hosts cannot enter. */
export class LabHomeClosedError extends QianyunError {
  override name = 'LabHomeClosedError'
  readonly code = 'lab-home-closed'

  constructor(
    readonly home: string,
    readonly closedFolder: string,
  ) {
    super(says.homeClosed(closedFolder, home))
  }
}

/** Thrown when the folder of a lab was moved: its hosts' configuration names the place where it was made. */
export class LabMovedError extends QianyunError {
  override name = 'LabMovedError'
  readonly code = 'lab-moved'

  constructor(
    readonly home: string,
    readonly madeIn: string,
  ) {
    super(says.moved(home, madeIn))
  }
}

/** Thrown when a port the lab kept from its first start now belongs to something else. */
export class LabPortTakenError extends QianyunError {
  override name = 'LabPortTakenError'
  readonly code = 'lab-port-taken'

  constructor(
    readonly address: string,
    readonly port: number,
    readonly holder: string,
  ) {
    super(says.portTaken(port, address, holder))
  }
}

/** Thrown when a second process wants to run the lab that a first one is running. */
export class LabAlreadyRunningError extends QianyunError {
  override name = 'LabAlreadyRunningError'
  readonly code = 'lab-already-running'

  constructor(
    readonly home: string,
    readonly pid: number,
  ) {
    super(says.alreadyRunning(home, pid))
  }
}

/** Thrown when there is no lab to read in a home folder. */
export class LabNotFoundError extends QianyunError {
  override name = 'LabNotFoundError'
  readonly code = 'lab-not-found'

  constructor(
    readonly home: string,
    reason: string,
  ) {
    super(says.notFound(home, reason))
  }
}

/** Thrown when a part of the lab was started and does not answer. `tail` is the end of its log. */
export class LabPartNotReadyError extends QianyunError {
  override name = 'LabPartNotReadyError'
  readonly code = 'lab-part-not-ready'

  constructor(
    readonly part: string,
    readonly waitedMs: number,
    readonly logPath: string,
    readonly tail: string,
    options?: ErrorOptions,
  ) {
    super(says.partNotReady(part, waitedMs, logPath, tail), options)
  }
}

/** Thrown when a program that the lab ran for one of its hosts failed. */
export class LabCommandError extends QianyunError {
  override name = 'LabCommandError'
  readonly code = 'lab-command-failed'

  constructor(
    readonly user: string,
    readonly program: string,
    readonly exitCode: number | null,
    readonly stderr: string,
  ) {
    super(says.commandFailed(program, user, exitCode, stderr.trim().slice(-2000)))
  }
}
