import { isPast } from './end-of-life.ts'
import type { HardCoded, HostFacts, RuntimeFacts } from './host-facts.ts'
import type { Finding } from './finding.ts'

/** What the facts of the old host say about its move. Pure. */
export function hostFindings(facts: HostFacts): Finding[] {
  return [
    ...systemFindings(facts),
    ...runtimeFindings(facts),
    ...hardCodedFindings(facts.hardCoded),
    ...diskFindings(facts),
    ...jobFindings(facts),
    ...peerFindings(facts),
    ...facts.unknown.map(({ topic, reason }): Finding => ({
      code: 'topic-unknown',
      severity: 'warning',
      subject: `${facts.host}: ${topic}`,
      message: {
        zh: `主机“${facts.host}”的“${topic}”未能查明：${reason}`.slice(0, 400),
        en: `"${topic}" of host "${facts.host}" could not be looked at: ${reason}`.slice(0, 400),
      },
      action: {
        zh: '排除原因后重新评估，或由人工核实。',
        en: 'Remove the reason and assess again, or let a person look.',
      },
    })),
  ]
}

/** Files whose change is a change of configuration, not of code. */
export function isConfiguration(file: string): boolean {
  return /(\.(conf|cfg|cnf|ini|properties|ya?ml|xml|json|env|toml|config)|\/\.env[^/]*)$/.test(file)
}

/** Runtimes the application declares whose support has ended. */
export function endedRuntimes(facts: HostFacts): readonly RuntimeFacts[] {
  return facts.runtimes.filter(
    ({ declared, endOfLife }) => declared && endOfLife !== undefined && isPast(endOfLife, facts.gatheredAtMs),
  )
}

function systemFindings({ host, system, gatheredAtMs }: HostFacts): Finding[] {
  if (system.id === 'unknown') {
    return [
      {
        code: 'os-unknown',
        severity: 'warning',
        subject: host,
        message: {
          zh: `主机“${host}”的操作系统无法识别。`,
          en: `The operating system of host "${host}" was not recognised.`,
        },
        action: { zh: '人工核实操作系统及其版本。', en: 'Let a person find out system and version.' },
      },
    ]
  }
  if (system.endOfLife === undefined || !isPast(system.endOfLife, gatheredAtMs)) return []
  return [
    {
      code: 'os-end-of-life',
      severity: 'warning',
      subject: host,
      message: {
        zh: `主机“${host}”运行 ${system.name}，其支持已于 ${system.endOfLife} 终止。`,
        en: `Host "${host}" runs ${system.name}, whose support ended on ${system.endOfLife}.`,
      },
      action: {
        zh: '目标主机采用受支持的版本，并在其上完成适应性改造。',
        en: 'Take a supported release on the target and adapt the system to it.',
      },
    },
  ]
}

/** One finding for each release line, however many files name it. */
function runtimeFindings(facts: HostFacts): Finding[] {
  const lines = new Map<string, RuntimeFacts[]>()
  for (const runtime of endedRuntimes(facts)) {
    const line = `${runtime.language} ${runtime.version.split('.').slice(0, majorParts(runtime)).join('.')}`
    lines.set(line, [...(lines.get(line) ?? []), runtime])
  }
  return [...lines].map(([line, runtimes]) => {
    const ended = runtimes[0]?.endOfLife ?? ''
    const sources = short(runtimes.map(({ source }) => source))
    return {
      code: 'runtime-end-of-life',
      severity: 'warning',
      subject: line,
      message: {
        zh: `应用声明使用 ${line}，其支持已于 ${ended} 终止（${sources}）。`,
        en: `The application declares ${line}, whose support ended on ${ended} (${sources}).`,
      },
      action: {
        zh: '升级到受支持的运行环境，并在测试环境验证。',
        en: 'Move to a supported runtime and prove it on staging.',
      },
    }
  })
}

function majorParts({ language, version }: RuntimeFacts): number {
  const minorCounts = language === 'php' || (language === 'python' && version.startsWith('3'))
  return minorCounts ? 2 : 1
}

