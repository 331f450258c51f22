/**
 * Kills the server at random moments under concurrent writes, again and again on the same data,
 * and checks after each restart that nothing acknowledged is lost, nothing is half-applied, the
 * views equal a rebuild from zero, and every session that is over was closed exactly once.
 *
 * node test/faults/kill-loop.mjs [rounds] [seed]
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkData } from './check-data.mjs'
import { startWriters } from './writers.mjs'

const serverPath = fileURLToPath(new URL('./killed-server.mjs', import.meta.url))

/** The shortest and the longest life of a server. Unit: milliseconds. */
const LIFE_MS = { min: 40, max: 900 }

/** Small and seeded, so that a failing run can be told again. */
const random = (seed) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Starts the server as a process of its own; resolves with its address once it serves. */
const startServer = (directory, clockOffset) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [serverPath, directory, String(clockOffset)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let faults = ''
    child.stderr.on('data', (chunk) => {
      faults += chunk
    })
    child.stdout.on('data', (chunk) => {
      output += chunk
      const line = output.split('\n').find((text) => text.startsWith('serving '))
      if (line !== undefined) resolve({ child, endpoint: line.slice('serving '.length) })
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${faults}`)))
  })

const killed = (child) =>
  new Promise((resolve) => {
    child.once('exit', resolve)
    child.kill('SIGKILL')
  })

/** Runs the loop and returns what it saw; throws at the first broken promise. */
export const killLoop = async ({ rounds, seed, report = () => {} }) => {
  const directory = mkdtempSync(join(tmpdir(), 'grantlog-kill-'))
  const next = random(seed)
  const acknowledged = {
    users: new Set(),
    deleted: new Set(),
    sessions: new Set(),
    uncertain: new Set(),
  }
  let clockOffset = 0
  try {
    for (let round = 1; round <= rounds; round++) {
      // Each life begins some minutes later, so that sessions of earlier lives have ended
      // meanwhile.
      clockOffset += 240_000
      const { child, endpoint } = await startServer(directory, clockOffset)
      const credentials = JSON.parse(readFileSync(join(directory, 'root.json'), 'utf8'))
      const writers = startWriters({ endpoint, credentials, round, clockOffset, acknowledged })
      const life = LIFE_MS.min + next() * (LIFE_MS.max - LIFE_MS.min)
      await new Promise((resolve) => setTimeout(resolve, life))
      await killed(child)
      await writers.ended
      if (round % 10 === 0 || round === rounds) {
        const seen = await checkData({ directory, clockOffset, acknowledged })
        report({ round, ...seen })
      }
    }
    // Long after the last session is over, one more life closes whatever is open.
    clockOffset += 86_400_000
    const seen = await checkData({ directory, clockOffset, acknowledged, everythingEnds: true })
    report({ round: 'end', ...seen })
    return { rounds, acknowledgedUsers: acknowledged.users.size, ...seen }
  } finally {
    if (existsSync(directory)) rmSync(directory, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rounds = Number(process.argv[2] ?? 200)
  const seed = Number(process.argv[3] ?? 1)
  const startedAt = Date.now()
  const seen = await killLoop({
    rounds,
    seed,
    report: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
  })
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0)
  process.stdout.write(
    `${seen.rounds} kills in ${seconds} s: ${seen.acknowledgedUsers} acknowledged users, ${seen.events} events, ` +
      `${seen.sessions} sessions; nothing lost, nothing half-applied, digests equal, each session closed once\n`,
  )
}
