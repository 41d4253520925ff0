import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabPartNotReadyError } from '../errors.ts'
import type { Host } from './host.ts'

/** Waits until a host's service accepts connections. Throws LabPartNotReadyError with the end of its log. */
export async function waitForPort(
  host: Host,
  service: string,
  port: number,
  withinMs: number,
): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await accepts(host.address, port))) {
    if (Date.now() > deadline) throw await notReady(host, service, withinMs)
    await sleep(30)
  }
}

/** Waits until a URL answers 200; false when it does not within the time. */
export async function waitForHttp(url: string, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok === true) return true
    if (Date.now() > deadline) return false
    await sleep(50)
  }
}

async function notReady(host: Host, service: string, waitedMs: number): Promise<LabPartNotReadyError> {
  const log = join(host.logDir, `${service}.log`)
  const tail = (await readFile(log, 'utf8').catch(() => '')).slice(-1000)
  return new LabPartNotReadyError(`${service} on ${host.name}`, waitedMs, log, tail)
}

function accepts(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port })
    socket.setTimeout(1_000, () => socket.destroy())
    socket.once('connect', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
