import { dirname } from 'node:path/posix'
import { quote, quoteAll } from '../../ssh/quote.ts'
import type { Command, HostPort, StepContext, StepKind } from '../kind.ts'
import { type Verb, supervisorOf } from './commands.ts'
import { runScript, unit } from './definition.ts'
import { type ServiceFacts, ServiceParams } from './params.ts'

/** A service under runit or systemd: defined, enabled, running or not, restarted when what it reads has changed. */
export const service: StepKind<ServiceParams, ServiceFacts> = {
  name: 'service',
  title: { zh: '服务', en: 'A service' },
  params: ServiceParams,
  interrupted: () => 'plan-again',
  gather: async (params, context) => gather(params, context.host(params.host), context),
  plan(params, facts) {
    const supervisor = supervisorOf(params, facts)
    const wanted = definitionText(params, facts)
    const redefined = wanted !== undefined && wanted !== facts.definition
    const changed = redefined || facts.watched !== facts.noted
    const verb = verbFor(params, facts, changed)
    return [
      ...(redefined ? supervisor.define(wanted) : []),
      ...planEnabled(params, facts, supervisor.enable),
      ...(verb === undefined ? [] : [supervisor.control(verb)]),
      ...(noteNeeded(params, facts, verb) ? [note(params, facts)] : []),
    ]
  },
  undo(params, before) {
    const supervisor = supervisorOf(params, before)
    if (before.definition === undefined && params.definition !== undefined) {
      return [...supervisor.remove(), forgetNote(params, before)]
    }
    const redefined = params.definition !== undefined && before.definition !== definitionText(params, before)
    return [
      ...(redefined && before.definition !== undefined ? supervisor.define(before.definition) : []),
      ...(params.enabled === undefined ? [] : [supervisor.enable(before.enabled)]),
      ...(params.state === undefined && !redefined
        ? []
        : [supervisor.control(before.running ? 'restart' : 'stop')]),
    ]
  },
}

function definitionText(params: ServiceParams, facts: ServiceFacts): string | undefined {
  if (params.definition === undefined) return undefined
  return facts.supervisor === 'runit' ? runScript(params.definition) : unit(params.name, params.definition)
}

function planEnabled(
  { enabled }: ServiceParams,
  facts: ServiceFacts,
  enable: (enabled: boolean) => Command,
): readonly Command[] {
  return enabled === undefined || enabled === facts.enabled ? [] : [enable(enabled)]
}

function verbFor({ state }: ServiceParams, facts: ServiceFacts, changed: boolean): Verb | undefined {
  switch (state) {
    case 'running':
      return facts.running ? (changed ? 'restart' : undefined) : 'start'
    case 'stopped':
      return facts.running ? 'stop' : undefined
    case 'restarted':
      return facts.running ? 'restart' : 'start'
    case undefined:
      return facts.running && changed ? 'restart' : undefined
  }
}

function noteNeeded({ watches }: ServiceParams, facts: ServiceFacts, verb: Verb | undefined): boolean {
  if (watches.length === 0 || verb === 'stop') return false
  return (verb !== undefined || facts.running) && facts.noted !== facts.watched
}

/** What was taken over is noted after the start, not before: a run that ends in between restarts once more. */
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
    watches.length === 0 ? 'echo' : `cat ${quoteAll(watches)} 2>/dev/null | sha256sum | cut -d ' ' -f 1`
  const { stdout } = await host.run(
    `PATH="$PATH:/usr/sbin:/sbin"
id -u
printf '%s\\n' "$HOME"
${digest}
cat "$HOME/.qianyun/services/"${quote(name)} 2>/dev/null || echo
${state}`,
    { signal: context.signal },
  )
  const [uid, home = '', watched = '', noted = '', running, enabled, defined, ...text] = stdout.split('\n')
  return {
    supervisor: serviceDir === '' ? 'systemd' : 'runit',
    serviceDir,
    isRoot: uid === '0',
    running: running === 'running',
    enabled: enabled === 'enabled',
    ...(defined === 'defined' ? { definition: text.join('\n') } : {}),
    watched,
    noted,
    noteFile: `${home}/.qianyun/services/${name}`,
  }
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
if [ -e ${path} ]; then echo defined; cat ${path}; else echo undefined; fi`
}
