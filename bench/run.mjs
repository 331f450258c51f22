/**
 * Runs the benches: `npm run bench -- [names] [--quick] [--directory <dir>]`. Each has a process
 * of its own, so that none pays for the garbage of another. Nothing is asserted about time; a
 * wrong answer ends the run with 1. Flags of Node are handed on: `node --cpu-prof bench/run.mjs
 * assume-role` profiles the bench and the server.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { printMachine } from './machine.mjs'
import { say } from './statistics.mjs'

const BENCHES = [
  'authorize',
  'explain',
  'decide-http',
  'append',
  'create-user',
  'assume-role',
  'replay',
  'as-of',
  'who-can',
  'decision-timeline',
  'grants-memory',
  'eventstoredb',
  'cluster',
  'decision-point',
]

/** A million events are folded in memory; the young generation is as large as the server's. MiB. */
const HEAP_FLAGS = ['--max-old-space-size=12288', '--max-semi-space-size=64']

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    directory: { type: 'string', default: join(root, 'node_modules', '.cache', 'grantlog-bench') },
    inside: { type: 'string' },
  },
})

/** One bench, in this process. */
const runInside = async (name, base) => {
  const directory = mkdtempSync(join(base, `${name}-`))
  try {
    const { bench } = await import(`./${name}.mjs`)
    await bench({ directory, quick: values.quick })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const runApart = (name, base) => {
  const script = fileURLToPath(import.meta.url)
  const flags = [...HEAP_FLAGS, '--expose-gc', ...process.execArgv]
  const options = ['--inside', name, '--directory', base, ...(values.quick ? ['--quick'] : [])]
  const startedAt = performance.now()
  const { status } = spawnSync(process.execPath, [...flags, script, ...options], {
    stdio: 'inherit',
  })
  say(`(${name} took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s)\n`)
  return status === 0
}

const base = resolve(values.directory)
mkdirSync(base, { recursive: true })

if (values.inside !== undefined) await runInside(values.inside, base)
else {
  const unknown = positionals.filter((name) => !BENCHES.includes(name))
  if (unknown.length > 0) {
    process.stderr.write(
      `No bench is called ${unknown.join(', ')}. There are: ${BENCHES.join(', ')}.\n`,
    )
    process.exit(2)
  }
  const scratch = mkdtempSync(join(base, 'machine-'))
  printMachine(scratch)
  rmSync(scratch, { recursive: true, force: true })
  const chosen =
    positionals.length === 0 ? BENCHES : BENCHES.filter((name) => positionals.includes(name))
  const wrong = chosen.filter((name) => !runApart(name, base))
  if (wrong.length > 0) {
    say(`Something is wrong in: ${wrong.join(', ')}`)
    process.exitCode = 1
  }
}
