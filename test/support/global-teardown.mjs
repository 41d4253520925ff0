/** Ends the test servers and waits until they are gone. */
export default async function globalTeardown() {
  const servers = globalThis.qianyunTestServers
  if (servers.exitCode !== null) return
  await new Promise((resolve) => {
    servers.once('exit', resolve)
    servers.stdin.end()
  })
}
