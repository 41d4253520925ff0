/**
 * Last day of public security support by product and release line. Source: endoflife.date (read November 2026), which
 * names each maker's own policy; for Debian the end of LTS, for Ubuntu of standard support, for Red Hat and its rebuilds
 * of maintenance, for Java of Eclipse Temurin. A release line that is not here is unknown, not supported.
 */
const endOfLifeDates: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    '8': '2020-06-30',
    '9': '2022-06-30',
    '10': '2024-06-30',
    '11': '2026-08-31',
    '12': '2028-06-30',
    '13': '2030-06-30',
  },
  ubuntu: {
    '14.04': '2019-04-30',
    '16.04': '2021-04-30',
    '18.04': '2023-05-31',
    '20.04': '2025-05-31',
    '22.04': '2027-04-30',
    '24.04': '2029-05-31',
  },
  centos: { '5': '2017-03-31', '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31' },
  rhel: {
    '5': '2017-03-31',
    '6': '2020-11-30',
    '7': '2024-06-30',
    '8': '2029-05-31',
    '9': '2032-05-31',
    '10': '2035-05-31',
  },
  rocky: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  almalinux: { '8': '2029-03-01', '9': '2032-05-31', '10': '2035-05-31' },
  openeuler: {
    '20.03': '2025-11-30',
    '22.03': '2026-06-30',
    '24.03': '2026-05-31',
    '24.03-sp1': '2026-12-31',
    '24.03-sp2': '2026-03-31',
    '24.03-sp3': '2027-12-31',
    '24.03-sp4': '2027-03-31',
  },
  alpine: {
    '3.15': '2023-11-01',
    '3.16': '2024-05-23',
    '3.17': '2024-11-22',
    '3.18': '2025-05-09',
    '3.19': '2025-11-01',
    '3.20': '2026-04-01',
    '3.21': '2026-11-01',
    '3.22': '2027-05-01',
    '3.23': '2027-11-01',
  },
  node: {
    '4': '2018-04-30',
    '6': '2019-04-30',
    '8': '2019-12-31',
    '10': '2021-04-30',
    '12': '2022-04-30',
    '14': '2023-04-30',
    '16': '2023-09-11',
    '18': '2025-04-30',
    '20': '2026-04-30',
    '22': '2027-04-30',
    '24': '2028-04-30',
  },
  java: {
    '6': '2018-12-31',
    '7': '2022-07-31',
    '8': '2026-11-30',
    '11': '2027-10-31',
    '17': '2027-10-31',
    '21': '2029-12-31',
  },
  php: {
    '5': '2018-12-31',
    '7.0': '2019-01-10',
    '7.1': '2019-12-01',
    '7.2': '2020-11-30',
    '7.3': '2021-12-06',
    '7.4': '2022-11-28',
    '8.0': '2023-11-26',
    '8.1': '2025-12-31',
    '8.2': '2026-12-31',
    '8.3': '2027-12-31',
    '8.4': '2028-12-31',
  },
  python: {
    '2': '2020-01-01',
    '3.4': '2019-03-18',
    '3.5': '2020-09-30',
    '3.6': '2021-12-23',
    '3.7': '2023-06-27',
    '3.8': '2024-10-07',
    '3.9': '2025-10-31',
    '3.10': '2026-10-31',
    '3.11': '2027-10-31',
    '3.12': '2028-10-31',
    '3.13': '2029-10-31',
  },
  postgresql: {
    '9.5': '2021-02-11',
    '9.6': '2021-11-11',
    '10': '2022-11-10',
    '11': '2023-11-09',
    '12': '2024-11-21',
    '13': '2025-11-13',
    '14': '2026-11-12',
    '15': '2027-11-11',
    '16': '2028-11-09',
    '17': '2029-11-08',
    '18': '2030-11-14',
  },
}

const otherNames: Readonly<Record<string, string>> = {
  nodejs: 'node',
  openjdk: 'java',
  jdk: 'java',
  jre: 'java',
  postgres: 'postgresql',
  redhat: 'rhel',
  ol: 'rhel',
}

/** The day (YYYY-MM-DD) public support of a release line ends; undefined when the table does not know it. */
export function endOfLife(product: string, version: string): string | undefined {
  const said = product.toLowerCase()
  const name = otherNames[said] ?? said
  const lines = endOfLifeDates[name] ?? {}
  let line = version.toLowerCase().replace(/^v/, '')
  // Java 5 to 8 call themselves 1.5 to 1.8.
  if (name === 'java') line = line.replace(/^1\.(?=[5-8])/, '')
  while (line !== '') {
    const date = lines[line]
    if (date !== undefined) return date
    line = line.replace(/[-._u+]?[^-._u+]*$/, '')
  }
  return undefined
}

/** Whether a day (YYYY-MM-DD) lies before the day of a time, in UTC. */
export function isPast(day: string, atMs: number): boolean {
  return day < new Date(atMs).toISOString().slice(0, 10)
}
