import { QianyunError } from '../domain/errors.ts'

/** Thrown when a program the lab is made of is not installed. */
export class LabPackageMissingError extends QianyunError {
  override name = 'LabPackageMissingError'
  readonly code = 'lab-package-missing'

  constructor(
    readonly packages: readonly string[],
    readonly programs: readonly string[],
    readonly command = `apt-get install --no-install-recommends -y ${packages.join(' ')}`,
  ) {
    super(
      `The lab needs ${programs.map((p) => `"${p}"`).join(', ')}, which this machine does not have. Install with "${command}" and start again.`,
    )
  }
}

/** Thrown when the lab can neither act as root nor use sudo without a password; its hosts are users of their own. */
export class LabNeedsRootError extends QianyunError {
  override name = 'LabNeedsRootError'
  readonly code = 'lab-needs-root'

  constructor(readonly user: string) {
    super(
      `The lab's hosts run as users of their own, and "${user}" may not act for them: "sudo -n true" was refused. Run as root, or allow sudo without a password for the time of the lab.`,
    )
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
    super(
      `The lab's hosts run as users of their own and cannot enter "${closedFolder}", on the way to "${home}". Set QIANYUN_HOME to a folder every user can pass through, or run "chmod o+x ${closedFolder}".`,
    )
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
    super(
      `The lab in "${home}" was made in "${madeIn}", and its hosts know no other place. Move the folder back, or begin anew with: npm start -- --fresh`,
    )
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
    super(
      `Port ${port} on "${address}" is taken by ${holder}, but this lab has used it since its first start. End that program, or begin anew in another home folder.`,
    )
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
    super(`The lab in "${home}" is already run by process ${pid}. Use that one, or end it first.`)
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
    super(
      `There is no usable lab in "${home}": ${reason}. Bring one up with "npx tsx lab/main.ts up --home ${home}".`,
    )
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
    super(
      `"${part}" of the lab did not answer within ${waitedMs} ms. Its log is "${logPath}" and ends: ${tail === '' ? '(empty)' : tail}`,
      options,
    )
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
    super(
      `"${program}", run as "${user}", ended with ${exitCode ?? 'a signal'}: ${stderr.trim().slice(-2000)}`,
    )
  }
}
