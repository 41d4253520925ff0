import pg from 'pg'

/** Kills this process before it sends a statement with this text in it, from the moment `isArmed` says so. */
export function dieBefore(text: string, isArmed: () => boolean = () => true): void {
  const { prototype } = pg.Client as unknown as { prototype: { query: (...args: unknown[]) => unknown } }
  const { query } = prototype
  prototype.query = function (...args) {
    if (isArmed() && JSON.stringify(args[0]).includes(text)) process.kill(process.pid, 'SIGKILL')
    return query.apply(this, args)
  }
}
