import { quote, quoteAll } from '../../ssh/quote.ts'
import type { Definition } from './params.ts'

/** A runit run script. */
export function runScript({ command, directory, environment, logFile, umask }: Definition): string {
  return [
    '#!/bin/sh',
    ...(logFile === undefined ? ['exec 2>&1'] : [`exec >>${quote(logFile)} 2>&1`]),
    `umask ${umask}`,
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`),
    ...(directory === undefined ? [] : [`cd ${quote(directory)} || exit 1`]),
    `exec ${quoteAll(command)}`,
    '',
  ].join('\n')
}

/** A systemd unit. */
export function unit(
  name: string,
  { command, directory, environment, logFile, umask, user }: Definition,
): string {
  return [
    '[Unit]',
    `Description=${name}`,
    'After=network-online.target',
    'Wants=network-online.target',
    '',
    '[Service]',
    `ExecStart=${command.map((word) => unitText(word).replaceAll('$', '$$$$')).join(' ')}`,
    ...(directory === undefined ? [] : [`WorkingDirectory=${directory.replaceAll('%', '%%')}`]),
    ...Object.entries(environment).map(([key, value]) => `Environment=${unitText(`${key}=${value}`)}`),
    ...(user === undefined ? [] : [`User=${user}`]),
    ...(logFile === undefined
      ? []
      : [`StandardOutput=append:${logFile.replaceAll('%', '%%')}`, 'StandardError=inherit']),
    `UMask=${umask}`,
    'Restart=on-failure',
    'RestartSec=1',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n')
}

/**
 * systemd.syntax(7): quotes and backslashes are escaped, `%` is doubled. `$` is special only in ExecStart (systemd.exec(5),
 * Environment=).
 */
function unitText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`
}
