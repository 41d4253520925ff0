import { dirname } from 'node:path/posix'
import { quote, quoteAll } from '../../ssh/quote.ts'
import type { Command, HostPort, StepContext } from '../kind.ts'
import { identityOf, keepScript } from '../before.ts'
import { type Verb, definitionPath, supervisorOf } from './commands.ts'
import { runScript, unit } from './definition.ts'
import { implementKind } from '../implement-kind.ts'
import { ServiceUnknownError } from './errors.ts'
import { type ServiceParams, type ServiceFacts, service } from './params.ts'

/** Carries {@link service} out. */
export const implementation = implementKind<ServiceParams, ServiceFacts>(service, {
  interrupted: () => 'plan-again',
  gather: async (params, context) => gather(params, context.host(params.host), context),
  keep: ({ definition: _definition, ...facts }) => facts,
  plan(params, facts) {
    if (params.state === 'startable' && facts.known !== true)
      throw new ServiceUnknownError(params.name, params.host, facts.supervisor)
    const supervisor = supervisorOf(params, facts)
    const text = definitionText(params, facts)
    const { redefines, enables, verb, notes } = changesOf(params, facts)
    return [
      ...(redefines && facts.definition !== undefined ? [keepDefinition(params, facts)] : []),
      ...(redefines && text !== undefined ? supervisor.define(text) : []),
      ...(enables ? [supervisor.enable(params.enabled === true)] : []),
      ...(verb === undefined ? [] : [supervisor.control(verb)]),
      ...(notes ? [note(params, facts)] : []),
    ]
  },
  undo(params, before) {
    const supervisor = supervisorOf(params, before)
    const { redefines, enables, verb, notes } = changesOf(params, before)
    if (redefines && before.identity === '' && before.vendor !== true)
      return [...supervisor.remove(), forgetNote(params, before)]
    return [
      ...(redefines ? supervisor.restore() : []),
      ...(enables ? [supervisor.enable(before.enabled)] : []),
      ...(verb === undefined ? [] : [supervisor.control(opposite[verb])]),
      ...(notes ? [forgetNote(params, before)] : []),
    ]
  },
})

const opposite: Readonly<Record<Verb, Verb>> = { start: 'stop', stop: 'start', restart: 'restart' }

interface Changes {
  readonly redefines: boolean
  readonly enables: boolean
  readonly verb: Verb | undefined
  readonly notes: boolean
}

/** What the step changes compared with the facts; undo reverses only that. */
function changesOf(params: ServiceParams, facts: ServiceFacts): Changes {
  const text = definitionText(params, facts)
  const redefines = facts.redefines ?? (text !== undefined && text !== facts.definition)
  const readAnew = params.watches.length > 0 && facts.watched !== facts.noted
  const verb = verbFor(params, facts, redefines || readAnew)
  return {
    redefines,
    enables: params.enabled !== undefined && params.enabled !== facts.enabled,
    verb,
    notes: readAnew && verb !== 'stop' && (verb !== undefined || facts.running),
  }
}

function keepDefinition(params: ServiceParams, { serviceDir, backup }: ServiceFacts): Command {
  const { host, name } = params
  const script = keepScript(definitionPath(params, serviceDir), backup, true)
  return { do: 'shell', host, title: `keep the definition of ${name} as it was`, script }
}

function definitionText(params: ServiceParams, facts: ServiceFacts): string | undefined {
  if (params.definition === undefined) return undefined
  return facts.supervisor === 'runit' ? runScript(params.definition) : unit(params.name, params.definition)
}

function verbFor({ state }: ServiceParams, facts: ServiceFacts, changed: boolean): Verb | undefined {
  switch (state) {
    case 'running':
      return facts.running ? (changed ? 'restart' : undefined) : 'start'
    case 'stopped':
      return facts.running ? 'stop' : undefined
    case 'restarted':
      return facts.running ? 'restart' : 'start'
    case 'startable':
    case undefined:
      return facts.running && changed ? 'restart' : undefined
  }
}

/** The digest is noted after the start, not before: a run that ends in between restarts the service once more. */
function note({ host, name }: ServiceParams, { noteFile, watched }: ServiceFacts): Command {
  const script = `set -e\nmkdir -p ${quote(dirname(noteFile))}\nprintf '%s\\n' ${quote(watched)} >${quote(noteFile)}`
  return { do: 'shell', host, title: `note what ${name} was started with`, script }
}

function forgetNote({ host, name }: ServiceParams, { noteFile }: ServiceFacts): Command {
  return {
    do: 'shell',
    host,
    title: `forget what ${name} was started with`,
    script: `rm -f ${quote(noteFile)}`,
  }
}

async function gather(params: ServiceParams, host: HostPort, context: StepContext): Promise<ServiceFacts> {
  const { name, watches } = params
  const serviceDir = host.serviceDir ?? ''
  const state = serviceDir === '' ? systemdState(name) : runitState(`${serviceDir}/${name}`)
  const digest =
    watches.length === 0
      ? 'echo'
      : // One that the login user may not read is known by its number, its time and its size.
        `for file in ${quoteAll(watches)}; do cat "$file" 2>/dev/null || stat -L -c '%i %Y %s' "$file" 2>/dev/null; done | sha256sum | cut -d ' ' -f 1`
  const { stdout } = await host.run(
    `PATH="$PATH:/usr/sbin:/sbin"
id -u
printf '%s\\n' "$HOME"
${digest}
cat "$HOME/.qianyun/services/"${quote(name)} 2>/dev/null || echo
identity=$(${identityOf(quote(definitionPath(params, serviceDir)))})
printf '%s\\n' "$identity"
${state}`,
    { signal: context.signal },
  )
  const [uid, home = '', watched = '', noted = '', identity = '', running, enabled, defined, ...text] =
    stdout.split('\n')
  const run = [context.runId, context.stepId].map(encodeURIComponent).join('/')
  const facts: ServiceFacts = {
    supervisor: serviceDir === '' ? 'systemd' : 'runit',
    serviceDir,
    isRoot: uid === '0',
    running: running === 'running',
    enabled: enabled === 'enabled',
    ...(defined === 'defined' ? { definition: text.join('\n') } : {}),
    vendor: defined === 'vendor',
    known: defined === 'defined' || defined === 'vendor',
    backup: `${home}/.qianyun/before/${run}`,
    identity,
    watched,
    noted,
    noteFile: `${home}/.qianyun/services/${name}`,
  }
  return { ...facts, redefines: changesOf(params, facts).redefines }
}

function runitState(folder: string): string {
  const dir = quote(folder)
  return `if sv status ${dir} 2>/dev/null | grep -q '^run:'; then echo running; else echo down; fi
if [ -e ${dir}/run ] && [ ! -e ${dir}/down ]; then echo enabled; else echo disabled; fi
if [ -e ${dir}/run ]; then echo defined; cat ${dir}/run; else echo undefined; fi`
}

function systemdState(name: string): string {
  const unitName = quote(`${name}.service`)
  const path = quote(`/etc/systemd/system/${name}.service`)
  return `if systemctl is-active --quiet ${unitName}; then echo running; else echo down; fi
if systemctl is-enabled --quiet ${unitName} 2>/dev/null; then echo enabled; else echo disabled; fi
if [ -e ${path} ]; then echo defined; cat ${path}
elif systemctl cat ${unitName} >/dev/null 2>&1; then echo vendor; else echo undefined; fi`
}
