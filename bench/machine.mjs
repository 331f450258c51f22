/**
 * The machine that the figures belong to: processor, memory, Node, and what a flush costs on the
 * disk in use.
 */
import { closeSync, fdatasyncSync, openSync, readFileSync, statfsSync, writeSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { latencyOf, samples, say } from './statistics.mjs'

/** The magic number of tmpfs, where a flush costs nothing and means nothing. */
const TMPFS = 0x01021994
const FLUSHES = 400
const BLOCK_BYTES = 400

/** p50 and p99, in milliseconds, of appending one small block and flushing it. */
export const flushLatency = (directory, flushes = FLUSHES) => {
  const file = openSync(join(directory, 'flush.bin'), 'w')
  const block = Buffer.alloc(BLOCK_BYTES, 'x')
  const taken = samples()
  for (let i = 0; i < flushes; i += 1) {
    const startedAt = performance.now()
    writeSync(file, block)
    fdatasyncSync(file)
    taken.add(performance.now() - startedAt)
  }
  closeSync(file)
  return latencyOf(taken)
}

/** The line of /proc/mounts that a folder lives on, as far as this system tells. */
const fileSystemOf = (directory) => {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .filter(
        ([, at]) => at !== undefined && `${directory}/`.startsWith(at === '/' ? at : `${at}/`),
      )
      .sort(([, one], [, other]) => other.length - one.length)
    const [device, , type] = mounts[0] ?? []
    return device === undefined ? 'unknown file system' : `${type} on ${device}`
  } catch {
    return 'unknown file system'
  }
}

export const printMachine = (directory) => {
  const [processor] = cpus()
  const { p50, p99 } = flushLatency(directory)
  const load = loadavg()[0].toFixed(2)
  say(`machine   ${processor?.model.trim() ?? 'unknown'}, ${cpus().length} cores, load ${load}`)
  say(`memory    ${(totalmem() / 2 ** 30).toFixed(1)} GiB`)
  say(`software  Node ${process.version}, ${process.platform} ${release()}`)
  say(`disk      ${fileSystemOf(directory)}, ${directory}`)
  say(
    `flush     append of ${BLOCK_BYTES} bytes and fdatasync: p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`,
  )
  if (statfsSync(directory).type === TMPFS)
    say(
      '          this folder is in memory: its flushes cost nothing, so durable figures mean nothing here',
    )
  say('')
}
