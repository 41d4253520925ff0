import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { messageOf } from '../../domain/errors.ts'
import { openLab } from '../lab.ts'
import { type Command, commandSchema, type ParsedWritersOptions, writersOptionsSchema } from './messages.ts'
import { LettersWriter } from './letters-writer.ts'
import { PermitDeskWriter } from './permit-desk-writer.ts'
import { PostgresWriter } from './postgres-writer.ts'
import { RegisterWriter } from './register-writer.ts'

// A process of its own, so that what it measures is not slowed by whoever asks for it. One JSON line in, one out.
async function main(): Promise<void> {
  const options = writersOptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'))
  const writer = await open(options)
  writer.start(options.clients, options.pauseMs)
  console.log(JSON.stringify({ id: 0, ok: true, result: 'writing' }))
  // Whoever started us is gone when our input ends.
  const lines = createInterface({ input: process.stdin })
  lines.once('close', () => void writer.stop())
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => lines.close())
  lines.on('line', (line) => {
    void answer(writer, line).then((stopped) => {
      if (stopped) lines.close()
    })
  })
}

type AnyWriter = LettersWriter | PermitDeskWriter | PostgresWriter | RegisterWriter

async function open(options: ParsedWritersOptions): Promise<AnyWriter> {
  const lab = await openLab(options.home)
  const journal = join(options.home, 'lab', 'writers', `${options.kind}-${Date.now()}.tsv`)
  switch (options.kind) {
    case 'permit-desk':
      return PermitDeskWriter.open(lab, journal, options)
    case 'postgres':
      return PostgresWriter.open(lab, journal, options.clients)
    case 'letters':
      return LettersWriter.open(lab, journal, options)
    case 'register':
      return RegisterWriter.open(lab, journal, options.clients)
  }
}

/** True when the command was to stop. */
async function answer(writer: AnyWriter, line: string): Promise<boolean> {
  const parsed = commandSchema.safeParse(JSON.parse(line))
  if (!parsed.success) {
    console.error(`Not a command for writers: ${line}`)
    return false
  }
  const { id } = parsed.data
  try {
    console.log(JSON.stringify({ id, ok: true, result: (await obey(writer, parsed.data)) ?? null }))
  } catch (error) {
    console.log(JSON.stringify({ id, ok: false, error: messageOf(error) }))
  }
  return parsed.data.do === 'stop'
}

async function obey(writer: AnyWriter, command: Command): Promise<unknown> {
  switch (command.do) {
    case 'mark':
      writer.mark(command.name, command.atMs)
      return undefined
    case 'tally':
      return writer.tally(command)
    case 'verify':
      return writer.verify(command)
    case 'pause':
      await writer.pause()
      return undefined
    case 'resume':
      writer.resume()
      return undefined
    case 'stop':
      await writer.stop()
      return undefined
  }
}

await main()