/** One finding for each file and kind. */
function hardCodedFindings(hardCoded: readonly HardCoded[]): Finding[] {
  const files = new Map<string, HardCoded[]>()
  for (const one of hardCoded) {
    const key = `${one.kind} ${one.file}`
    files.set(key, [...(files.get(key) ?? []), one])
  }
  return [...files.values()].flatMap((found) => {
    const [first] = found
    if (first === undefined) return []
    const places = short(found.map(({ line, match }) => `${line}: ${match}`))
    const address = first.kind === 'ip-address'
    return [
      {
        code: address ? 'hard-coded-address' : 'hard-coded-path',
        severity: 'warning' as const,
        subject: first.file,
        message: {
          zh: `“${first.file}”中写死了${address ? ' IP 地址' : '绝对路径'}（行 ${places}）。`,
          en: `"${first.file}" has ${address ? 'IP addresses' : 'absolute paths'} written into it (line ${places}).`,
        },
        action: isConfiguration(first.file)
          ? {
              zh: address ? '改为域名或由部署剧本填写的参数。' : '改为由部署剧本填写的参数。',
              en: `Make ${address ? 'it a name, or' : 'it'} a parameter that the deployment fills in.`,
            }
          : {
              zh: '由承建厂商修改代码，改从配置读取。',
              en: 'Let the vendor change the code to read it from configuration.',
            },
      },
    ]
  })
}

function diskFindings({ host, disks }: HostFacts): Finding[] {
  return disks
    .filter(({ sizeBytes, usedBytes }) => sizeBytes > 0 && usedBytes / sizeBytes >= 0.9)
    .map(({ mount, sizeBytes, usedBytes }) => {
      const percent = Math.floor((usedBytes / sizeBytes) * 100)
      return {
        code: 'disk-nearly-full',
        severity: 'warning',
        subject: `${host}:${mount}`,
        message: {
          zh: `主机“${host}”的“${mount}”已使用 ${percent}%。`,
          en: `"${mount}" on host "${host}" is ${percent} % full.`,
        },
        action: {
          zh: '清理或扩容：复制期间旧库保留的日志需要空间。',
          en: 'Make room: the old database keeps its log for the new side while they replicate.',
        },
      }
    })
}

function jobFindings({ host, jobs }: HostFacts): Finding[] {
  return jobs
    .filter(({ source }) => source.startsWith('crontab of '))
    .map(({ source, schedule, command }) => ({
      code: 'scheduled-job',
      severity: 'information',
      subject: `${host}: ${command}`.slice(0, 200),
      message: {
        zh: `定时任务（${source}，${schedule}）：${command}`.slice(0, 400),
        en: `A scheduled job (${source}, ${schedule}): ${command}`.slice(0, 400),
      },
      action: {
        zh: '随系统一并部署，割接时只在服务的一侧运行。',
        en: 'Deploy it with the system, and let it run only on the side that serves.',
      },
    }))
}

function peerFindings({ host, peers }: HostFacts): Finding[] {
  return peers
    .filter(({ direction }) => direction === 'out')
    .map(({ address, port, process, connections }) => ({
      code: 'outgoing-connection',
      severity: 'information',
      subject: `${address}:${port}`,
      message: {
        zh: `主机“${host}”${process === undefined ? '' : `的 ${process} `}连接到 ${address}:${port}（${connections} 个连接）。`,
        en: `${process === undefined ? 'Something' : `"${process}"`} on host "${host}" is connected to ${address}:${port} (${connections} connections).`,
      },
      action: {
        zh: '确认目标主机也能到达该地址，并登记依赖关系。',
        en: 'Make sure the target reaches it too, and record the dependency.',
      },
    }))
}

function short(items: readonly string[]): string {
  const shown = items.slice(0, 4).map((item) => (item.length > 60 ? `…${item.slice(-58)}` : item))
  return `${shown.join(', ')}${items.length > 4 ? ', …' : ''}`
}
