import { quote } from '../../ssh/quote.ts'
import { putBackScript } from '../before.ts'
import type { Command } from '../kind.ts'
import { asRoot } from '../../ssh/root.ts'
import type { ServiceFacts, ServiceParams } from './params.ts'

export type Verb = 'start' | 'stop' | 'restart'

/** The commands of one supervisor. */
export interface Supervisor {
  readonly define: (text: string) => readonly Command[]
  /** Restores the kept definition, or removes ours where a package has its own. */
  readonly restore: () => readonly Command[]
  readonly enable: (enabled: boolean) => Command
  readonly control: (verb: Verb) => Command
  readonly remove: () => readonly Command[]
}

/** The path of the run script or unit of a service. */
export function definitionPath({ name }: Pick<ServiceParams, 'name'>, serviceDir: string): string {
  return serviceDir === '' ? `/etc/systemd/system/${name}.service` : `${serviceDir}/${name}/run`
}

export function supervisorOf(params: ServiceParams, facts: ServiceFacts): Supervisor {
  return facts.supervisor === 'runit' ? runit(params, facts) : systemd(params, facts)
}

function runit(params: ServiceParams, { serviceDir, backup, identity }: ServiceFacts): Supervisor {
  const { host, name, waitSeconds } = params
  const folder = quote(`${serviceDir}/${name}`)
  const path = definitionPath(params, serviceDir)
  const shell = (title: string, script: string): Command => ({ do: 'shell', host, title, script })
  return {
    // The supervisor picks up a new folder at once; the file `down` prevents a start before the folder is complete.
    define: (text) => [
      shell(
        `make the service folder of ${name}`,
        `set -e\nif [ ! -e ${folder}/run ]; then mkdir -p ${folder}; : >${folder}/down; fi`,
      ),
      {
        do: 'write-file',
        host,
        title: `define ${name}`,
        path,
        content: text,
        mode: '0755',
      },
    ],
    restore: () => [
      shell(`put the definition of ${name} back`, putBackScript(path, backup, identity, false)),
    ],
    enable: (enabled) =>
      enabled
        ? shell(`start ${name} with the host`, `rm -f ${folder}/down`)
        : shell(`do not start ${name} with the host`, `: >${folder}/down`),
    control: (verb) => {
      const act = { start: 'up', stop: 'force-stop', restart: 'restart' }[verb]
      return shell(
        `${verb} ${name}`,
        `set -e\n${awaitSupervised(folder)}\nsv -w ${waitSeconds} ${act} ${folder} >&2${
          verb === 'stop'
            ? ''
            : `\n${staysUp(name, `sv status ${folder} | sed -n 's/^run: [^(]*(pid \\([0-9]*\\)).*/\\1/p'`)}`
        }`,
      )
    },
    remove: () => [
      shell(`remove ${name}`, removeScript(folder, quote(`${serviceDir}/.${name}.removed`), waitSeconds)),
    ],
  }
}

/**
 * A supervisor says of a program that it runs as soon as it has begun, also of one that ends at once and is begun again and again. So what
 * names its present run has to be the same a moment later.
 */
function staysUp(name: string, presentRun: string): string {
  return `run=$(${presentRun} 2>/dev/null || true); sleep 1.5
if [ -z "$run" ] || [ "$(${presentRun} 2>/dev/null || true)" != "$run" ]; then
  printf '%s\\n' ${quote(`${name} was started and ended again at once; look at its log`)} >&2
  exit 1
fi`
}

/** runsvdir looks for new folders every five seconds. */
function awaitSupervised(folder: string): string {
  return `n=0; while [ ! -e ${folder}/supervise/ok ] && [ $n -lt 80 ]; do sleep 0.25; n=$((n+1)); done`
}

/**
 * Moves the folder out of the supervisor's sight first; otherwise the supervisor would restart the service's own supervisor, which may
 * write into its folder for a moment while it ends.
 */
function removeScript(folder: string, hidden: string, waitSeconds: number): string {
  return `if [ -e ${folder} ]; then rm -rf ${hidden}; mv ${folder} ${hidden}; fi
if [ -e ${hidden}/supervise/ok ]; then sv -w ${waitSeconds} force-stop ${hidden} >&2 || true; sv exit ${hidden} >&2 || true; fi
n=0; until rm -rf ${hidden} 2>/dev/null; do n=$((n+1)); [ $n -lt 40 ] || exit 1; sleep 0.25; done`
}

function systemd(params: ServiceParams, facts: ServiceFacts): Supervisor {
  const { host, name } = params
  const { isRoot, vendor, backup, identity } = facts
  const path = definitionPath(params, '')
  const unitName = quote(`${name}.service`)
  const shell = (title: string, script: string): Command => ({
    do: 'shell',
    host,
    title,
    script: asRoot(script, isRoot),
  })
  const readAgain = shell(`have systemd read ${name} again`, 'systemctl daemon-reload')
  return {
    define: (text) => [
      {
        do: 'write-file',
        host,
        title: `define ${name}`,
        path,
        content: text,
        mode: '0644',
        withSudo: !isRoot,
      },
      readAgain,
    ],
    restore: () => [
      vendor === true
        ? shell(`remove ${path}`, `rm -f ${quote(path)}`)
        : shell(`put the definition of ${name} back`, putBackScript(path, backup, identity, false)),
      readAgain,
    ],
    enable: (enabled) =>
      enabled
        ? shell(`start ${name} with the host`, `systemctl enable --quiet ${unitName}`)
        : shell(`do not start ${name} with the host`, `systemctl disable --quiet ${unitName}`),
    control: (verb) =>
      shell(
        `${verb} ${name}`,
        verb === 'stop' ? `systemctl stop ${unitName}` : startScript(name, verb, unitName),
      ),
    remove: () => [
      shell(
        `remove ${name}`,
        `systemctl disable --now --quiet ${unitName} || true\nrm -f ${quote(path)}\nsystemctl daemon-reload`,
      ),
    ],
  }
}

/** A unit that somebody has changed is read again first: systemd would go on with the one it knows. One that ends by design is not awaited. */
function startScript(name: string, verb: Verb, unitName: string): string {
  const presentRun = `systemctl is-active --quiet ${unitName} && systemctl show -p ExecMainStartTimestampMonotonic ${unitName}`
  return `set -e
if systemctl show -p NeedDaemonReload ${unitName} 2>/dev/null | grep -q =yes; then systemctl daemon-reload; fi
systemctl ${verb} ${unitName}
case $(systemctl show -p Type ${unitName}) in *=oneshot) exit 0 ;; esac
${staysUp(name, presentRun)}`
}
