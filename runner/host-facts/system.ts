import { endOfLife } from '../../domain/assessment/end-of-life.ts'
import type { DiskFacts, SystemFacts } from '../../domain/assessment/host-facts.ts'
import type { Sections, Topic } from './topic.ts'

const script = `
echo @@os; cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null
echo @@release; cat /etc/redhat-release /etc/kylin-release /etc/issue 2>/dev/null | head -n 1
echo @@kernel; uname -r
echo @@machine; uname -m
echo @@name; hostname 2>/dev/null || cat /proc/sys/kernel/hostname
echo @@libc; getconf GNU_LIBC_VERSION 2>/dev/null || ldd --version 2>&1 | head -n 2 | tr '\\n' ' '
echo; echo @@cpu; getconf _NPROCESSORS_ONLN 2>/dev/null || grep -c '^processor' /proc/cpuinfo
echo @@memory; grep MemTotal /proc/meminfo
echo @@virtual; systemd-detect-virt 2>/dev/null || cat /sys/class/dmi/id/product_name 2>/dev/null
echo @@zone; cat /etc/timezone 2>/dev/null || readlink /etc/localtime
echo @@disks; df -P -k -l 2>/dev/null || df -P -k 2>/dev/null
true`

const unknown: SystemFacts = {
  id: 'unknown',
  name: 'unknown',
  version: '',
  kernel: '',
  architecture: '',
  hostName: '',
}

/** Operating system, machine and disks. */
export const systemTopic: Topic<{ readonly system: SystemFacts; readonly disks: readonly DiskFacts[] }> = {
  name: 'system',
  script,
  empty: { system: unknown, disks: [] },
  gap: (sections) => (sections.lines('disks').length === 0 ? 'the disks could not be listed' : undefined),
  read: (sections) => ({ system: systemOf(sections), disks: sections.lines('disks').flatMap(diskOf) }),
}

function systemOf(sections: Sections): SystemFacts {
  const release = releaseOf(sections)
  const date = endOfLife(release.id, release.version)
  const cpuCount = Number(sections.first('cpu'))
  const memoryKib = Number(/\d+/.exec(sections.first('memory'))?.[0])
  const libc = sections.first('libc')
  const virtualisation = sections.first('virtual')
  const timeZone = sections.first('zone').replace(/^.*zoneinfo\//, '')
  return {
    ...release,
    ...(date !== undefined && { endOfLife: date }),
    kernel: sections.first('kernel'),
    architecture: sections.first('machine'),
    hostName: sections.first('name'),
    ...(libc !== '' && !libc.includes('not found') && { libc }),
    ...(virtualisation !== '' && virtualisation !== 'none' && { virtualisation }),
    ...(timeZone !== '' && { timeZone }),
    ...(cpuCount > 0 && { cpuCount }),
    ...(memoryKib > 0 && { memoryBytes: memoryKib * 1024 }),
  }
}

function releaseOf(sections: Sections): Pick<SystemFacts, 'id' | 'name' | 'version'> {
  const pairs = sections.lines('os').flatMap((line) => {
    const [, key, value] = /^([A-Z_]+)=["']?(.*?)["']?$/.exec(line) ?? []
    return key === undefined || value === undefined ? [] : [[key, value] as const]
  })
  const {
    ID: id = '',
    VERSION_ID: version = '',
    VERSION: full = '',
    PRETTY_NAME: pretty,
  } = Object.fromEntries(pairs)
  if (id !== '') {
    // openEuler tells its service pack, which has a date of its own, in VERSION alone: 24.03 (LTS-SP3).
    const servicePack = id.toLowerCase() === 'openeuler' ? /SP\d+/.exec(full)?.[0] : undefined
    return {
      id: id.toLowerCase(),
      name: pretty ?? id,
      version: servicePack === undefined ? version : `${version}-${servicePack}`,
    }
  }
  // Before os-release, as on CentOS 6: "CentOS release 6.10 (Final)".
  const said = sections.first('release')
  const [, distribution, number] = /^(\S+).*?(\d+(?:\.\d+)*)/.exec(said) ?? []
  if (distribution === undefined || number === undefined) return { ...unknown, name: said || 'unknown' }
  const isRedHat = /^red/i.test(distribution)
  return { id: isRedHat ? 'rhel' : distribution.toLowerCase(), name: said, version: number }
}

function diskOf(line: string): DiskFacts[] {
  const [, device, size, used, mount] = /^(\S.*?)\s+(\d+)\s+(\d+)\s+-?\d+\s+\S+%\s+(\/.*)$/.exec(line) ?? []
  if (device === undefined || mount === undefined) return []
  const inMemory = /^(tmpfs|devtmpfs|udev|none|shm|efivarfs|proc|sysfs|cgroup.*)$/.test(device)
  const ofSystem = /^\/(proc|sys|dev|run|snap)(\/|$)/.test(mount) || Number(size) < 1024
  // A container's own files (resolv.conf and the like) are mounted one by one.
  const singleFile = /^\/etc\/(hosts|hostname|resolv\.conf)$/.test(mount)
  if (inMemory || ofSystem || singleFile) return []
  return [{ device, mount, sizeBytes: Number(size) * 1024, usedBytes: Number(used) * 1024 }]
}
