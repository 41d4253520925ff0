import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const labFolder = dirname(import.meta.dirname)
const modulesFolder = join(dirname(labFolder), 'node_modules')

/** The folder of an application of the lab with the package that it needs, and what that needs, as a tar archive. */
export async function packApplication(application: string, needs: string): Promise<Buffer> {
  const modules = await packagesOf(needs)
  const args = ['-c', '--mode=u+rwX,g+rX', '-C', join(labFolder, 'apps', application), '.']
  const packages = modules.flatMap((name) => ['-C', dirname(modulesFolder), join('node_modules', name)])
  return new Promise((resolve, reject) => {
    const tar = spawn('tar', [...args, ...packages], { stdio: ['ignore', 'pipe', 'inherit'] })
    const chunks: Buffer[] = []
    tar.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    tar.on('error', reject)
    tar.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks))
      else reject(new Error(`tar ended with ${code ?? 'a signal'} while packing "${application}"`))
    })
  })
}

const manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) })

async function packagesOf(name: string, known = new Set<string>()): Promise<string[]> {
  if (known.has(name)) return []
  known.add(name)
  const text = await readFile(join(modulesFolder, name, 'package.json'), 'utf8')
  for (const dependency of Object.keys(manifest.parse(JSON.parse(text)).dependencies)) {
    await packagesOf(dependency, known)
  }
  return [...known]
}
