/** The benches are run by hand: this much is known of them without a run. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bench')
const files = readdirSync(folder).filter((name) => name.endsWith('.mjs'))
const benches = files.filter((name) =>
  /^export const bench\b/m.test(readFileSync(join(folder, name), 'utf8')),
)

it('given a bench, then everything that it imports is there', async () => {
  const urls = benches.map((name) => pathToFileURL(join(folder, name)).href)
  const program = `for (const url of ${JSON.stringify(urls)}) await import(url)`
  const run = promisify(execFile)
  await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: folder })
}, 60_000)

it('given a bench, then `npm run bench` knows it', () => {
  const runner = readFileSync(join(folder, 'run.mjs'), 'utf8')
  const unknown = benches.filter((name) => !runner.includes(`'${name.replace('.mjs', '')}'`))
  expect(unknown).toEqual([])
})
